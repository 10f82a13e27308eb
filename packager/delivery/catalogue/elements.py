"""Building XML from texts that come from outside: what XML cannot hold is left out."""

from __future__ import annotations

import re

from lxml import etree

# XML 1.0, section 2.2.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A new last child. `name` and attributes may have a prefix that `parent` knows ("opds:facetGroup")."""
    child = etree.SubElement(parent, _expanded(parent, name))
    if text:
        child.text = plain(text)
    for attribute, value in attributes.items():
        set_attribute(child, attribute, value)
    return child


def set_attribute(element: etree._Element, name: str, value: str) -> None:
    """One attribute; see `add`."""
    key = f"{{{element.nsmap[name.partition(':')[0]]}}}{name.partition(':')[2]}" if ":" in name else name
    element.set(key, plain(value))


def plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def document(root: etree._Element) -> bytes:
    """The whole document."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return data


def _expanded(parent: etree._Element, name: str) -> str:
    prefix, found, local = name.partition(":")
    if found:
        return f"{{{parent.nsmap[prefix]}}}{local}"
    return f"{{{parent.nsmap[None]}}}{name}" if None in parent.nsmap else name
