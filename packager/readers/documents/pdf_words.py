"""Words that the end of a line has cut in two."""

from __future__ import annotations

import re

from packager.readers.documents.pdf_pages import BREAK

_CUT = re.compile(rf"(\w+)(?:{BREAK}|-(?=\n))\n?(\w+)")


def joined(text: str, known: str) -> str:
    """Lines as one paragraph: cut words are mended, other ends of lines are spaces.

    `known` is the whole text: where it has the word with its hyphen inside a line, the hyphen stays; so it does before
    a capital letter or a number.
    """

    def mend(cut: re.Match[str]) -> str:
        whole, hyphened = cut[1] + cut[2], f"{cut[1]}-{cut[2]}"
        if not cut[2][0].islower() and cut[2][0].isascii():
            return hyphened
        return hyphened if hyphened in known and whole not in known else whole

    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return " ".join(_CUT.sub(mend, lines).replace(BREAK, "-").split())
