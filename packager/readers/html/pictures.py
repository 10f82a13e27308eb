"""The pictures of a page, each with the one address under which a reader of the book should see it.

Pages load pictures late, in many sizes, and put placeholders and counters among them.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

from packager.xhtml import remove, text_of

WIDEST = 1600
"""Pixels: of several sizes the widest up to this is taken, or else the least wide."""

_SMALLEST = 32
"""Pixels: what is smaller in both ways is an ornament of the page."""

_DENSEST = 2.0
_LATE = (
    "data-srcset",
    "data-lazy-srcset",
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-hi-res-src",
    "data-full-src",
    "data-lazy",
    "data-url",
)
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:[?#:/]|$)", re.I)
_PLACEHOLDER = re.compile(
    r"(?:^|[/_-])(?:blank|placeholder|spacer|transparent|pixel|1x1|loading|loader|lazy|dummy|empty|clear|grey|gray|trans)"
    r"[\w-]*\.(?:gif|png|svg|jpe?g)|/s\.gif$",
    re.I,
)
_COUNTER = re.compile(
    r"^https?://[^/]*(?:doubleclick|scorecardresearch|google-analytics|quantserve|vgwort|pixel\.|ioam\.de|facebook\.com/tr|"
    r"stats\.wordpress|pixel\.wp|feedburner|feedsportal|chartbeat|omtrdc|count(?:er)?\.)|/(?:pixel|beacon|track(?:er|ing)?|count(?:er)?|wt\.pl|c\.gif)(?:[/?.]|$)",
    re.I,
)
_TINY_DATA = 600
"""Characters of a picture held in its address that are too few to show anything."""

_SAVED_BESIDE = re.compile(r"(?:\./)?[^/:?#]+(?:_files|_archivos|-Dateien|_fichiers)/", re.I)


def settle_pictures(body: etree._Element, base: str | None) -> int:
    """Give each `<img>` its one `src`, take out what shows nothing; how many pictures were taken out.

    Addresses become absolute where `base` is known; those of files that a browser saved beside the page stay as they are.
    Drawings inside the page (`<svg>`) become pictures that hold themselves in their address.
    """
    gone = 0
    for picture in list(body.iter("picture")):
        _unpack(picture)
    shown: set[str] = set()
    for image in list(body.iter("img")):
        if "emoji" in image.get("class", "") and image.get("alt"):
            _replace(image, image.get("alt", ""))
            continue
        source = _best_source(image, base)
        if source is None or _is_counter(image, source):
            _replace(image, "")
            gone += 1
        elif source in shown and _stands_beside(image, source):
            _replace(image, "")
        else:
            shown.add(source)
            image.set("src", source)
    for drawing in list(body.iter("svg")):
        if not any(outer.tag == "svg" for outer in drawing.iterancestors()):
            gone += not _drawn(drawing)
    return gone


def absolute(address: str, base: str | None) -> str | None:
    """An address as seen from the page's; None for one that is none."""
    address = re.sub(r"[\t\r\n]", "", address.strip())
    if not address:
        return None
    if _SAVED_BESIDE.match(address):
        return address
    try:
        full = urljoin(base or "", address)
        scheme = urlsplit(full).scheme.lower()
    except ValueError:
        return None
    if full.startswith("//"):
        return "https:" + full
    return full if scheme in ("", "http", "https") or full[:11].lower() == "data:image/" else None


def _best_source(image: etree._Element, base: str | None) -> str | None:
    late = [image.get(name, "") for name in _LATE]
    late += [
        value
        for name, value in image.attrib.items()
        if name.startswith("data-") and name not in _LATE and _PICTURE_NAME.search(value)
    ]
    best: tuple[float, str] | None = None
    plain: list[str] = []
    for value in [image.get("srcset", ""), *late]:
        if value.lstrip().startswith(("{", "[")):
            continue
        for address, width in _candidates(value):
            if width is None:
                plain.append(address)
            elif best is None or _rank(width) > _rank(best[0]):
                best = (width, address)
    choices = [best[1]] if best else []
    choices += [*plain, image.get("src", "")] if late_wins(image.get("src", "")) else [image.get("src", ""), *plain]
    for choice in choices:
        full = absolute(choice, base)
        if full and not _shows_nothing(full):
            return full
    return None


def late_wins(source: str) -> bool:
    """Whether the address that is loaded late is the better one: the first is missing or a placeholder."""
    return _shows_nothing(source) or not source


def _shows_nothing(source: str) -> bool:
    if source[:5].lower() == "data:":
        return len(source) < _TINY_DATA
    return _PLACEHOLDER.search(source) is not None


def _candidates(value: str) -> list[tuple[str, float | None]]:
    """The addresses of a `srcset`, or of a plain attribute, each with its width in pixels if that is said."""
    found: list[tuple[str, float | None]] = []
    for match in re.finditer(
        r"\s*([^\s,](?:\S*[^\s,])?)(?:\s+([\d.]{1,8})([wx]))?\s*(?:,(?=\s|$)|,|$)", value[:20_000]
    ):
        address, number, unit = match.groups()
        try:
            size = float(number) if number else None
        except ValueError:
            size = None
        found.append((address, None if size is None else size if unit == "w" else 800 * min(size, _DENSEST)))
    return found


def _rank(width: float) -> float:
    return width if width <= WIDEST else -width


def _is_counter(image: etree._Element, source: str) -> bool:
    sides = [_pixels(image, side) for side in ("width", "height")]
    known = [side for side in sides if side is not None]
    if any(side <= 2 for side in known) or _COUNTER.search(source):
        return True
    return len(known) == 2 and max(known) < _SMALLEST and not image.get("alt")


def _pixels(image: etree._Element, side: str) -> float | None:
    said = re.match(r"\s*(\d{1,5}(?:\.\d+)?)\s*(?:px)?\s*$", image.get(side, ""))
    styled = re.search(rf"(?:^|[;\s]){side}\s*:\s*(\d{{1,5}}(?:\.\d+)?)px", image.get("style", ""))
    found = said or styled
    return float(found[1]) if found else None


def _stands_beside(image: etree._Element, source: str) -> bool:
    """Whether the same picture stands just before: the copy for browsers without scripts."""
    before = image.getprevious()
    if before is None or (before.tail or "").strip():
        return False
    return before.get("src") == source or any(other.get("src") == source for other in before.iter("img"))


def _unpack(picture: etree._Element) -> None:
    """A `<picture>` becomes its `<img>`, which gets the sources of the others."""
    image = next(picture.iter("img"), None)
    if image is None:
        image = etree.SubElement(picture, "img")
    offered = [
        source.get("srcset") or source.get("data-srcset") or source.get("data-lazy-srcset") or ""
        for source in sorted(
            picture.iter("source"),
            key=lambda source: "webp" in source.get("type", "") or "avif" in source.get("type", ""),
        )
    ]
    if not image.get("srcset") and not image.get("data-srcset"):
        image.set("srcset", next((each for each in offered if each and not each.startswith("data:")), ""))
    # The parser knows nothing of <source>, and takes what follows for its content.
    picture[:] = [image]
    image.tail = None
    picture.tag = "span"


def _drawn(drawing: etree._Element) -> bool:
    """Put a picture in the place of a drawing; False when it was an icon and is gone."""
    sides = [_pixels(drawing, side) for side in ("width", "height")]
    box = re.findall(r"-?[\d.]+", drawing.get("viewbox") or drawing.get("viewBox") or "")
    if None in sides and len(box) == 4:
        sides = [float(part) if part.count(".") < 2 and part.strip("-.") else 0 for part in box[2:]]
    title = next((text_of(part) for part in drawing.iter("title")), "") or drawing.get("aria-label", "")
    inside_control = any(outer.tag in ("a", "button") for outer in drawing.iterancestors())
    small = any(side is None or side <= 2 * _SMALLEST for side in sides)
    if inside_control or drawing.get("aria-hidden") == "true" or small or not len(drawing):
        _replace(drawing, "")
        return False
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    if "viewbox" in drawing.attrib:
        drawing.set("viewBox", drawing.attrib.pop("viewbox"))
    if any(":" in name and not name.startswith("{") for part in drawing.iter() for name in part.attrib):
        drawing.set("xmlns:xlink", "http://www.w3.org/1999/xlink")
    tail, drawing.tail = drawing.tail, None
    markup = etree.tostring(drawing, encoding="utf-8")
    drawing.clear()
    drawing.tag, drawing.tail = "img", tail
    drawing.set("src", "data:image/svg+xml;base64," + base64.b64encode(markup).decode("ascii"))
    drawing.set("alt", title)
    return True


def _replace(element: etree._Element, text: str) -> None:
    """Put a text, "" for nothing, in the place of an element."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if text and before is not None:
        before.tail = (before.tail or "") + text
    elif text:
        parent.text = (parent.text or "") + text
    remove(element)
