"""The text of a PDF's page as pdfium gives it: lines with place and size, and which tag each letter belongs to."""

from __future__ import annotations

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
from pypdfium2 import raw

BREAK = "\u00ad"
"""The hyphen at the end of a line, behind which the word goes on; pdfium writes U+FFFE, which no XML may hold."""

_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufdd0-\ufdef\ufffe\uffff]")

_BOLD = 600
_LARGE_PICTURE = 0.02
"""The share of the page from which on a picture is one that a reader would miss."""


@dataclass(frozen=True)
class Line:
    """A line of text: its edges in points from the left and from the bottom of the page, and the size of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool


@dataclass(frozen=True)
class PageText:
    """A page: its text, its lines in reading order, the text under each mark of the tags, how many pictures it has."""

    text: str
    lines: tuple[Line, ...]
    height: float
    marked: dict[int, str] = field(default_factory=dict)
    pictures: int = 0


def read_page(page: pypdfium2.PdfPage) -> PageText:
    """Read one page. Raises `PdfiumError` for one that is damaged."""
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    width, height = page.get_size()
    lines, start = [], 0
    if len(text) != textpage.count_chars():
        # Letters beyond 65,535 are two to pdfium and one to Python; places are counted as pdfium does.
        text = _by_units(textpage)
    for piece in text.split("\r\n"):
        if piece.strip():
            lines.append(_line(textpage, piece, start))
        start += len(piece) + 2
    marked = _marked(textpage, text)
    pictures = sum(
        1
        for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5)
        if _is_large(picture, width * height)
    )
    textpage.close()
    return PageText(_whole(text), tuple(lines), height, marked, pictures)


def wide_string(function: Callable[..., int], *arguments: Any) -> str:
    """What a function of pdfium says that fills a buffer with UTF-16 and tells how many bytes it needs."""
    size = function(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "replace").rstrip("\x00")


def _by_units(textpage: pypdfium2.PdfTextPage) -> str:
    """The text with one character for each place, halves of a pair included."""
    return "".join(chr(raw.FPDFText_GetUnicode(textpage, index)) for index in range(textpage.count_chars()))


def _whole(text: str) -> str:
    """The text with pairs of surrogates made one letter again; halves alone and control characters are dropped."""
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNSAFE.sub("", paired.replace("\ufffe", BREAK))


def _line(textpage: pypdfium2.PdfTextPage, piece: str, start: int) -> Line:
    places = [start + offset for offset, letter in enumerate(piece) if not letter.isspace()]
    first, last = textpage.get_charbox(places[0]), textpage.get_charbox(places[-1])
    boxes = [first, last, textpage.get_charbox(places[len(places) // 2])]
    samples = places[:: max(1, len(places) // 8)]
    sizes = Counter(round(raw.FPDFText_GetFontSize(textpage, place) * _scale(textpage, place), 1) for place in samples)
    bold = sum(1 for place in samples if _is_bold(textpage, place))
    return Line(
        _whole(piece).strip(),
        min(box[0] for box in boxes),
        max(box[2] for box in boxes),
        min(box[1] for box in boxes),
        max(box[3] for box in boxes),
        sizes.most_common(1)[0][0],
        bold > 0.8 * len(samples),
    )


def _scale(textpage: pypdfium2.PdfTextPage, place: int) -> float:
    """How much the page enlarges the letters: many programs set them at size 1 and enlarge them."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(textpage, place, matrix):
        return 1.0
    return float((matrix.c**2 + matrix.d**2) ** 0.5) or 1.0


def _is_bold(textpage: pypdfium2.PdfTextPage, place: int) -> bool:
    if raw.FPDFText_GetFontWeight(textpage, place) >= _BOLD:
        return True
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage, place, buffer, 128, None)
    name = buffer.value.lower()
    # "CMBX" is the bold of TeX's own fonts.
    return b"bold" in name or b"black" in name or b"cmbx" in name or b"heavy" in name


def _marked(textpage: pypdfium2.PdfTextPage, text: str) -> dict[int, str]:
    parts: defaultdict[int, list[str]] = defaultdict(list)
    marks: dict[int, int] = {}
    current = -1
    for place, letter in enumerate(text):
        if not letter.isspace():
            found = raw.FPDFText_GetTextObject(textpage, place)
            if found:
                address = ctypes.cast(found, ctypes.c_void_p).value or 0
                if address not in marks:
                    marks[address] = raw.FPDFPageObj_GetMarkedContentID(found)
                current = marks[address]
        if current >= 0:
            parts[current].append(letter)
    return {mark: _whole("".join(letters)) for mark, letters in parts.items()}


def _is_large(picture: pypdfium2.PdfObject, area: float) -> bool:
    try:
        left, bottom, right, top = picture.get_bounds()
    except pypdfium2.PdfiumError:
        return False
    return bool(abs(right - left) * abs(top - bottom) > _LARGE_PICTURE * area)
