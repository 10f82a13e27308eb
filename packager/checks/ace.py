"""Ace by DAISY, the accessibility checker: needs node and a Chromium, and is used where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from packager.errors import ToolError
from packager.model import Finding, Severity

INSTALL = "npm install -g @daisy/ace-cli, and a Chromium or Chrome"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SEVERITIES: dict[str, Severity] = {
    "critical": "error",
    "serious": "error",
    "moderate": "warning",
    "minor": "warning",
}
_TIME_LIMIT = 300


def command() -> str | None:
    """Ace's program: the one named by `PACKAGER_ACE`, else that on the path."""
    named = os.environ.get("PACKAGER_ACE")
    return named if named and Path(named).is_file() else shutil.which("ace-cli") or shutil.which("ace-puppeteer")


def browser() -> str | None:
    """The browser that Ace looks through."""
    if named := os.environ.get("PUPPETEER_EXECUTABLE_PATH"):
        return named
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def missing() -> str | None:
    """None when Ace can run; else how to get it."""
    return None if command() and browser() else f"Install it: {INSTALL}."


def check_book(book: Path) -> list[Finding]:
    """Ace's violations of one book. Raises `ToolError` when it gives no report."""
    program, looks_through = command(), browser()
    if program is None or looks_through is None:
        raise ToolError("Ace is not installed.", f"Install it: {INSTALL}.")
    environment = os.environ | {"PUPPETEER_EXECUTABLE_PATH": looks_through, "ACE_TIMEOUT_INITIAL": "60000"}
    with TemporaryDirectory(prefix="packager-") as folder:
        arguments = [program, "-f", "-s", "-M", "-o", folder, str(book)]
        try:
            done = subprocess.run(arguments, env=environment, capture_output=True, timeout=_TIME_LIMIT, check=False)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise ToolError(f"Ace did not run on “{book}” ({type(error).__name__}).", f"Try {INSTALL} again.") from None
        report = Path(folder) / "report.json"
        if not report.is_file():
            told = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
            raise ToolError(
                f"Ace gave no report of “{book}”: {told[-1] if told else 'no reason given'}.",
                "Run it by hand.",
            )
        return _findings(json.loads(report.read_text("utf-8")))


def _findings(report: dict[str, object]) -> list[Finding]:
    findings = []
    for document in _list(report, "assertions"):
        place = str(_dict(document, "earl:testSubject").get("url", ""))
        for assertion in _list(document, "assertions"):
            result = _dict(assertion, "earl:result")
            if result.get("earl:outcome") != "fail":
                continue
            test = _dict(assertion, "earl:test")
            severity = _SEVERITIES.get(str(test.get("earl:impact")), "warning")
            message = " ".join(str(result.get("dct:description", test.get("dct:description", ""))).split())
            findings.append(Finding("ace", str(test.get("dct:title")), severity, message, place))
    return findings


def _list(parent: dict[str, object], key: str) -> list[dict[str, object]]:
    value = parent.get(key)
    return value if isinstance(value, list) else []


def _dict(parent: dict[str, object], key: str) -> dict[str, object]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}
