"""What differs between the Englishes."""

from __future__ import annotations

from typing import NamedTuple

from babel import Locale, UnknownLocaleError


class Variety(NamedTuple):
    """`american`: "one hundred five", "kilometers", "May fifth". `month_first`: 5/6 is a day in May."""

    american: bool
    month_first: bool


def variety_of(language: str) -> Variety:
    """The variety that a language tag names. Where the tag has no region, dates in figures are read as in the US."""
    region = next((part for part in language.split("-")[1:] if len(part) == 2), "")
    return Variety(region == "US", _month_first(region))


def _month_first(region: str) -> bool:
    try:
        short = Locale("en", region or None).date_formats["short"].pattern
    except UnknownLocaleError:
        return False
    return bool(short.index("M") < short.index("d"))
