"""When two XHTML elements are the same: alike but for white space that nobody sees or hears."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from packager.xhtml import PHRASING, XML_LANG, local_name

WHITE = re.compile(r"[ \t\n\r\f]+")
"""White space as HTML knows it; a no-break space is none."""

_UNWRITABLE = re.compile(r"[\x7f-\x9f\ufdd0-\ufdef]")
_TAG = re.compile(r"(<[^>]*>)")
_BREAK = re.compile(r" ?(?P<tag><br[^>]*></br>) ?")
_NAME = re.compile(r"</?([^\s>]+)")


def form_of(element: etree._Element) -> str:
    """A string that is equal for two elements that are the same.

    Runs of white space are folded, and dropped at the edges of blocks; before a line break it counts as behind it. `pre` keeps
    its own, but for line ends at its end. Control characters, which no text file may hold, do not count.
    """
    pieces = _TAG.split(_BREAK.sub(_with_space_behind, _markup(element, False)))
    for place in range(0, len(pieces), 2):
        if place and _parts_lines(pieces[place - 1]):
            pieces[place] = pieces[place].lstrip(" ")
        if place + 1 < len(pieces) and _parts_lines(pieces[place + 1]):
            pieces[place] = pieces[place].rstrip(" ")
    return "".join(pieces)


def writable(text: str) -> str:
    """Text without the characters that no text file may hold."""
    return _UNWRITABLE.sub("", text)


def _markup(element: etree._Element, kept: bool) -> str:
    name = local_name(element)
    kept = kept or name == "pre"
    attributes = "".join(
        f' {key}="{escape(writable(value))}"' for key, value in sorted(element.attrib.items()) if key != XML_LANG
    )
    inside = _text(element.text, kept)
    inside += "".join(_markup(child, kept) + _text(child.tail, kept) for child in element)
    if name == "pre":
        inside = re.sub(r"(?:&#10;)+((?:</code>)?)$", r"\1", inside)
    return f"<{name}{attributes}>{inside}</{name}>"


def _text(text: str | None, kept: bool) -> str:
    text = escape(writable(text or ""), quote=False)
    return text.replace("\n", "&#10;").replace(" ", "&#32;") if kept else WHITE.sub(" ", text)


def _parts_lines(tag: str) -> bool:
    match = _NAME.match(tag)
    return match is not None and match[1] not in PHRASING


def _with_space_behind(found: re.Match[str]) -> str:
    return found["tag"] + (" " if found[0] != found["tag"] else "")
