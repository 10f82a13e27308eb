"""The lines at the head of an article that its metadata already say: title, subtitle, byline, date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from packager.readers.dates import find_date
from packager.readers.html.blocks import Block, blocks
from packager.readers.html.evidence import letters
from packager.xhtml import remove, text_of

_LONGEST_LINE = 160
_PROSE = 100
"""Letters of a block with which the text itself has begun."""

_SUBTITLE = re.compile(
    r"sub-?(?:title|head(?:line)?)|stand-?first|\bdeck?\b|strap-?line|tag-?line|untertitel|chapeau", re.I
)
_WORDS_OF_A_BYLINE = re.compile(
    r"\b(?:written|reported|posted|published|updated|modified|edited|created|first|last|on|in|at|by|from|the|and|am|pm|"
    r"a\.m|p\.m|[ecmp][sd]?t|gmt|utc|min(?:ute)?s?|read(?:ing)?|time|von|vom|uhr|aktualisiert|veröffentlicht|erstellt|stand|und|"
    r"par|le|publié|mis|à|jour|et|por|el|publicado|actualizado|em|às|di|il|pubblicato|aggiornato|door|op|"
    r"follow(?:ing)?|share|listen|\d+|author|autor(?:in)?|auteur|date|datum|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d(?::\d\d)?\b|[+-]\d\d:?\d\d\b")


def take_masthead(body: etree._Element, title: str | None, authors: Sequence[str]) -> str | None:
    """Take those lines out of the tree; the subtitle, if one stood among them."""
    head = _head(body)
    subtitle = None
    same = letters(title or "")
    for block in head:
        text = text_of(block.element)
        if not block.letters or block.element.getparent() is None:
            continue
        if same and _is_title(block, same):
            _take(block.element)
        elif subtitle is None and _SUBTITLE.search(_names(block.element)) and len(text) < 400 and block.linked == 0:
            subtitle = text
            _take(block.element)
        elif len(text) < _LONGEST_LINE and _is_byline(text, authors):
            _take(block.element)
    return subtitle


def _head(body: etree._Element) -> list[Block]:
    """The blocks before the text itself, the title's own and those around it."""
    head: list[Block] = []
    for block in blocks(body):
        is_caption = any(
            outer.tag in ("figure", "figcaption", "table") for outer in (block.element, *block.element.iterancestors())
        )
        if is_caption:
            continue
        prose = len(block.letters) >= _PROSE and not _SUBTITLE.search(_names(block.element))
        if prose and block.element.tag not in ("h1", "h2"):
            break
        head.append(block)
        if len(head) > 25:
            break
    return head


def _is_title(block: Block, title: str) -> bool:
    text = block.letters
    if text == title:
        return True
    level = block.element.tag
    heading = level in ("h1", "h2") or any(outer.tag in ("h1", "h2") for outer in block.element.iterancestors())
    return heading and (text in title or title in text) and 2 * min(len(text), len(title)) > max(len(text), len(title))


def _is_byline(text: str, authors: Sequence[str]) -> bool:
    """Whether nothing is left of a line without the authors' names, dates, times and the words that go with them."""
    rest = text
    named = False
    for name in sorted(authors, key=len, reverse=True):
        shorter = re.sub(re.escape(name), " ", rest, flags=re.I)
        named, rest = named or shorter != rest, shorter
    for _ in range(3):
        if found := find_date(rest):
            named, rest = True, rest.replace(found[1], " ", 1)
    rest = _WORDS_OF_A_BYLINE.sub(" ", _CLOCK.sub(" ", rest))
    return named and len(letters(rest)) <= 3


def _names(element: etree._Element) -> str:
    outer = element.getparent()
    around = f"{outer.get('class', '')}" if outer is not None and len(outer) == 1 else ""
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')} {around}"


def _take(element: etree._Element) -> None:
    """Remove an element and what around it is empty then."""
    parent = element.getparent()
    remove(element)
    while (
        parent is not None
        and parent.tag != "body"
        and not text_of(parent)
        and not any(True for _ in parent.iter("img"))
    ):
        outer = parent.getparent()
        if outer is None:
            break
        remove(parent)
        parent = outer
