"""Small words for walking XHTML trees, shared by every room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from packager.model import XHTML

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

PHRASING = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark math q rp rt ruby s samp small span strong sub sup "
    "time u var wbr".split()
)
"""Elements that stand inside a line of text (HTML, section 3.2.5.2.5)."""

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def parse(markup: str) -> etree._Element:
    """The tree of an XHTML string that we made ourselves."""
    return etree.fromstring(markup.encode("utf-8"), _PARSER)


def serialise(element: etree._Element) -> str:
    """A tree as a string, without its tail."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element) -> str:
    """The text inside an element with white space folded, as a person would read it."""
    return " ".join("".join(element.itertext()).split())


def spaced_text_of(element: etree._Element) -> str:
    """The text inside an element, cells and paragraphs kept apart, with white space folded."""
    texts: list[str] = []
    _add_texts(element, texts)
    return " ".join("".join(texts).split())


def _add_texts(element: etree._Element, texts: list[str]) -> None:
    space = "" if local_name(element) in PHRASING else " "
    texts += space, element.text or ""
    for child in element:
        _add_texts(child, texts)
        texts.append(child.tail or "")
    texts.append(space)


def elements(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements with one of these names in the tree, in document order."""
    yield from root.iter(*(f"{{{XHTML}}}{name}" for name in names))


def anchor_name(anchor: str) -> str:
    """The id that an id of the source gets: an XML name that no generated id can equal."""
    return "n-" + re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"_{ord(found[0]):x}", anchor)


def sub(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append a new XHTML element; `class_` and the like lose their underscore."""
    child = etree.SubElement(parent, f"{{{XHTML}}}{name}")
    for key, value in attributes.items():
        child.set(key.rstrip("_").replace("_", "-"), value)
    child.text = text
    return child


def set_language(element: etree._Element, language: str) -> None:
    """Tag an element with its language in both ways that XHTML knows."""
    element.set("lang", language)
    element.set(XML_LANG, language)


def append_text(parent: etree._Element, text: str) -> None:
    """Add text at the end of an element."""
    # Not len(parent): lxml counts all children for it.
    last = next(parent.iterchildren(reversed=True), None)
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def remove(element: etree._Element) -> None:
    """Take an element out of its parent and leave the text that follows it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)
