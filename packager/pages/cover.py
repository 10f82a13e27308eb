"""The cover: the picture that the author chose, or one drawn from title and authors."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from packager.model import COVER, XHTML, Article, Metadata, Page, Resource
from packager.words import joined_names, own_language, word
from packager.xhtml import serialise, set_language, sub

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIZE = (1200, 1800)
MARGIN = 120
_GROUNDS = ("#12355b", "#3b1f4a", "#123f36", "#5a1f2b", "#2b2f3a", "#4a2f14")
"""Dark enough that white text on each has a contrast of more than 9:1."""

_LATIN = (
    "fontpkg_atkinson_hyperlegible",
    "AtkinsonHyperlegible-Bold.ttf",
    "AtkinsonHyperlegible-Regular.ttf",
)
_WIDE = ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf", "NotoSans[wdth,wght].ttf")
_ARABIC = ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf", "NotoSansArabic[wdth,wght].ttf")
_FONT_OF_SCRIPT = {
    "LATIN": _LATIN,
    "CYRILLIC": _WIDE,
    "GREEK": _WIDE,
    "DEVANAGARI": _WIDE,
    "ARABIC": _ARABIC,
}


class _Jpeg(BytesIO):
    # By this name Pillow knows the format, and loads that alone. Told the format, it loads those of GIF, PNG and more as well.
    name = "cover.jpg"


def cover_picture(article: Article) -> Resource:
    """The picture that stands for the book, as "pictures/cover.…"."""
    if article.cover:
        extension = article.cover.name.rpartition(".")[2]
        return Resource(f"pictures/cover.{extension}", article.cover.media_type, article.cover.data)
    return Resource("pictures/cover.jpg", "image/jpeg", _drawn(article.metadata))


def cover_page(article: Article, picture: Resource) -> Page:
    """The page that shows the picture, with an alternative text that says whose book it is."""
    from lxml import etree

    metadata = article.metadata
    language = own_language(metadata.language)
    authors = joined_names(metadata.authors, language)
    alt = word("cover_by" if authors else "cover", language, title=metadata.title, authors=authors)
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    section = sub(body, "section", class_="cover")
    image = sub(section, "img", class_="cover", src=picture.name, alt=alt)
    set_language(image, language)
    return Page(COVER, metadata.title, metadata.language, serialise(body))


def can_draw(text: str) -> bool:
    """Whether a font at hand has the letters of this text."""
    return _font_for(text) is not None


def _drawn(metadata: Metadata) -> bytes:
    from PIL import Image, ImageDraw

    digest = hashlib.sha256("\n".join([metadata.title, *metadata.authors]).encode()).digest()
    image = Image.new("RGB", SIZE, _GROUNDS[digest[0] % len(_GROUNDS)])
    draw = ImageDraw.Draw(image)
    _draw_sound(draw, digest)
    bottom = _draw_text(draw, metadata.title, 0.42, bold=True, largest=132, most_lines=7)
    if metadata.subtitle and bottom < 0.75:
        bottom = _draw_text(draw, metadata.subtitle, bottom + 0.025, bold=False, largest=58, most_lines=3)
    if metadata.authors:
        _draw_text(draw, ", ".join(metadata.authors), max(bottom + 0.05, 0.86), bold=False, largest=64, most_lines=2)
    output = _Jpeg()
    image.save(output, quality=88)
    return output.getvalue()


def _draw_sound(draw: ImageDraw.ImageDraw, digest: bytes) -> None:
    """A row of bars like a voice on a screen, its own for every title."""
    bars = 24
    width = (SIZE[0] - 2 * MARGIN) / bars
    middle = SIZE[1] * 0.22
    for index in range(bars):
        swell = 1 - abs(index - bars / 2 + 0.5) / bars
        half = 14 + swell * digest[index] * 0.75
        left = MARGIN + index * width
        draw.rounded_rectangle((left, middle - half, left + width * 0.5, middle + half), width / 4, fill="#f2c14e")


def _draw_text(draw: ImageDraw.ImageDraw, text: str, top: float, bold: bool, largest: int, most_lines: int) -> float:
    """Set `text` below `top` (a share of the height) as large as fits; gives where it ends. Nothing without a font."""
    faces = _font_for(text)
    if faces is None:
        return top
    right_to_left = any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    for size in range(largest, 30, -6):
        font = _font(faces, bold, size)
        lines = _wrapped(text, font, SIZE[0] - 2 * MARGIN)
        if len(lines) <= most_lines and all(font.getlength(line) <= SIZE[0] - 2 * MARGIN for line in lines):
            break
    else:
        lines = lines[:most_lines]
    y = top * SIZE[1]
    for line in lines:
        x = SIZE[0] - MARGIN - font.getlength(line) if right_to_left else MARGIN
        draw.text((x, y), line, font=font, fill="#ffffff")
        y += size * 1.22
    return y / SIZE[1]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Sequence[str]:
    lines: list[str] = []
    for piece in text.split():
        joined = f"{lines[-1]} {piece}" if lines else piece
        if lines and font.getlength(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def _font_for(text: str) -> tuple[str, str, str] | None:
    scripts = {unicodedata.name(char, "?").split(" ")[0] for char in text if char.isalpha()}
    fonts = {_FONT_OF_SCRIPT.get(script) for script in scripts} or {_LATIN}
    if None in fonts or {_WIDE, _ARABIC} <= fonts:
        return None
    return _ARABIC if _ARABIC in fonts else _WIDE if _WIDE in fonts else _LATIN


@cache
def _font(faces: tuple[str, str, str], bold: bool, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    package, bold_file, regular_file = faces
    data = (files(package) / "files" / (bold_file if bold else regular_file)).read_bytes()
    font = ImageFont.truetype(BytesIO(data), size)
    if bold and bold_file == regular_file:
        font.set_variation_by_name("Bold")
    return font
