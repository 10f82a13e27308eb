"""What the styles of an OpenDocument text mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from packager.languages import normal_tag
from packager.readers.documents.docx_styles import MONOSPACED

NAMESPACES = {
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_ROLES = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "author",
    "date": "date",
    "quotations": "quote",
    "quote": "quote",
    "block text": "quote",
    "preformatted text": "code",
    "source code": "code",
    "source text": "code",
}
_CAPTIONS = frozenset("caption drawing figure figurecaption illustration table tablecaption".split())
_FROM_INCHES = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96}
_QUOTE_INDENT = 0.2
"""Inches from which on both edges stand back as those of a quotation do."""


def q(name: str) -> str:
    """ "text:p" → the name with its namespace."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@dataclass
class OdtStyles:
    """The named and the automatic styles of a document."""

    _styles: dict[str, etree._Element] = field(default_factory=dict)
    _lists: dict[str, etree._Element] = field(default_factory=dict)
    language: str | None = None

    def role(self, name: str | None) -> str:
        """What a style makes of its paragraph: "title", "heading 2", "quote", "code", "caption"; "" for ordinary text."""
        for style in self._chain(name):
            name = style.get(q("style:parent-style-name"))
            if role := _role_of_name(style.get(q("style:display-name")) or style.get(q("style:name"), "")):
                return role
            if _stands_back(style):
                return "quote"
            if MONOSPACED.search(_property(style, "style:font-name") or ""):
                return "code"
        # A style that the document does not describe says what it is by its name alone.
        return _role_of_name(name) if name and name not in self._styles else ""

    def look(self, name: str | None) -> list[str]:
        """The HTML elements that say what the characters of a style look like, outermost first."""
        weight = self._first(name, "fo:font-weight")
        slope = self._first(name, "fo:font-style")
        position = self._first(name, "style:text-position") or ""
        struck = self._first(name, "style:text-line-through-style")
        names = []
        if any(MONOSPACED.search(_property(style, "style:font-name") or "") for style in self._chain(name)):
            names.append("code")
        if weight == "bold" or ((weight or "").isdigit() and int(weight or 0) >= 600):
            names.append("strong")
        if slope in ("italic", "oblique"):
            names.append("em")
        if struck not in (None, "none"):
            names.append("s")
        if position.startswith("super") or re.match(r"[1-9]", position):
            names.append("sup")
        elif position.startswith(("sub", "-")):
            names.append("sub")
        return names

    def language_of(self, name: str | None) -> str | None:
        """The BCP 47 tag that a style gives its text."""
        for style in self._chain(name):
            for kind in ("", "-asian", "-complex"):
                prefix = "fo" if not kind else "style"
                language = _property(style, f"{prefix}:language{kind}")
                if language and language not in ("none", "zxx"):
                    country = _property(style, f"{prefix}:country{kind}") or "none"
                    return normal_tag(language if country == "none" else f"{language}-{country}")
        return None

    def is_numbered(self, name: str | None, level: int) -> bool:
        """Whether the items of a list have numbers on this level, which counts from 1."""
        for style in self._lists.get(name or "", ()):
            if style.get(q("text:level")) == str(level):
                return style.tag == q("text:list-level-style-number") and bool(style.get(q("style:num-format")))
        return False

    def _first(self, name: str | None, attribute: str) -> str | None:
        return next((found for style in self._chain(name) if (found := _property(style, attribute))), None)

    def _chain(self, name: str | None) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while name and name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].get(q("style:parent-style-name"))


def read_odt_styles(roots: Iterable[etree._Element]) -> OdtStyles:
    """The styles in the parts of a document; what a later part says holds."""
    styles = OdtStyles()
    for root in roots:
        styles._styles |= {style.get(q("style:name"), ""): style for style in root.iter(q("style:style"))}
        styles._lists |= {style.get(q("style:name"), ""): style for style in root.iter(q("text:list-style"))}
        for default in root.iter(q("style:default-style")):
            language = _property(default, "fo:language")
            if default.get(q("style:family")) == "paragraph" and language not in (None, "none", "zxx"):
                country = _property(default, "fo:country") or "none"
                styles.language = normal_tag(f"{language}" if country == "none" else f"{language}-{country}")
    return styles


def _role_of_name(name: str) -> str:
    called = _decoded(name).lower()
    if heading := re.fullmatch(r"heading (\d)", called):
        return f"heading {heading[1]}"
    return "caption" if called in _CAPTIONS else _ROLES.get(called, "")


def _property(style: etree._Element, attribute: str) -> str | None:
    return next((found for child in style if (found := child.get(q(attribute)))), None)


def _stands_back(style: etree._Element) -> bool:
    return all(_inches(_property(style, f"fo:margin-{side}")) >= _QUOTE_INDENT for side in ("left", "right"))


def _inches(length: str | None) -> float:
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,9})?)(in|cm|mm|pt|pc|px)", length or "")
    return float(found[1]) * _FROM_INCHES[found[2]] if found else 0.0


def _decoded(name: str) -> str:
    """ "Preformatted_20_Text" → "Preformatted Text"."""
    return re.sub(r"_([0-9a-f]{2,4})_", lambda found: chr(int(found[1], 16)), name)
