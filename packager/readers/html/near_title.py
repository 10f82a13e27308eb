"""The lines that stand around the title of a page, where people print who wrote it and when."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from packager.readers.html.evidence import letters
from packager.readers.html.tidy import INLINE

_SILENT = frozenset("script style template noscript svg head select".split())
_BEFORE, _BEHIND = 3, 10
_LONGEST = 160
_MOST_LINES = 4000


def lines_near_title(root: etree._Element, title: str | None) -> list[str]:
    """The short lines around the title as it is printed, those behind it first; [] where the page does not print it.

    They end where the text begins: at the first long line behind the title.
    """
    body, wanted = root.find("body"), letters(title or "")
    if body is None or not wanted:
        return []
    lines = list(_lines(body))
    places = [place for place, (_, line) in enumerate(lines) if letters(line) == wanted]
    place = next((place for place in places if lines[place][0]), places[-1] if places else None)
    if place is None:
        return []
    behind: list[str] = []
    for _, line in lines[place + 1 : place + 1 + _BEHIND]:
        if len(line) > _LONGEST:
            break
        behind.append(line)
    before = [line for _, line in lines[max(0, place - _BEFORE) : place] if len(line) <= _LONGEST]
    return [*behind, *reversed(before)]


def _lines(body: etree._Element) -> Iterator[tuple[bool, str]]:
    """The lines of a page as they are printed, and whether each is a heading of the first level."""
    text, heading, silent, count = "", False, 0, 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        begins = event == "start"
        if element.tag not in INLINE or element.tag == "br":
            if line := " ".join(text.split()):
                yield heading, line
                count += 1
                if count >= _MOST_LINES:
                    return
            text = ""
        if element.tag == "h1":
            heading = begins
        if element.tag in _SILENT:
            silent += 1 if begins else -1
        if not silent:
            text += (element.text if begins else element.tail) or ""
    if line := " ".join(text.split()):
        yield heading, line
