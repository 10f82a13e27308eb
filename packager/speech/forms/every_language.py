"""Rules that hold whatever the language: what is no word is not said.

What is part of a word in some script stays: the joiner and non-joiner (U+200D, U+200C) of Persian and Indic words,
combining marks, the middle dot of Catalan, the zero-width space between words of Thai, Lao, Burmese and Khmer.
"""

from __future__ import annotations

import re

from packager.speech.forms.pictographs import has_names, kept_emoji
from packager.speech.forms.rule import Rule, rule

_UNSPACED = r"\u3001-\uffff"
"""Scripts that put no space around an address, and their marks: one range, because many take long to compile."""

_LABEL = rf"(?:[^\W_{_UNSPACED}]|-)+"
_PICTOGRAPH = r"[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U000e0000-\U000e007f\u20e3]"

BEFORE_WORDS = (
    rule("quotation as TeX writes it", r"``(?=\S)([^`\n]{1,400}?)(?<=\S)''", r"“\1”"),
    rule("quotation of old keyboards", r"(?<![\w`])`(?=\w)([^`'\n]{1,100}?)(?<=\w)'(?!\w)", r"‘\1’"),
    rule(
        "web address",
        rf"(?<![^\W_{_UNSPACED}])(?:https?://(?:www\.)?|www\.(?=\w))(?:[^\s/@]{{0,80}}@)?({_LABEL}(?:\.{_LABEL})*)(?::\d+)?"
        rf"(?:[/?#](?:[^\s<>“”«»{_UNSPACED}]*[^\s<>“”«»{_UNSPACED}.,;:!?)\]’…])?)?",
        r"\1",
    ),
    rule(
        "invisible characters",
        r"[\u00ad\u034f\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f\ufff9-\ufffb]"
        r"|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b",
        "",
    ),
)
"""These come before the rules of a language, so that no number inside an address is put into words."""

_LAST = (
    rule("reference marks", r"[†‡¶§*_#|~^`\\<>]+", " "),
    rule("bullets", r"[•‣⁃]|(?<!\S)·(?!\S)", " "),
    rule("spaces of all widths", r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " "),
    rule("stops before the first word", r"^[\s,.;:!?…)\]”’»،؛؟。、，！？）」』]+", ""),
    rule("space before a stop", r"(?<!\s)\s+([.,;:!?])(?=\s|$)", r"\1", re.ASCII),
    rule("runs of white space", r"\s{2,}|[^\S ]", " "),
    rule("white space at the ends", r"\A\s+|\s+\Z", ""),
)


def every_language(language: str) -> tuple[Rule, ...]:
    """The rules that come after those of a language. Emoji without names here are left to the voice."""
    said = " " if has_names(language) else lambda match: f" {kept_emoji(match[0])} "
    return (*BEFORE_WORDS, rule("pictographs", rf"{_PICTOGRAPH}(?:\u200d?{_PICTOGRAPH})*", said), *_LAST)
