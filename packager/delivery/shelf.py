"""The folder that builds are written to, seen as a shelf of books: what is there, without building anything."""

from __future__ import annotations

import os
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path, PurePath
from stat import S_ISDIR
from typing import Any, NamedTuple

from packager.delivery import reports
from packager.delivery.reports import ReportError
from packager.errors import SourceError
from packager.model import FILE_OF_PRODUCT, Metadata

_SENTENCES = b'\n "sentences": '
_BLOCK = 8192
_LARGEST = 2**26
"""Bytes of a report: that of a thick novel has a few millions."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which a folder's time tells of every change: within one tick of the clock there may be two."""
_LISTS = ("authors", "subjects")
_TEXTS = tuple(one.name for one in fields(Metadata) if one.name not in _LISTS)
_LATEST = 253_402_300_799.0
"""The last second of the year 9999: a folder's time can lie behind it, and no calendar's."""


@dataclass(frozen=True)
class _Files(Mapping[str, Path]):
    """Paths by product, made when they are asked for: of ten thousand books few are, and paths take long to make."""

    folder: Path
    names: Mapping[str, str]

    def __getitem__(self, product: str) -> Path:
        return self.folder / self.names[product]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Book:
    """One built article: its metadata and the files that are there, by product ("epub", "kepub", "narrated", "mp3", …).

    `duration` is that of the MP3 in seconds, None where nothing was spoken; `voices` and `disclosure` say who speaks.
    `accessibility` holds the claims of the fullest edition by their names in `model.Claims`, where the report has them.
    `made` is when the report was written, in seconds since 1970.
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
        return self._by_slug.get(slug)

    @cached_property
    def _by_slug(self) -> dict[str, Book]:
        return {book.slug: book for book in self.books}


class _Seen(NamedTuple):
    """What was found in a folder (a book, a problem, or neither), and the folder's time of change, None while it is fresh."""

    found: Book | str | None
    changed: int | None


class WatchedShelf:
    """A folder of results that is looked at again and again: only what has changed is read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, _Seen] = {}
        self._shelf = Shelf(())

    def look(self) -> Shelf:
        """The books that are there now; the same object as before when nothing has changed.

        Raises `SourceError` when there is no such folder.
        """
        try:
            with os.scandir(self.folder) as entries:
                seen = {entry.name: one for entry in entries if (one := self._look_into(entry))}
        except PermissionError:
            raise SourceError(
                f"The folder “{self.folder}” may not be read by you.", "Change its permissions, or name another."
            ) from None
        except OSError:
            raise SourceError(f"There is no folder “{self.folder}”.", "Build something first: packager build") from None
        if seen == self._seen:
            return self._shelf
        self._seen = seen
        found = [one.found for one in seen.values()]
        books = sorted((one for one in found if isinstance(one, Book)), key=lambda book: (-book.made, book.slug))
        shelf = Shelf(tuple(books), tuple(sorted(one for one in found if isinstance(one, str))))
        if shelf != self._shelf:
            self._shelf = shelf
        return self._shelf

    def _look_into(self, entry: os.DirEntry[str]) -> _Seen | None:
        try:
            status = entry.stat()
        except OSError:
            return None
        if not S_ISDIR(status.st_mode):
            return None
        before = self._seen.get(entry.name)
        if before and before.changed == status.st_mtime_ns:
            return before
        is_settled = time.time_ns() - status.st_mtime_ns > _SETTLED
        return _Seen(_found_in(self.folder / entry.name), status.st_mtime_ns if is_settled else None)


def read_shelf(folder: Path) -> Shelf:
    """All books in a folder of results. One whose report is missing or broken is a problem, and the others are given.

    Raises `SourceError` when there is no such folder.
    """
    return WatchedShelf(folder).look()


def chosen_books(shelf: Shelf, slugs: Sequence[str]) -> tuple[Book, ...]:
    """The books of these slugs, in this order; all when none is named. Raises `SourceError` for one that is not there.

    A path is understood by its end: at a terminal the name of a folder is completed to “build/ferry/”.
    """
    if not shelf.books:
        raise SourceError("No book is built there.", "Build something first: packager build")
    chosen: dict[str, Book] = {}
    for slug in slugs:
        book = shelf.book(slug) or shelf.book(PurePath(slug).name)
        if book is None:
            there = ", ".join(sorted(book.slug for book in shelf.books)[:8])
            raise SourceError(f"There is no built book “{slug}”.", f"There are: {there}.")
        chosen[book.slug] = book
    return tuple(chosen.values()) or shelf.books


def sentences_of(book: Book) -> list[dict[str, Any]]:
    """The sentences as the report has them: id, page, kind, text, lang, begin and end in its page's sound, mp3 (seconds)."""
    try:
        _refuse_huge(book.report.stat().st_size)
        found = reports.parsed(book.report.read_bytes()).get("sentences") or []
        if not isinstance(found, list):
            raise ReportError("no list of sentences")
        sentences = [reports.mapping(one) for one in found]
        for sentence in sentences:
            for name in ("mp3", "begin", "end"):
                reports.seconds(sentence.get(name))
    except (OSError, ReportError) as error:
        raise SourceError(f"“{book.report}” cannot be read ({error}).", "Build that article again.") from None
    return sentences


def _found_in(folder: Path) -> Book | str | None:
    """The book in a folder, or what is wrong with its report; None where there is no report."""
    name = FILE_OF_PRODUCT["json"].format(slug=folder.name)
    try:
        # A link would give out a file of somewhere else, and who opens a pipe waits for ever.
        with os.scandir(folder) as entries:
            there = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
        return _book(folder, folder / name, there) if name in there else None
    except FileNotFoundError:
        return None
    except (OSError, ReportError) as error:
        shown = reports.plain(str(folder / name))
        return f"“{shown}” is no report of Packager ({error.args[-1]}); build that article again."


def _book(folder: Path, report: Path, there: Container[str]) -> Book:
    if reports.plain(folder.name) != folder.name:
        raise ReportError("the folder has a name that nobody can write")
    head, made = _head_of(report)
    narration, claims = reports.mapping(head.get("narration")), reports.mapping(head.get("accessibility"))
    known = reports.mapping(head.get("metadata"))
    values: dict[str, Any] = {name: reports.texts(known.get(name)) for name in _LISTS}
    values |= {name: reports.text(value) for name in _TEXTS if (value := known.get(name)) is not None}
    if not values.get("title", "").strip() or not values.get("language", "").strip():
        raise ReportError("no title or no language")
    names = {product: name.format(slug=folder.name) for product, name in FILE_OF_PRODUCT.items()}
    return Book(
        slug=folder.name,
        folder=folder,
        metadata=Metadata(**values),
        files=_Files(folder, {product: name for product, name in names.items() if name in there}),
        made=min(max(made, 0.0), _LATEST),
        duration=reports.seconds(narration.get("duration")),
        voices=reports.texts(narration.get("voices")),
        disclosure=reports.text(narration.get("disclosure") or ""),
        accessibility=reports.mapping(
            claims.get("narrated") or claims.get("epub") or narration.get("accessibility") or None
        ),
    )


def _head_of(report: Path) -> tuple[dict[str, Any], float]:
    """The report without its sentences, which come last, are nearly all of it and take long to parse; and when it was made."""
    with report.open("rb", buffering=0) as file:
        text = bytearray(file.read(_BLOCK))
        # The mark may lie across two blocks.
        while _SENTENCES not in text[-_BLOCK - len(_SENTENCES) :] and (more := file.read(_BLOCK)):
            text += more
            _refuse_huge(len(text))
        made = os.fstat(file.fileno()).st_mtime
    head, found, _ = text.partition(_SENTENCES)
    return reports.parsed(head.rstrip().rstrip(b",") + b"\n}" if found else text), made


def _refuse_huge(count: int) -> None:
    if count > _LARGEST:
        raise ReportError("far too large")
