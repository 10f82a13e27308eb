"""Where sentences end. sentencex finds the ends: 34 languages tested by its makers, lossless, no model to load."""

from __future__ import annotations

import re

import sentencex

from packager.languages import primary
from packager.patterns import late_pattern

LONG_PIECE = 200
"""Characters from which a piece that holds a quotation is looked at again: sentencex keeps a whole quotation together."""

_QUOTATION_MARKS = late_pattern(r"[“”„«»\"‹›「」『』]")
_BEFORE_A_NUMBER = late_pattern(r"\b(?:vol|nos?|pp?|figs?|ch|sec|art|eqs?|ca|approx)\.\s*$", re.I)
_INK = late_pattern(r"\S")
_AFTER_BRACKET = late_pattern(r"(?<=\w[.!?]\))\s+(?=[“\"‘(]?[A-Z])")


def sentence_starts(text: str, language: str) -> list[int]:
    """Offsets at which the sentences of `text` begin; the first is 0. Together the sentences are the text, exactly."""
    starts = {0}
    for piece in sentencex.get_sentence_boundaries(primary(language), text):
        begin = piece["start_index"]
        starts.add(begin)
        if len(piece["text"]) > LONG_PIECE and _QUOTATION_MARKS.search(piece["text"]):
            starts.update(begin + offset for offset in _starts_inside_quotations(piece["text"], language))
    starts.update(match.end() for match in _AFTER_BRACKET.finditer(text))
    kept = [0]
    for start in sorted(starts - {0}):
        # What is blank is no sentence: it belongs to its neighbour.
        if _INK.search(text, kept[-1], start) and _may_start(text, start):
            kept.append(start)
    return kept


def _may_start(text: str, start: int) -> bool:
    following = _INK.search(text, start)
    return following is not None and not (
        following[0].isdigit() and _BEFORE_A_NUMBER.search(text[max(start - 12, 0) : start])
    )


def _starts_inside_quotations(text: str, language: str) -> list[int]:
    """Split again with the quotation marks taken out, and find the same places in the text with them."""
    kept = [index for index, char in enumerate(text) if not _QUOTATION_MARKS.match(char)]
    bare = "".join(text[index] for index in kept)
    starts = []
    for piece in sentencex.get_sentence_boundaries(primary(language), bare):
        offset = piece["start_index"]
        if offset == 0 or offset >= len(kept):
            continue
        start = kept[offset]
        # An opening mark before the first word belongs to the sentence that it opens.
        while start > 0 and _QUOTATION_MARKS.match(text[start - 1]) and text[start - 1] not in "”»":
            start -= 1
        starts.append(start)
    return starts
