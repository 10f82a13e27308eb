"""Dates as people read them."""

from __future__ import annotations

from datetime import date

from packager.languages import primary


def readable_date(iso: str, language: str) -> str:
    """An ISO 8601 date of any precision as people write it in this language; as it is where it cannot be."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        try:
            locale = Locale.parse(primary(language))
        except (UnknownLocaleError, ValueError):
            return iso
    try:
        parts = [int(part) for part in iso.split("-")]
        if len(parts) == 2:
            return str(format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=locale))
        day = date(*parts)
    except (TypeError, ValueError):
        return iso
    if primary(language) == "en" and not language.endswith("-US"):
        # "22 November 2026" is read everywhere; the month first is for one country.
        return format_date(day, "d MMMM y", locale=locale)
    return format_date(day, "long", locale=locale)
