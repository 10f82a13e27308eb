"""White space that nobody sees, in one form: the same text gives the same bytes, whatever it was written in."""

from __future__ import annotations

import re

from lxml import etree

from packager.patterns import late_pattern
from packager.xhtml import PHRASING, elements, local_name

_WHITE = late_pattern(r"[ \t\n\r\f]+")
"""White space as HTML knows it; a no-break space is none."""

_CONTROL = late_pattern(r"[\x7f-\x9f\ufdd0-\ufdef]")
"""What XML allows and nobody can see; no text file may hold it."""

_LINE_END = late_pattern(r"(?<=[^\x00-\u2e7f])[ \t\r\f]*\n[ \t\n\r\f]*(?=[^\x00-\u2e7f])")
_EAST_ASIAN = (
    ("\u2e80", "\u30ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\uff00", "\uff60"),
)
"""The first and last characters of scripts without spaces, between which a line end means nothing (CSS Text 4, 4.1.3)."""


def settle_white_space(body: etree._Element) -> None:
    """Fold each run of white space into one space, drop those at the edges of blocks, and let a line end follow each break.

    `pre` keeps its own, but for line ends at its end. Control characters go, and attributes come in one order.
    """
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            _settle_attributes(element)
            if element.text:
                first = next(iter(element), element)
                element.text = _settled(element.text, element, element, first)
        elif element.tail and element is not body:
            following = element.getnext()
            around = element.getparent()
            element.tail = _settled(element.tail, around, element, following if following is not None else around)
    for line_break in elements(body, "br"):
        _settle_around(line_break)
    for block in elements(body, "pre"):
        _drop_last_line_ends(block)


def _settle_attributes(element: etree._Element) -> None:
    attributes = dict(element.attrib)
    settled = {key: _CONTROL.sub("", attributes[key]) for key in sorted(attributes, key=_place_of)}
    if list(settled.items()) != list(attributes.items()):
        element.attrib.clear()
        element.attrib.update(settled)


def _place_of(attribute: str) -> tuple[bool, str]:
    return attribute != "src", attribute


def _settled(text: str, around: etree._Element, before: etree._Element, after: etree._Element) -> str | None:
    """A text inside the element `around`, between a tag of the element `before` it and one of that `after` it."""
    text = _CONTROL.sub("", text)
    if _keeps_white_space(around):
        return text or None
    text = _WHITE.sub(" ", _LINE_END.sub(_joined_lines, text))
    if _parts_lines(before):
        text = text.lstrip(" ")
    if _parts_lines(after):
        text = text.rstrip(" ")
    return text or None


def _joined_lines(line_end: re.Match[str]) -> str:
    around = (line_end.string[line_end.start() - 1], line_end.string[line_end.end()])
    east_asian = [any(first <= char <= last for first, last in _EAST_ASIAN) for char in around]
    return "" if all(east_asian) else line_end[0]


def _settle_around(line_break: etree._Element) -> None:
    """No space before a line break, and one line end behind it."""
    around, previous = line_break.getparent(), line_break.getprevious()
    if around is None or _keeps_white_space(around):
        return
    if previous is None:
        around.text = (around.text or "").rstrip(" ") or None
    else:
        previous.tail = (previous.tail or "").rstrip(" ") or None
    line_break.tail = "\n" + (line_break.tail or "").lstrip(" ")


def _drop_last_line_ends(block: etree._Element) -> None:
    last = block
    while len(last) and not last[-1].tail:
        last = last[-1]
    if len(last):
        last[-1].tail = (last[-1].tail or "").rstrip("\n") or None
    else:
        last.text = (last.text or "").rstrip("\n") or None


def _keeps_white_space(element: etree._Element) -> bool:
    return local_name(element) == "pre" or any(local_name(outer) == "pre" for outer in element.iterancestors())


def _parts_lines(element: etree._Element) -> bool:
    return local_name(element) not in PHRASING
