"""What differs between the Englishes."""

from __future__ import annotations

from typing import NamedTuple

_MONTH_FIRST = frozenset("AS BI CA GU JP MH MP PH PR SE UM US VI ZA".split())
"""Regions whose English dates in figures begin with the month, as CLDR has them; asking Babel takes longer than an article."""


class Variety(NamedTuple):
    """`american`: "one hundred five", "kilometers", "May fifth". `month_first`: 5/6 is a day in May."""

    american: bool
    month_first: bool


def variety_of(language: str) -> Variety:
    """The variety that a language tag names. Where the tag has no region, dates in figures are read as in the US."""
    region = next((part for part in language.split("-")[1:] if len(part) == 2), "")
    return Variety(region == "US", not region or region in _MONTH_FIRST)
