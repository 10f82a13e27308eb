"""Which language a text is in, when nobody said."""

from __future__ import annotations

from collections import Counter

import pycld2

from packager.patterns import late_pattern

_NEWER_CODES = {"iw": "he", "in": "id", "ji": "yi", "no": "nb"}
_SENTENCE_END = late_pattern(r"(?<=[.!?…。！？۔؟])\s*(?=\S)|\n+")
_SHORT = 2000
"""Characters below which one long sentence in another language can outweigh the rest."""


def detect_language(text: str) -> str | None:
    """The BCP 47 tag of the language that most of `text` is in; None when the text says too little.

    CLD2 is asked: it is nearly as good as the best (97 % of pages) and, alone among them, loads at once. Of a short text it is
    asked sentence by sentence, too: what most of them are in wins over a quotation that is longer than they are.
    """
    found = _detected(text[:200_000])
    if len(text) > _SHORT:
        return found
    votes = Counter(filter(None, map(_sure, _SENTENCE_END.split(text))))
    (first, most), (_, next_most), *_ = [*votes.most_common(2), (None, 0), (None, 0)]
    return first if most >= 2 and most >= 2 * next_most else found


def _detected(text: str) -> str | None:
    try:
        reliable, _, details = pycld2.detect(text)[:3]
    except pycld2.error:
        return None
    code, share = details[0][1], details[0][2]
    # "xx-…" is a script that no language was found for, "zz…" are jokes such as pig Latin.
    if code.startswith(("un", "xx", "zz")) or (not reliable and share < 60):
        return None
    return str(_NEWER_CODES.get(code, code))


def _sure(sentence: str) -> str | None:
    """The language of a sentence that is long enough to tell."""
    return _detected(sentence) if len(sentence) > 8 else None
