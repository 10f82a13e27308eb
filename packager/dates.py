"""Dates as people read them."""

from __future__ import annotations

from datetime import date

from packager.languages import primary

_ENGLISH_MONTHS = "January February March April May June July August September October November December".split()
"""English articles are the most: they need not wait for the dates of all languages, which take longer than to read one."""


def readable_date(iso: str, language: str) -> str:
    """An ISO 8601 date of any precision as people write it in this language; as it is where it cannot be."""
    try:
        parts = [int(part) for part in iso.split("-")]
        day = date(parts[0], parts[1], 1) if len(parts) == 2 else date(*parts)
    except (TypeError, ValueError):
        return iso
    write = _in_english if primary(language) == "en" else _in_other_language
    return write(day, len(parts) == 3, language) or iso


def _in_english(day: date, whole: bool, language: str) -> str:
    month = _ENGLISH_MONTHS[day.month - 1]
    if not whole:
        return f"{month} {day.year}"
    # "22 November 2026" is read everywhere; the month first is for one country.
    return f"{month} {day.day}, {day.year}" if language.endswith("-US") else f"{day.day} {month} {day.year}"


def _in_other_language(day: date, whole: bool, language: str) -> str | None:
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        try:
            locale = Locale.parse(primary(language))
        except (UnknownLocaleError, ValueError):
            return None
    return str(format_date(day, "long", locale=locale) if whole else format_skeleton("yMMMM", day, locale=locale))
