"""Citations and bare web addresses inside a text: what the listening plan wants said in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.model import Listening, Omission
from packager.patterns import late_pattern
from packager.words import has_words, word

Instead = tuple[int, int, str]
"""Begin and end in the text, and what is said there."""

_CITATION = late_pattern(r"(?<=[\w.,;:!?)\]”’\"%])\s?(?:\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\])+")
"""Numbers in brackets behind a word, as papers and encyclopedias cite; a list of sources begins with them, and keeps them."""

_POINTING = late_pattern(
    r"\b(?:in|see|by|of|from|to|with|and|or|per|cf\.?|ref\.?|bei|siehe|von|dans|voir|de|en|ver|véase)$", re.I
)
"""A word that points at the citation: without it the sentence would hang in the air."""

_ADDRESS = late_pattern(r"\b(?:https?://|www\.)[^\s<>“”\"]*[^\s<>“”\".,;:!?)\]’']", re.I)
_SCHEME = late_pattern(r"(?:https?://)?(?:www\.)?", re.I)
_SIGNS = {".": "dot", "/": "slash", "-": "hyphen", "_": "underscore", ":": "colon", "#": "hash"}


def asides(text: str, language: str, listening: Listening) -> tuple[list[Omission], list[Instead]]:
    """What is not read of `text`, and what is said instead, in order."""
    omissions: list[Omission] = []
    instead: list[Instead] = []
    if listening.citations != "read" and "[" in text:
        for match in _CITATION.finditer(text):
            if _POINTING.search(text, 0, match.start()):
                continue
            omissions.append(Omission(f"“{match[0].strip()}”", "citations are not read", "citation"))
            instead.append((*match.span(), ""))
    if listening.addresses != "summarise":
        for match in _ADDRESS.finditer(text):
            instead.append((*match.span(), _said_of_address(match[0], language, listening)))
            if listening.addresses != "read":
                omissions.append(Omission(match[0], "web addresses are not read", "address"))
    return omissions, sorted(instead)


def _said_of_address(address: str, language: str, listening: Listening) -> str:
    if listening.addresses == "leave-out":
        return ""
    if listening.addresses == "announce":
        return word("address", language) if has_words(language) else ""
    return " ".join(_spelt_out(_SCHEME.sub("", address, count=1), language))


def _spelt_out(address: str, language: str) -> Iterator[str]:
    """The words of an address with the signs between them by name; a sign without one is left to the voice."""
    for piece in re.findall(r"\w+|\W", address.rstrip("/").replace("_", " _ ")):
        if piece.strip():
            yield word(_SIGNS[piece], language) if piece in _SIGNS and has_words(language) else piece
