"""The folder that builds are written to, seen as a shelf of books: what is there, without building anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from packager.errors import SourceError
from packager.model import FILE_OF_PRODUCT, Metadata

_SENTENCES = '\n "sentences": '
_METADATA = {one.name for one in fields(Metadata)}


@dataclass(frozen=True)
class Book:
    """One built article: its metadata and the files that are there, by product ("epub", "kepub", "narrated", "mp3", …).

    `duration` is that of the MP3 in seconds, None where nothing was spoken; `voices` and `disclosure` say who speaks.
    `accessibility` holds the book's claims by their names in `model.Claims`, where the report has them. `made` is when the
    report was written, in seconds since 1970.
    """

    slug: str
    folder: Path
    metadata: Metadata
    files: Mapping[str, Path]
    made: float
    duration: float | None = None
    voices: tuple[str, ...] = ()
    disclosure: str = ""
    accessibility: Mapping[str, Any] = field(default_factory=dict)

    @property
    def report(self) -> Path:
        """The JSON file that describes it."""
        return self.folder / FILE_OF_PRODUCT["json"].format(slug=self.slug)


@dataclass(frozen=True)
class Shelf:
    """The books, the newest first, and of what could not be read which and why."""

    books: tuple[Book, ...]
    problems: tuple[str, ...] = ()

    def book(self, slug: str) -> Book | None:
        """The book of that slug."""
        return next((book for book in self.books if book.slug == slug), None)


def read_shelf(folder: Path) -> Shelf:
    """All books in a folder of results. One whose report is missing or broken is a problem, and the others are given.

    Raises `SourceError` when there is no such folder.
    """
    if not folder.is_dir():
        raise SourceError(f"There is no folder “{folder}”.", "Build something first: packager build")
    books: list[Book] = []
    problems: list[str] = []
    for child in folder.iterdir():
        report = child / FILE_OF_PRODUCT["json"].format(slug=child.name)
        if not report.is_file():
            continue
        try:
            books.append(_book(child, report))
        except (OSError, ValueError, KeyError, TypeError) as error:
            problems.append(f"“{report}” is no report of Packager ({type(error).__name__}); build that article again.")
    return Shelf(tuple(sorted(books, key=lambda book: (-book.made, book.slug))), tuple(sorted(problems)))


def chosen_books(shelf: Shelf, slugs: Sequence[str]) -> tuple[Book, ...]:
    """The books of these slugs, in this order; all when none is named. Raises `SourceError` for one that is not there."""
    if not slugs:
        return shelf.books
    chosen = []
    for slug in dict.fromkeys(slugs):
        book = shelf.book(slug)
        if book is None:
            there = ", ".join(sorted(book.slug for book in shelf.books)[:8]) or "none"
            raise SourceError(f"There is no built book “{slug}”.", f"There are: {there}.")
        chosen.append(book)
    return tuple(chosen)


def sentences_of(book: Book) -> list[dict[str, Any]]:
    """The sentences as the report has them: id, page, kind, text, lang, begin and end in its page's sound, mp3 (seconds)."""
    try:
        sentences: list[dict[str, Any]] = json.loads(book.report.read_text("utf-8")).get("sentences", [])
    except (OSError, ValueError) as error:
        raise SourceError(f"“{book.report}” cannot be read ({error}).", "Build that article again.") from None
    return sentences


def _book(folder: Path, report: Path) -> Book:
    head = _head_of(report.read_text("utf-8"))
    narration = head.get("narration") or {}
    known = {name: value for name, value in head["metadata"].items() if name in _METADATA}
    for name in ("authors", "subjects"):
        known[name] = tuple(known.get(name) or ())
    paths = {product: folder / name.format(slug=folder.name) for product, name in FILE_OF_PRODUCT.items()}
    return Book(
        slug=folder.name,
        folder=folder,
        metadata=Metadata(**known),
        files={product: path for product, path in paths.items() if path.is_file()},
        made=report.stat().st_mtime,
        duration=narration.get("duration"),
        voices=tuple(narration.get("voices", ())),
        disclosure=narration.get("disclosure", ""),
        accessibility=head.get("accessibility") or narration.get("accessibility") or {},
    )


def _head_of(report: str) -> dict[str, Any]:
    """The report without its sentences, which come last, are nearly all of it, and take long to parse."""
    head, found, _ = report.partition(_SENTENCES)
    value: dict[str, Any] = json.loads(head.rstrip().rstrip(",") + "\n}" if found else report)
    return value
