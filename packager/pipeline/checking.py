"""All checks of all files: each tool that is there, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packager.checks import ace, epubcheck
from packager.checks.book import open_book
from packager.checks.claims import check_claims
from packager.checks.overlays import TOOL, check_overlays
from packager.checks.recording import check_recording
from packager.errors import SourceError, ToolError, UsageError
from packager.model import Finding


def check_files(files: Sequence[Path]) -> dict[Path, list[Finding]]:
    """Findings by file. A tool that is not installed or does not run is a finding too: nobody is to think it was content."""
    unknown = [file for file in files if file.suffix.lower() not in (".epub", ".mp3")]
    if unknown:
        raise UsageError(f"“{unknown[0]}” is neither an EPUB nor an MP3.", "Name files that end in .epub or .mp3.")
    books = [file for file in files if file.suffix.lower() == ".epub"]
    findings: dict[Path, list[Finding]] = {file: [] for file in files}
    for file in files:
        try:
            findings[file] += _own_findings(file)
        except SourceError as error:
            if len(files) == 1:
                raise
            findings[file].append(Finding(TOOL, "PKG-001", "error", str(error)))
    for file, found in _epubcheck(books).items():
        findings[file] += found
    for book in books:
        findings[book] += _ace(book)
    return findings


def _own_findings(file: Path) -> list[Finding]:
    if file.suffix.lower() == ".mp3":
        return list(check_recording(file))
    book = open_book(file)
    with book.archive:
        return [*check_overlays(book), *check_claims(book)]


def _epubcheck(books: list[Path]) -> dict[Path, list[Finding]]:
    if not books:
        return {}
    if remedy := epubcheck.missing():
        return {book: [_not_run("epubcheck", f"EPUBCheck is not installed. {remedy}", "info")] for book in books}
    try:
        return epubcheck.check_books(books)
    except ToolError as error:
        return {book: [_not_run("epubcheck", str(error), "error")] for book in books}


def _ace(book: Path) -> list[Finding]:
    if remedy := ace.missing():
        return [_not_run("ace", f"Ace is not installed. {remedy}", "info")]
    try:
        return ace.check_book(book)
    except ToolError as error:
        return [_not_run("ace", str(error), "error")]


def _not_run(tool: str, message: str, severity: str) -> Finding:
    return Finding(tool, "NOT-RUN", "error" if severity == "error" else "info", message)
