"""Which words of a page are the article's, as a library sees it.

trafilatura is asked: of the libraries that were measured (docs/importing.md) it finds the article's words best and fastest.
Its own HTML is not used: it loses captions, languages and half of the tables.
"""

from __future__ import annotations

import copy
import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from lxml import etree

_TOO_MANY = etree.XPath("boolean(descendant::*[60000])")
"""With so many elements trafilatura takes many seconds."""

_LITTLE = 0.1
"""The share of a page's letters below which the library is asked to look again, more slowly."""

_SHORT = 2000
"""Letters from which on the first answer is taken."""

_MUCH_BETTER = 1.5

_GAPS = re.compile(r"[\W_]+")
_SMALL = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_PRINTED = ("script", "style", "noscript", "template")


@dataclass(frozen=True)
class Evidence:
    """The letters of the article, in its order, and the tree that the library gives."""

    letters: str = ""
    body: etree._Element | None = None

    def lines(self) -> list[str]:
        """The lines of the article as the library gives them."""
        found = [" ".join("".join(block.itertext()).split()) for block in self.body] if self.body is not None else []
        return list(filter(None, found))


def letters(text: str) -> str:
    """What two printings of one text have in common: its letters and digits, in small."""
    if text.isascii():
        # The same, many times faster, and asked of every block of every page.
        return text.encode("ascii").translate(_SMALL, _NO_LETTERS).decode("ascii")
    return _GAPS.sub("", unicodedata.normalize("NFC", text).lower())


def printed_text(body: etree._Element) -> str:
    """The text of a page as it came, without scripts and styles."""
    printed = copy.deepcopy(body)
    etree.strip_elements(printed, *_NOT_PRINTED, with_tail=False)
    return "".join(printed.itertext())


def ask_library(root: etree._Element) -> Evidence:
    """What trafilatura takes for the article of a page, which it leaves as it is; nothing when it finds none."""
    if _TOO_MANY(root):
        return Evidence()
    found = _asked(root, fast=True)
    if len(found.letters) < _SHORT and _is_little(found, root.find("body")):
        second = _asked(root, fast=False)
        if len(second.letters) > _MUCH_BETTER * len(found.letters):
            found = second
    return found


def _is_little(found: Evidence, body: etree._Element | None) -> bool:
    """Whether a page prints much more than was found."""
    if body is None or len(found.letters) >= _LITTLE * len(letters("".join(body.itertext()))):
        return False
    return len(found.letters) < _LITTLE * len(letters(printed_text(body)))


def plain_evidence(body: etree._Element) -> Evidence:
    """All the text of a tidied page: for one so small or so plain that nothing needs to be told apart."""
    return Evidence(letters(" ".join(body.itertext())))


def _asked(root: etree._Element, fast: bool) -> Evidence:
    body = getattr(_library(fast)(root), "body", None)
    return Evidence() if body is None else Evidence(letters(" ".join(body.itertext())), body)


@cache
def _library(fast: bool) -> Callable[[etree._Element], object]:
    """The library with our settings, which it would else make anew for each page."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # "xml" only because it then makes no text of the tree that it gives.
    return partial(bare_extraction, options=Extractor(output_format="xml", fast=fast, comments=False, tables=True))
