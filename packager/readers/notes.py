"""Notes that nothing marks as such, known by links that lead back and forth."""

from __future__ import annotations

import re

from lxml import etree

from packager.patterns import late_pattern
from packager.xhtml import text_of

_NAMED = etree.XPath("descendant-or-self::*[@id != '']")
_CALL = late_pattern(r"[\[(]?(?:\d{1,4}|[a-z]|[ivxlc]{1,6}|[*†‡§¶]{1,3})[\])]?\.?$", re.I)
_BACK = late_pattern(r"(?:[↩↑^⏎]\ufe0e?|[a-z]{1,2}|(?:back|return|zurück)\b.{0,12}|[\[(]?\d{1,4}[\])]?\.?)$", re.I)


def find_notes(body: etree._Element) -> None:
    """Give the roles of notes to links like “1” whose target has a link back, and to the lists of such targets."""
    like_calls = [link for link in body.iter("a") if link.get("href", "")[:1] == "#" and _CALL.match(text_of(link))]
    if not like_calls:
        return
    named = {element.get("id"): element for element in _NAMED(body)}
    calls: dict[etree._Element, etree._Element] = {}
    notes: set[etree._Element] = set()
    for link in like_calls:
        target = named.get(link.get("href", "")[1:])
        if target is None or link.get("role") not in (None, "doc-noteref"):
            continue
        note = _item(target)
        if note is not None and link not in note.iter("a"):
            calls[link] = note
            if (back := _link_back(link, note)) is not None:
                back.set("role", "doc-backlink")
                notes.add(note)
    for link, note in calls.items():
        if note in notes:
            link.set("role", "doc-noteref")
    for listing in list(body.iter("ol")):
        if len(listing) and all(item in notes for item in listing) and not _is_within_notes(listing):
            section = etree.Element("section", role="doc-endnotes")
            section.tail, listing.tail = listing.tail, None
            listing.addprevious(section)
            section.append(listing)


def _item(target: etree._Element) -> etree._Element | None:
    """The item of a list that the target of a link is, or is in."""
    return next((outer for outer in (target, *target.iterancestors()) if outer.tag == "li"), None)


def _link_back(call: etree._Element, note: etree._Element) -> etree._Element | None:
    places = {place.get("id") for place in (call, *list(call.iterancestors())[:3], *call.iter()) if place.get("id")}
    for link in note.iter("a"):
        if (link.get("href") or "")[1:] in places and _BACK.match(text_of(link)):
            return link
    return None


def _is_within_notes(listing: etree._Element) -> bool:
    return any(outer.get("role") == "doc-endnotes" for outer in listing.iterancestors())
