"""Covers for lists and players: taken out of the EPUB, made small, and kept as long as the book is the same."""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Literal

from lxml import etree

from packager.delivery.shelf import Book
from packager.zip_faults import ZIP_FAULTS

if TYPE_CHECKING:
    from PIL.Image import Image

Shape = Literal["cover", "thumbnail", "square"]

_HEIGHTS = {"cover": 1600, "thumbnail": 320}
_SQUARE = 1400
"""Pixels: the least that podcast directories take."""

_KEPT = 512
_few_at_a_time = BoundedSemaphore(2)
"""A hundred huge pictures at once would take all memory."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
"""Pillow knows others, for some of which it calls programs that obey what stands in the file."""

_LARGEST_FILE = 20_000_000
_MOST_PIXELS = 40_000_000
_OPF = "{http://www.idpf.org/2007/opf}"
_DAMAGED = (
    OSError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    SyntaxError,
    *ZIP_FAULTS,
)
"""What zipfile, lxml and Pillow say of a file that is not what it should be."""

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def picture_of(book: Book, shape: Shape) -> bytes | None:
    """The cover as a JPEG; None when the book has none that can be read."""
    path = book.files.get("epub") or book.files.get("narrated")
    if path is None:
        return None
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _kept(path, changed, shape)


@lru_cache(_KEPT)
def _kept(path: Path, changed: int, shape: Shape) -> bytes | None:
    from PIL import Image

    try:
        with _few_at_a_time, Image.open(io.BytesIO(_cover_in(path)), formats=_FORMATS) as opened:
            # A small file can claim to be a huge picture.
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            picture = opened.convert("RGB")
            if shape == "square":
                return as_jpeg(_squared(picture))
            height = _HEIGHTS[shape]
            picture.thumbnail((height, height), Image.Resampling.LANCZOS)
            return as_jpeg(picture)
    except (*_DAMAGED, Image.DecompressionBombError):
        return None


def as_jpeg(picture: Image) -> bytes:
    """A picture as a JPEG file."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=82, optimize=True)
    return data.getvalue()


def _squared(picture: Image) -> Image:
    """The whole cover in the middle of a square, on the colour of its own corner."""
    from PIL import Image, ImageOps

    fitted = ImageOps.contain(picture, (_SQUARE, _SQUARE), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (_SQUARE, _SQUARE), picture.getpixel((0, 0)))
    square.paste(fitted, ((_SQUARE - fitted.width) // 2, (_SQUARE - fitted.height) // 2))
    return square


def _cover_in(path: Path) -> bytes:
    """The picture that the package document calls the cover. Raises one of `_DAMAGED`."""
    with zipfile.ZipFile(path) as book:
        container = etree.fromstring(_read(book, "META-INF/container.xml"), _PARSER)
        package_name = next((path for one in container.iter() if (path := one.get("full-path"))), "")
        package = etree.fromstring(_read(book, package_name), _PARSER)
        for item in package.iter(f"{_OPF}item"):
            if "cover-image" in (item.get("properties") or "").split():
                folder = package_name.rpartition("/")[0]
                return _read(book, f"{folder}/{item.get('href')}" if folder else str(item.get("href")))
    raise KeyError("cover-image")


def _read(book: zipfile.ZipFile, name: str) -> bytes:
    with book.open(name) as file:
        data = file.read(_LARGEST_FILE + 1)
    if len(data) > _LARGEST_FILE:
        raise ValueError("too large")
    return data
