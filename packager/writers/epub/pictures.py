"""Pictures as a device wants them: no larger than its screen, and of kinds that it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from io import BytesIO

from lxml import etree

from packager.model import Page, Resource
from packager.writers.epub.package import Edition
from packager.xhtml import elements, parse, serialise

_SVG = "image/svg+xml"
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
_PIXELS = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_DRAWN_WIDTH = 1600
"""Pixels of a drawing's longer side for a device whose screen is not known."""


@dataclass(frozen=True)
class Fit:
    """The media types of pictures that a device shows, and its screen, upright, in pixels; None for any size."""

    types: tuple[str, ...]
    screen: tuple[int, int] | None = None


def fitted(edition: Edition, fit: Fit) -> Edition:
    """The edition with its pictures made fit; those that fit stay as they are, byte for byte.

    A drawing (SVG) that the device does not show becomes a PNG, an animation its first picture.
    """
    resources = [fitted_picture(resource, fit) for resource in edition.resources]
    cover = fitted_picture(edition.cover, fit)
    pairs = zip((edition.cover, *edition.resources), (cover, *resources), strict=True)
    replaced = {old.name: (old, new) for old, new in pairs if old.name != new.name}
    pages = [_with_others(page, replaced) for page in edition.pages] if replaced else edition.pages
    return replace(edition, pages=pages, resources=resources, cover=cover)


def fitted_picture(resource: Resource, fit: Fit) -> Resource:
    """One picture; the very same object when there is nothing to do."""
    if resource.media_type == _SVG:
        return resource if resource.media_type in fit.types else _drawn(resource, fit)
    return _scaled(resource, fit)


def _with_others(page: Page, replaced: dict[str, tuple[Resource, Resource]]) -> Page:
    body = parse(page.body)
    for image in elements(body, "img"):
        if image.get("src") not in replaced:
            continue
        old, new = replaced[image.get("src")]
        image.set("src", new.name)
        if old.media_type == _SVG and (said := _said_size(etree.fromstring(old.data, _PARSER))):
            # Drawn as large as the screen, it is still to be shown as large as it says.
            image.set("width", str(max(1, round(said[0]))))
    return replace(page, body=serialise(body))


def _scaled(resource: Resource, fit: Fit) -> Resource:
    from PIL import Image, ImageOps

    with Image.open(BytesIO(resource.data)) as picture:
        wanted = resource.media_type in fit.types
        moves = bool(getattr(picture, "is_animated", False))
        if wanted and (moves or _is_within(picture.size, fit.screen)):
            return resource
        media_type = resource.media_type if wanted else "image/png"
        still = ImageOps.exif_transpose(picture)
        if fit.screen and not _is_within(still.size, fit.screen):
            if still.mode in ("1", "P", "PA"):
                # Between the colours of a palette there is nothing to scale to.
                still = still.convert("L" if still.mode == "1" else "RGBA" if still.has_transparency_data else "RGB")
            still.thumbnail(_box(still.size, fit.screen), Image.Resampling.LANCZOS)
        output = BytesIO()
        still.save(output, _FORMATS[media_type], quality=88, icc_profile=still.info.get("icc_profile"))
    return _named(resource, media_type, output.getvalue())


def _drawn(resource: Resource, fit: Fit) -> Resource:
    """An SVG as a PNG as large as the screen; as it was when nothing can be drawn of it."""
    import resvg_py

    width, height = _proportions(resource.data)
    box = _box((width, height), fit.screen) if fit.screen else (_DRAWN_WIDTH, _DRAWN_WIDTH)
    is_flat = width * box[1] >= height * box[0]
    fonts = [
        str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"),
        str(files("fontpkg_noto_sans_arabic") / "files" / "NotoSansArabic[wdth,wght].ttf"),
    ]
    try:
        data = resvg_py.svg_to_bytes(
            svg_string=resource.data.decode("utf-8"),
            width=box[0] if is_flat else None,
            height=None if is_flat else box[1],
            font_files=fonts,
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
        )
    except ValueError:
        return resource
    return _named(resource, "image/png", data)


def _proportions(svg: bytes) -> tuple[float, float]:
    """Width and height of a drawing: what it says, else those of its view box, else those of a square, as it is drawn."""
    root = etree.fromstring(svg, _PARSER)
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    return _said_size(root) or _size_of(box[2:]) or (1.0, 1.0)


def _said_size(root: etree._Element) -> tuple[float, float] | None:
    return _size_of([root.get("width", ""), root.get("height", "")])


def _size_of(texts: Sequence[str]) -> tuple[float, float] | None:
    """Two numbers above 0, in pixels."""
    found = [float(number[1]) for text in texts if (number := _PIXELS.fullmatch(text))]
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def _named(resource: Resource, media_type: str, data: bytes) -> Resource:
    if media_type == resource.media_type:
        return replace(resource, data=data)
    return Resource(f"{resource.name.rpartition('.')[0]}.png", media_type, data)


def _is_within(size: tuple[int, int], screen: tuple[int, int] | None) -> bool:
    if screen is None:
        return True
    box = _box(size, screen)
    return size[0] <= box[0] and size[1] <= box[1]


def _box(size: tuple[float, float], screen: tuple[int, int]) -> tuple[int, int]:
    """The screen, on its side for a picture that is wider than high: one turns the device, or enlarges the picture."""
    return screen if size[0] <= size[1] else (screen[1], screen[0])
