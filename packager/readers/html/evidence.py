"""Which words of a page are the article's, as a library sees it.

trafilatura is asked: of the libraries that were measured (docs/importing.md) it finds the article's words best and fastest.
Its own HTML is not used: it loses captions, languages and half of the tables.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

_MOST_ELEMENTS = 60_000
"""Beyond this trafilatura takes many seconds."""

_LITTLE = 0.1
"""The share of a page's letters below which the library is asked to look again, more slowly."""

_SHORT = 2000
"""Letters from which on the first answer is taken."""

_MUCH_BETTER = 1.5


_GAPS = re.compile(r"[\W_]+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())

_PRINTED = etree.XPath(
    ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
)


@dataclass(frozen=True)
class Evidence:
    """The letters of the article, in its order, and its lines as the library gives them."""

    letters: str = ""
    lines: tuple[str, ...] = ()


def letters(text: str) -> str:
    """What two printings of one text have in common: its letters and digits, in small."""
    if text.isascii():
        # The same, many times faster, and asked of every block of every page.
        return text.lower().encode("ascii").translate(None, _NO_LETTERS).decode("ascii")
    return _GAPS.sub("", unicodedata.normalize("NFC", text).lower())


def printed_text(body: etree._Element) -> str:
    """The text of a page as it came, without scripts and styles."""
    return "".join(_PRINTED(body))


def ask_library(root: etree._Element) -> Evidence:
    """What trafilatura takes for the article of a page; nothing when it finds none."""
    if root.xpath("count(//*)") > _MOST_ELEMENTS:
        return Evidence()
    found = _asked(root, fast=True)
    if len(found.letters) < _SHORT and _is_little(found, root.find("body")):
        second = _asked(root, fast=False)
        if len(second.letters) > _MUCH_BETTER * len(found.letters):
            found = second
    return found


def _is_little(found: Evidence, body: etree._Element | None) -> bool:
    """Whether a page prints much more than was found."""
    if body is None or len(found.letters) >= _LITTLE * sum(map(len, body.itertext())):
        return False
    return len(found.letters) < _LITTLE * len(letters(printed_text(body)))


def plain_evidence(body: etree._Element) -> Evidence:
    """All the text of a tidied page: for one so small or so plain that nothing needs to be told apart."""
    return Evidence(letters(" ".join(body.itertext())))


def _asked(root: etree._Element, fast: bool) -> Evidence:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = bare_extraction(root, fast=fast, include_comments=False, include_tables=True)
    body = getattr(found, "body", None)
    if body is None:
        return Evidence()
    lines = tuple(" ".join("".join(block.itertext()).split()) for block in body)
    return Evidence(letters(" ".join(body.itertext())), tuple(filter(None, lines)))
