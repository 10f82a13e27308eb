"""Whether a book earns what it claims, and whether the spoken sentence can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from packager.checks.book import OPF, Book
from packager.checks.overlays import TOOL, unspoken_text
from packager.model import Finding, Severity
from packager.xhtml import local_name

ENOUGH_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

_PHONEMES = "{http://www.w3.org/2001/10/synthesis}ph"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_COLOUR = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def check_claims(book: Book) -> Iterator[Finding]:
    """Findings on the accessibility metadata and the highlight."""
    features = book.metas("schema:accessibilityFeature")
    overlays = book.overlays
    for name in ("schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard"):
        if not book.metas(name):
            yield _finding("PKG-201", f"There is no {name.partition(':')[2]}.", book.package_name)
    if ("synchronizedAudioText" in features) != bool(overlays):
        state = "claims" if "synchronizedAudioText" in features else "does not claim"
        have = "has" if overlays else "has no"
        yield _finding("PKG-202", f"The book {state} synchronizedAudioText and {have} overlays.", book.package_name)
    if "auditory" in book.metas("schema:accessModeSufficient"):
        for piece in (unspoken_text(book) if overlays else ["all of the text"])[:5]:
            yield _finding(
                "PKG-203",
                f"It claims that hearing is enough, but “{piece[:60]}” is not spoken.",
                book.package_name,
            )
    if ("ttsMarkup" in features) != (pronounces := _pronounces(book)):
        state = "claims" if "ttsMarkup" in features else "does not claim"
        have = "tells" if pronounces else "does not tell"
        yield _finding("PKG-206", f"The book {state} ttsMarkup and {have} how words are pronounced.", book.package_name)
    yield from _pictures_described(book, "alternativeText" in features)
    if book.metas("dcterms:conformsTo") and not book.metas("a11y:certifiedBy", refines=_id_of_conformance(book)):
        yield _finding("PKG-205", "It claims to conform, and names nobody who examined it.", book.package_name)
    if overlays:
        yield from _highlight(book)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours ("#ffe08a"), as WCAG defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _finding(code: str, message: str, place: str, severity: Severity = "error") -> Finding:
    return Finding(TOOL, code, severity, message, place)


def _pronounces(book: Book) -> bool:
    """Whether there is a lexicon or a word with its sounds in the book (EPUB 3.3, text-to-speech)."""
    if any(item.get("media-type") == "application/pls+xml" for item in book.package.iter(f"{OPF}item")):
        return True
    trees = (book.tree(name) for name in book.spine)
    return any(element.get(_PHONEMES) for tree in trees for element in tree.iter(etree.Element))


def _pictures_described(book: Book, claimed: bool) -> Iterator[Finding]:
    for name in book.spine:
        for image in (element for element in book.tree(name).iter(etree.Element) if local_name(element) == "img"):
            figure = next((outer for outer in image.iterancestors() if local_name(outer) == "figure"), None)
            captioned = figure is not None and any(
                local_name(child) == "figcaption" for child in figure.iter(etree.Element)
            )
            if not image.get("alt") and captioned:
                message = f"The picture {image.get('src')} has a caption and no description."
                yield _finding("PKG-204", message, name, "error" if claimed else "warning")


def _id_of_conformance(book: Book) -> str:
    for meta in book.package.iter(f"{OPF}meta"):
        if meta.get("property") == "dcterms:conformsTo":
            return str(meta.get("id", ""))
    return ""


def _highlight(book: Book) -> Iterator[Finding]:
    """The active class must be declared and styled so that the sentence stays readable on any page."""
    active = book.metas("media:active-class")
    if not active:
        yield _finding("PKG-210", "No class is declared for the sentence that is spoken.", book.package_name)
        return
    sheets = _COMMENT.sub("", book.styles())
    rules = [
        body for selectors, body in _RULE.findall(sheets) if f".{active[0]}" in map(str.strip, selectors.split(","))
    ]
    declarations: dict[str, str] = {
        key.strip(): value.strip()
        for rule in rules
        for key, _, value in (part.partition(":") for part in rule.split(";"))
        if value
    }
    ground = _COLOUR.search(declarations.get("background-color", declarations.get("background", "")))
    text = _COLOUR.search(declarations.get("color", ""))
    if not ground or not text:
        yield _finding("PKG-211", f"No style gives the class “{active[0]}” a colour and a ground.", "style sheets")
    elif (ratio := contrast(text[0], ground[0])) < ENOUGH_CONTRAST:
        yield _finding(
            "PKG-212",
            f"The spoken sentence has a contrast of {ratio:.1f} : 1, less than 4.5 : 1.",
            "style sheets",
        )


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[start : start + 2], 16) / 255) for start in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
