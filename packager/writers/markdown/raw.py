"""XHTML as HTML inside Markdown: for what Markdown has no words for."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from packager.writers.markdown.sameness import WHITE, writable
from packager.xhtml import PHRASING, XML_LANG, local_name

_VOID = frozenset("br hr img".split())
_ON_ONE_LINE = frozenset({"tr"})
_OF_READER = "n-"
"""The prefix of ids that reading gives (`xhtml.anchor_name`)."""


def is_block(element: etree._Element) -> bool:
    """Whether an element is a block; a formula stands in a line."""
    return local_name(element) not in PHRASING and element.tag.rpartition("}")[0].endswith("xhtml")


def holds_blocks(element: etree._Element) -> bool:
    """Whether blocks stand in an element, and not a line of text."""
    return any(map(is_block, element))


def attributes_of(element: etree._Element) -> dict[str, str]:
    """The attributes as a source has them, the anchor first: anchors by the names from which reading makes them."""
    found: dict[str, str] = {}
    for key, value in element.attrib.items():
        if key == XML_LANG:
            continue
        if key == "id":
            value = value.removeprefix(_OF_READER)
        elif key == "href" and value.startswith("#"):
            value = "#" + value[1:].removeprefix(_OF_READER)
        elif key == "headers":
            value = " ".join(name.removeprefix(_OF_READER) for name in value.split())
        found[key] = value
    return dict(sorted(found.items(), key=lambda pair: pair[0] != "id"))


def opening(element: etree._Element) -> str:
    """The tag that begins an element, on one line."""
    attributes = "".join(f' {key}="{_safe(value)}"' for key, value in attributes_of(element).items())
    return f"<{local_name(element)}{attributes}>"


def closing(element: etree._Element) -> str:
    """The tag that ends an element; "" where HTML has none."""
    return "" if local_name(element) in _VOID else f"</{local_name(element)}>"


def html_of(element: etree._Element) -> str:
    """An element as HTML without an empty line, which would end it for Markdown. Its tail is left out."""
    return _html(element, False)


def _html(element: etree._Element, kept: bool) -> str:
    name = local_name(element)
    kept = kept or name == "pre"
    between = "\n" if holds_blocks(element) and name not in _ON_ONE_LINE and not kept else ""
    pieces = [_text(element.text, kept)]
    for child in element:
        pieces += [_html(child, kept), _text(child.tail, kept)]
    inside = between.join(piece for piece in pieces if piece.strip(" \n") or not between)
    if is_block(element) and not kept:
        inside = inside.strip(" \n")
    if name == "pre" and inside.startswith("\n"):
        # HTML drops the first line end of a `pre`, and what begins a line for it may not be an empty one.
        inside = "\n&#10;" + inside[1:]
    return f"{opening(element)}{between}{inside}{between}{closing(element)}"


def _text(text: str | None, kept: bool) -> str:
    text = escape(writable(text or ""), quote=False)
    if not kept:
        return WHITE.sub(lambda found: "\n" if "\n" in found[0] else " ", text)
    return re.sub(r"(?<=\n)[ \t]*\n", lambda found: found[0][:-1] + "&#10;", text.replace("\r", "&#13;"))


def _safe(value: str) -> str:
    return escape(writable(value)).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
