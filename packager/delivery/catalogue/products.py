"""What a book's files are called over the network, in which order they are offered, and of which type they are."""

from __future__ import annotations

from typing import NamedTuple

from packager.delivery.shelf import Book


class Offer(NamedTuple):
    """A file of a book: its product, what a person calls it, its type, its name and its size in bytes."""

    product: str
    title: str
    media_type: str
    name: str
    size: int


EPUB = "application/epub+zip"

# A Kobo book is an EPUB too, and under a type of its own no app would know what to do with it.
_OFFERED = {
    "epub": ("EPUB, text", EPUB),
    "narrated": ("EPUB with narration", EPUB),
    "kepub": ("EPUB for Kobo", EPUB),
    "mp3": ("Narration (MP3)", "audio/mpeg"),
}
_MEDIA_TYPES = {product: media_type for product, (_, media_type) in _OFFERED.items()} | {"vtt": "text/vtt"}


def offers_of(book: Book) -> list[Offer]:
    """What a reader can get of a book; what has gone since the shelf was read is left out."""
    found = []
    for product, (title, media_type) in _OFFERED.items():
        if (path := book.files.get(product)) and (size := _size_of(book, product)) is not None:
            found.append(Offer(product, title, media_type, path.name, size))
    return found


def file_of(book: Book, name: str) -> tuple[str, str] | None:
    """Product and type of the file of that name; None when it is none of those that are given out."""
    for product, path in book.files.items():
        if path.name == name and product in _MEDIA_TYPES:
            return product, _MEDIA_TYPES[product]
    return None


def _size_of(book: Book, product: str) -> int | None:
    try:
        return book.files[product].stat().st_size
    except OSError:
        return None
