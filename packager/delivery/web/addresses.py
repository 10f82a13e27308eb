"""What is at each address of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from packager.delivery.shelf import Book, Shelf
from packager.delivery.web.book_page import book_page, damaged_page
from packager.delivery.web.downloads import MEDIA_TYPES, files_of
from packager.delivery.web.markup import assets, assets_folder
from packager.delivery.web.shelf_page import INDEX, list_name, shelf_page
from packager.delivery.web.texts import epub_of, picture_types, read_picture
from packager.errors import SourceError

HTML = "text/html; charset=utf-8"
BOOKS_A_PAGE = 100
"""So many articles are on a page of the list; what is longer than that is slow to load and to scroll."""

_LIST_NAME = re.compile(r"list-([2-9]|[1-9][0-9]{1,6})\.html")
_COVER = "cover.jpg"
_COVER_SIZE = (360, 540)
_COVER_QUALITY = 82


@dataclass(frozen=True)
class SiteFile:
    """What an address of the site gives: its media type, and its bytes or the file that holds them."""

    media_type: str
    content: bytes | Path


def site_file(shelf: Shelf, path: str) -> SiteFile | None:
    """What is at this path, relative to the root of the site and without percent signs; None when nothing is.

    A book that is damaged gets a page that says so; the others are not touched by it.
    """
    if (number := _list_number(path)) is not None:
        return _list(shelf, number)
    head, slash, rest = path.partition("/")
    if head == assets_folder():
        asset = assets().get(rest)
        return SiteFile(*asset) if asset else None
    book = shelf.book(head)
    if book is None or not slash:
        return None
    try:
        return _file_of_book(book, rest)
    except SourceError:
        return SiteFile(HTML, damaged_page(book)) if rest in ("", INDEX) else None


def checked(book: Book) -> Book:
    """The book, when it can be shown; its page is kept for those who ask for it next. Raises `SourceError` otherwise."""
    _kept_page(_Shown((book,)))
    return book


def site_paths(shelf: Shelf) -> Iterator[str]:
    """All paths of the site, each page after what it shows, the first one last. Raises `SourceError` for a damaged book."""
    yield from (f"{assets_folder()}/{name}" for name in assets())
    for book in shelf.books:
        pictures = picture_types(book)
        yield from (f"{book.slug}/{name}" for name in (*files_of(book).values(), *pictures))
        if _cover_among(pictures):
            yield f"{book.slug}/{_COVER}"
        yield f"{book.slug}/{INDEX}"
    yield from (list_name(number) for number in range(2, _list_count(shelf) + 1))
    yield INDEX


def _list_number(path: str) -> int | None:
    """Which page of the list has this path, counted from 1; None for a path of something else."""
    if path in ("", INDEX):
        return 1
    found = _LIST_NAME.fullmatch(path)
    return int(found[1]) if found else None


def _list_count(shelf: Shelf) -> int:
    return max(1, -(-len(shelf.books) // BOOKS_A_PAGE))


def _list(shelf: Shelf, number: int) -> SiteFile | None:
    count = _list_count(shelf)
    if number > count:
        return None
    first = (number - 1) * BOOKS_A_PAGE
    return SiteFile(HTML, _kept_list(_Shown(shelf.books[first : first + BOOKS_A_PAGE]), number, count))


def _file_of_book(book: Book, name: str) -> SiteFile | None:
    if name in ("", INDEX):
        return SiteFile(HTML, _kept_page(_Shown((book,))))
    for product, file in files_of(book).items():
        if name == file:
            return SiteFile(MEDIA_TYPES[product], book.files[product])
    if name == _COVER:
        small = _kept_cover(_Shown((book,)))
        return SiteFile("image/jpeg", small) if small else None
    media_type = picture_types(book).get(name)
    return SiteFile(media_type, read_picture(book, name)) if media_type else None


class _Shown:
    """Books as what is kept is kept by: equal as long as none of their files has changed."""

    def __init__(self, books: tuple[Book, ...]) -> None:
        self.books = books
        self._state = tuple((book.folder, book.made, *map(_stamp, book.files.items())) for book in books)

    def __hash__(self) -> int:
        return hash(self._state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown) and self._state == other._state


def _stamp(file: tuple[str, Path]) -> tuple[str, int, int]:
    product, path = file
    try:
        status = path.stat()
    except OSError:
        return product, 0, 0
    return product, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=16)
def _kept_list(shown: _Shown, number: int, count: int) -> bytes:
    return shelf_page(shown.books, number, count)


@lru_cache(maxsize=32)
def _kept_page(shown: _Shown) -> bytes:
    return book_page(shown.books[0])


@lru_cache(maxsize=256)
def _kept_cover(shown: _Shown) -> bytes | None:
    """The cover as a small JPEG; None where there is none that can be read."""
    from PIL import Image

    book = shown.books[0]
    name = _cover_among(picture_types(book)) if epub_of(book) else None
    if name is None:
        return None
    output = BytesIO()
    with suppress(OSError, ValueError, Image.DecompressionBombError):
        picture = Image.open(BytesIO(read_picture(book, name)))
        picture.thumbnail(_COVER_SIZE)
        picture.convert("RGB").save(output, "JPEG", quality=_COVER_QUALITY)
    return output.getvalue() or None


def _cover_among(pictures: dict[str, str]) -> str | None:
    return next((name for name in pictures if name.startswith("pictures/cover.")), None)
