"""English: every number becomes words, and what is short is said in full.

Each file holds the rules for one kind of writing. Their order matters: what has a form of its own (a date, a telephone
number, a sum of money) is put into words before the rules that would take a part of it for something else.
"""

from __future__ import annotations

from packager.speech.forms.english import (
    addresses,
    dates,
    letters,
    money,
    notation,
    numbers,
    roman,
    short_names,
    telephones,
    times,
    units,
    words,
)
from packager.speech.forms.english.variety import variety_of
from packager.speech.forms.rule import Rule, rule

_WRITING = (
    rule("groups of digits", r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))", ""),
    rule("spaces of all widths", r"[\u00a0\u2000-\u200a\u202f]", " "),
    rule("invisible characters", r"[\u00ad\u200b\u2060\ufeff]", ""),
    rule("hyphens of all kinds", r"[\u2010\u2011]", "-"),
    rule("dash of two hyphens", r"(?<=\w)--(?=\w)", " — "),
)
"""What would hide from the rules what they look for."""


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for English as it is written where the tag says ("en-GB", "en-US")."""
    variety = variety_of(language)
    return (
        *_WRITING,
        *addresses.ADDRESSES,
        *dates.in_figures(variety),
        *telephones.telephones(variety),
        *letters.DOTTED,
        *letters.MIXED_WORDS,
        *words.WORDS,
        *notation.FORMULAE,
        *roman.romans(variety),
        *short_names.SHORT_NAMES,
        *dates.dates(variety),
        *times.times(variety),
        *numbers.fractions(variety),
        *money.money(variety),
        *numbers.codes(variety),
        *letters.SMALL_DOTTED,
        *times.ranges(variety),
        *units.units(variety),
        *notation.MATHS,
        *numbers.codes_with_letters_last(variety),
        *letters.PAIRS,
        *notation.SIGNS,
        *letters.CAPITALS,
        *numbers.remaining(variety),
    )
