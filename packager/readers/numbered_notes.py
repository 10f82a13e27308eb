"""Notes in the form that our own Markdown gives them: whatever a source calls them, the same notes give the same text."""

from __future__ import annotations

import re

from lxml import etree

from packager.model import XHTML
from packager.xhtml import PHRASING, append_text, elements, local_name, remove, text_of

_BEFORE_NOTE = re.compile(r"^[\s^↑]+")


def settle_notes(body: etree._Element) -> None:
    """Number the notes at the end of a clean body, if there is one list of them and they are called in its order.

    A note is then called `note-1`, the place that calls it `noteref-1`, another `noteref-1-1`; each is led back to by “↩”. Notes
    of any other shape stay as they are.
    """
    section = _only_section(body)
    items = list(section[-1]) if section is not None else []
    calls = _calls_of(items, body)
    if section is None or not items or not _are_numbered(items, calls):
        return
    renamed = {item.get("id", ""): f"n-note-{number}" for number, item in enumerate(items, start=1)}
    anchors: dict[etree._Element, str] = {}
    places: dict[str, str] = {}
    for number, item in enumerate(items, start=1):
        for again, call in enumerate(calls[item]):
            anchors[call] = f"n-noteref-{number}" + (f"-{again}" if again else "")
            names = filter(None, (call.get("id"), call.getparent().get("id")))
            places |= dict.fromkeys(names, anchors[call])
    for item in items:
        for link in [link for link in elements(item, "a") if link not in anchors and _leads_back(link, places)]:
            _take_link_back(link, item)
    for number, item in enumerate(items, start=1):
        for call in calls[item]:
            _settle_call(call, number, anchors[call])
        _settle_item(item, number, [anchors[call] for call in calls[item]])
    renamed |= places
    for link in elements(body, "a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] in renamed:
            link.set("href", f"#{renamed[target[1:]]}")
    for first in list(section)[:-1]:
        remove(first)
    section[-1].attrib.clear()
    section.attrib.clear()
    section.set("role", "doc-endnotes")
    rule = section.getprevious()
    if rule is not None and local_name(rule) == "hr":
        remove(rule)
    if section.getparent() is not body:
        _move_to_end(section, body)


def _only_section(body: etree._Element) -> etree._Element | None:
    """The section of notes, when there is but one, at the very end, and it holds one list, after a rule perhaps."""
    sections = [section for section in elements(body, "section") if section.get("role") == "doc-endnotes"]
    if len(sections) != 1 or [local_name(child) for child in sections[0]] not in (["ol"], ["hr", "ol"]):
        return None
    place = sections[0]
    while place is not body:
        if place.getnext() is not None or (place.tail or "").strip():
            return None
        place = place.getparent()
    return sections[0]


def _calls_of(items: list[etree._Element], body: etree._Element) -> dict[etree._Element, list[etree._Element]]:
    by_name = {f"#{item.get('id')}": item for item in items if item.get("id")}
    calls: dict[etree._Element, list[etree._Element]] = {}
    for link in elements(body, "a"):
        if link.get("role") == "doc-noteref" and link.get("href") in by_name:
            calls.setdefault(by_name[link.get("href", "")], []).append(link)
    return calls


def _are_numbered(items: list[etree._Element], calls: dict[etree._Element, list[etree._Element]]) -> bool:
    """Whether all are called, first in their order, by raised numbers that are their own."""
    if list(calls) != items:
        return False
    return all(
        text_of(call).strip("[]()") == str(number) and _raise(call)
        for number, item in enumerate(items, start=1)
        for call in calls[item]
    )


def _raise(call: etree._Element) -> bool:
    """Let the link stand in `sup`, where the page has it the other way round; whether it is raised."""
    around = call.getparent()
    if local_name(around) == "sup":
        return len(around) == 1 and not (around.text or call.tail or "").strip()
    if len(call) != 1 or local_name(call[0]) != "sup" or (call.text or call[0].tail or "").strip():
        return False
    raised = etree.Element(f"{{{XHTML}}}sup")
    raised.tail, call.tail = call.tail, None
    around.replace(call, raised)
    raised.append(call)
    return True


def _leads_back(link: etree._Element, places: dict[str, str]) -> bool:
    return link.get("role") == "doc-backlink" or link.get("href", "")[1:] in places


def _settle_call(call: etree._Element, number: int, anchor: str) -> None:
    call.getparent().attrib.clear()
    call.attrib.clear()
    call.attrib.update({"href": f"#n-note-{number}", "id": anchor, "role": "doc-noteref"})
    for child in list(call):
        call.remove(child)
    call.text = str(number)


def _settle_item(item: etree._Element, number: int, anchors: list[str]) -> None:
    item.attrib.clear()
    item.set("id", f"n-note-{number}")
    if len(item) == 0 or local_name(item[0]) in PHRASING:
        _wrap(item)
    item[0].text = _BEFORE_NOTE.sub("", item[0].text or "")
    last = item[-1]
    if local_name(last) != "p":
        last = etree.SubElement(item, f"{{{XHTML}}}p")
    for anchor in anchors:
        if text_of(last):
            append_text(last, " ")
        back = etree.SubElement(last, f"{{{XHTML}}}a", href=f"#{anchor}", role="doc-backlink")
        back.text = "↩"


def _take_link_back(link: etree._Element, item: etree._Element) -> None:
    """Remove a link and what is empty around it then."""
    place: etree._Element | None = link
    while place is not None and place is not item and (place is link or not text_of(place)):
        outer = place.getparent()
        remove(place)
        place = outer


def _wrap(item: etree._Element) -> None:
    paragraph = etree.Element(f"{{{XHTML}}}p")
    paragraph.text, item.text = item.text, None
    paragraph.extend(list(item))
    item.append(paragraph)


def _move_to_end(section: etree._Element, body: etree._Element) -> None:
    place = section.getparent()
    remove(section)
    body.append(section)
    while place is not body and not len(place) and not text_of(place):
        outer = place.getparent()
        remove(place)
        place = outer
