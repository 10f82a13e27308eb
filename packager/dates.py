"""Dates as people read them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from packager.languages import primary

if TYPE_CHECKING:
    from babel import Locale

_FIELD = re.compile(r"'(?P<quoted>[^']*)'|(?P<letter>[A-Za-z])(?P=letter)*")
_WIDTHS = {3: "abbreviated", 4: "wide"}


def readable_date(iso: str, language: str) -> str:
    """An ISO 8601 date of any precision as people write it in this language; as it is where it cannot be."""
    locale = _locale_of(language)
    try:
        parts = [int(part) for part in iso.split("-")]
        day = date(*parts) if len(parts) == 3 else date(parts[0], parts[1], 1)
    except (IndexError, TypeError, ValueError):
        return iso
    if locale is None:
        return iso
    if len(parts) == 2:
        return _formatted(day, str(locale.datetime_skeletons["yMMMM"]), locale)
    if primary(language) == "en" and not language.endswith("-US"):
        # "22 November 2026" is read everywhere; the month first is for one country.
        return _formatted(day, "d MMMM y", locale)
    return _formatted(day, str(locale.date_formats["long"]), locale)


def _locale_of(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    for tag in (language.replace("-", "_"), primary(language)):
        try:
            return Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _formatted(day: date, pattern: str, locale: Locale) -> str:
    """A date by a pattern of Unicode's (UTS 35, part 4): eras, years, months and days alone.

    Babel's own `format_date` looks for the machine's time zone first, which takes longer than all the rest.
    """

    def field(match: re.Match[str]) -> str:
        if (quoted := match["quoted"]) is not None:
            return quoted or "'"
        letter, width = match["letter"], len(match[0])
        if letter == "y":
            return str(day.year)
        if letter == "d":
            return str(day.day).zfill(width)
        if letter in "ML" and width in _WIDTHS:
            context = "format" if letter == "M" else "stand-alone"
            return str(locale.months[context][_WIDTHS[width]][day.month])
        if letter == "G":
            return str(locale.eras[_WIDTHS.get(width, "abbreviated")][1])
        return str(day.month).zfill(width)

    return _FIELD.sub(field, pattern)
