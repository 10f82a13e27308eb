"""All checks of all files: each tool that is there, once; and a recogniser that listens, where it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from packager.checks import ace, epubcheck
from packager.checks.book import open_book
from packager.checks.claims import check_claims
from packager.checks.listening.listen import listen
from packager.checks.listening.passages import Recording, recording_of_mp3, recordings_of_book
from packager.checks.listening.recogniser import Recogniser, find_model
from packager.checks.overlays import TOOL, check_overlays
from packager.checks.pace import check_pace
from packager.checks.recording import check_recording
from packager.errors import SourceError, ToolError, UsageError
from packager.model import Finding
from packager.speech.forms import spoken_form

Progress = Callable[[float], None]
"""Called with the share (0 to 1) of the work that is done."""


def check_files(files: Sequence[Path], progress: Progress) -> dict[Path, list[Finding]]:
    """Findings by file. A tool that is not installed or does not run is a finding too: nobody is to think it was content."""
    unknown = [file for file in files if file.suffix.lower() not in (".epub", ".mp3")]
    if unknown:
        raise UsageError(f"“{unknown[0]}” is neither an EPUB nor an MP3.", "Name files that end in .epub or .mp3.")
    books = [file for file in files if file.suffix.lower() == ".epub"]
    findings: dict[Path, list[Finding]] = {file: [] for file in files}
    steps = len(files) + 2 * len(books)
    for done, file in enumerate(files, start=1):
        try:
            findings[file] += _own_findings(file)
        except SourceError as error:
            if len(files) == 1:
                raise
            findings[file].append(Finding(TOOL, "PKG-001", "error", str(error)))
        progress(done / steps)
    for file, found in _epubcheck(books).items():
        findings[file] += found
    for done, book in enumerate(books, start=len(files) + len(books)):
        progress(done / steps)
        findings[book] += _ace(book)
    return findings


def make_sure_of_recogniser(name: str | None) -> None:
    """Raises `ToolError` when none is installed, `UsageError` when none has this name: before other checks take their time."""
    find_model(name)


def listen_to_files(files: Sequence[Path], model: str | None, progress: Progress) -> dict[Path, list[Finding]]:
    """What a recogniser finds in the narrations, by file; `progress` is told the share of all sound that is done."""
    workers = os.cpu_count() or 1
    recogniser = Recogniser(find_model(model), workers)
    recordings = [(file, recording) for file in files for recording in _recordings(file)]
    whole, done = sum(recording.seconds for _, recording in recordings) or 1.0, 0.0
    findings: dict[Path, list[Finding]] = {file: [] for file in files}
    executor = ThreadPoolExecutor(workers)
    try:
        for file, recording in recordings:
            tell = partial(_part_done, progress, done / whole, recording.seconds / whole)
            findings[file] += listen(recording, recogniser, executor, tell)
            done += recording.seconds
    finally:
        executor.shutdown(wait=sys.exc_info()[0] is None, cancel_futures=True)
    return findings


def _part_done(progress: Progress, before: float, weight: float, share: float) -> None:
    progress(before + weight * share)


def _recordings(file: Path) -> list[Recording]:
    """The sounds of a file; none of one that cannot be opened, which the other checks report."""
    try:
        if file.suffix.lower() == ".mp3":
            return [recording_of_mp3(file)]
        book = open_book(file)
        with book.archive:
            return recordings_of_book(book, spoken_form)
    except (OSError, SourceError):
        return []


def _own_findings(file: Path) -> list[Finding]:
    if file.suffix.lower() == ".mp3":
        return [*check_recording(file), *check_pace(recording_of_mp3(file))]
    book = open_book(file)
    with book.archive:
        found = [*check_overlays(book), *check_claims(book)]
        for recording in recordings_of_book(book, spoken_form):
            found += check_pace(recording)
    return found


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
