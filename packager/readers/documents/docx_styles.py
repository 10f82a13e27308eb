"""What the styles of a DOCX mean: headings, titles, quotations, code; languages and emphasis that they bring along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ROLES = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "date": "date",
    "abstract": "abstract",
    "caption": "caption",
    "table caption": "caption",
    "image caption": "caption",
    "figure caption": "caption",
    "quote": "quote",
    "intense quote": "quote",
    "block text": "quote",
    "block quote": "quote",
    "block quotation": "quote",
    "quotations": "quote",
    "definition term": "term",
    "definition": "definition",
    "html preformatted": "code",
    "preformatted text": "code",
    "source code": "code",
    "macro": "code",
    "macro text": "code",
    "code": "code",
    "code block": "code",
    "verbatim": "code",
    "listing": "code",
    "source text": "code",
    "verbatim char": "code",
    "html code": "code",
    "html typewriter": "code",
    "html sample": "code",
    "html keyboard": "code",
}
"""Names of styles, in small letters, that Word, LibreOffice, Google Docs, Pages and Pandoc use, and what they mean."""

_HEADING = re.compile(r"heading ([1-9])$")
_CONTENTS = re.compile(r"(?:toc|contents|table of figures|index)(?: heading| \d)?$")
MONOSPACED = re.compile(
    r"courier|consol|mono|menlo|monaco|typewriter|source code|fira code|cascadia|lucida console|fixed|inconsolata", re.I
)


def w(name: str) -> str:
    """A name in the namespace of word processing."""
    return f"{{{W}}}{name}"


def value_of(parent: etree._Element | None, *path: str) -> str | None:
    """The attribute `val` of the element at the end of a path of children; "" when the element has none."""
    for name in path:
        parent = parent.find(w(name)) if parent is not None else None
    return parent.get(w("val"), "") if parent is not None else None


def is_on(parent: etree._Element | None, name: str) -> bool | None:
    """Whether a property such as bold is switched on or off; None when nothing is said."""
    value = value_of(parent, name)
    return None if value is None else value not in ("0", "false", "off", "none")


@dataclass(frozen=True)
class Styles:
    """The styles by their ids. `language` is that of all text of which nothing else is said."""

    _styles: dict[str, etree._Element]
    language: str | None

    def role(self, style: str | None) -> str:
        """What a style makes of its text: "title", "heading 2", "quote", "code", "contents", …; "" for ordinary text."""
        for element in self._chain(style):
            name = (value_of(element, "name") or "").strip().lower()
            if _CONTENTS.match(name):
                return "contents"
            if name in _ROLES:
                return _ROLES[name]
            if heading := _HEADING.match(name):
                return f"heading {heading[1]}"
            level = value_of(element, "pPr", "outlineLvl")
            if level is not None and level.isdigit() and int(level) < 9:
                return f"heading {int(level) + 1}"
            if _is_monospaced(element.find(w("rPr"))):
                return "code"
        return ""

    def run(self, style: str | None) -> etree._Element | None:
        """The properties that a character style gives, the nearest ancestor's if it has none."""
        return next(
            (properties for element in self._chain(style) if (properties := element.find(w("rPr"))) is not None), None
        )

    def name_kinds(self) -> None:
        """Say of every style what it is for; the converter does not know that it is paragraphs where nothing is said."""
        for style in self._styles.values():
            style.set(w("type"), style.get(w("type"), "paragraph"))

    def indent(self, style: str | None) -> int:
        """How far a style is indented, in twentieths of a point."""
        return next((left for element in self._chain(style) if (left := indent_of(element.find(w("pPr"))))), 0)

    def _chain(self, style: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = value_of(self._styles[style], "basedOn")


def read_styles(root: etree._Element | None) -> Styles:
    """The styles of the part styles.xml, none where it is missing."""
    if root is None:
        return Styles({}, None)
    language = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}/{w('lang')}")
    named = {style.get(w("styleId"), ""): style for style in root.iter(w("style"))}
    return Styles(named, language.get(w("val")) if language is not None else None)


def indent_of(properties: etree._Element | None) -> int:
    """How far all lines but a first one that stands out are indented, in twentieths of a point."""
    indent = properties.find(w("ind")) if properties is not None else None
    if indent is None:
        return 0
    left, hanging = (
        next((int(found) for name in names if re.fullmatch(r"-?\d{1,6}", found := indent.get(w(name), ""))), 0)
        for names in (("start", "left"), ("hanging",))
    )
    return left - hanging


def is_monospaced_run(run: etree._Element, styles: Styles) -> bool:
    """Whether a run is set in a font for code, by itself or by its style."""
    properties = run.find(w("rPr"))
    return _is_monospaced(properties) or styles.role(value_of(properties, "rStyle")) == "code"


def _is_monospaced(properties: etree._Element | None) -> bool:
    fonts = properties.find(w("rFonts")) if properties is not None else None
    return fonts is not None and bool(MONOSPACED.search(fonts.get(w("ascii"), "")))
