"""Footnotes: their calls and their texts, where they are as our reader makes them of "[^1]"."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from lxml import etree

from packager.xhtml import elements, local_name, remove, text_of

_CALLED = re.compile(r"n-noteref-(\d+)(?:-(\d+))?")


@dataclass(frozen=True)
class Notes:
    """The section at the end, the text of each note, and the label of each call by the `sup` it is, in order."""

    section: etree._Element
    texts: tuple[etree._Element, ...]
    calls: dict[etree._Element, str]


def find_notes(body: etree._Element) -> Notes | None:
    """The notes of a body, when each has its number from its place and its first call in that order; else None."""
    section = body[-1] if len(body) else None
    if section is None or dict(section.attrib) != {"role": "doc-endnotes"} or len(section) != 1 or section[0].attrib:
        return None
    items = list(section[0])
    if [item.get("id") for item in items] != [f"n-note-{number}" for number in range(1, len(items) + 1)]:
        return None
    calls: dict[etree._Element, str] = {}
    for link in elements(body, "a"):
        if link.get("role") != "doc-noteref":
            continue
        around = link.getparent()
        match = _CALLED.fullmatch(link.get("id", ""))
        if match is None or local_name(around) != "sup" or len(around) != 1 or text_of(around) != match[1]:
            return None
        calls[around] = match[1]
    if list(dict.fromkeys(calls.values())) != [str(number) for number in range(1, len(items) + 1)]:
        return None
    return Notes(section, tuple(map(_without_links_back, items)), calls)


def _without_links_back(item: etree._Element) -> etree._Element:
    item = copy.deepcopy(item)
    for link in [link for link in elements(item, "a") if link.get("role") == "doc-backlink"]:
        remove(link)
    return item
