"""The words of the page itself (labels, help), in the languages that interface.toml has, else in English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from packager.languages import primary


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return tomllib.loads((files(__package__) / "interface.toml").read_text("utf-8"))


def interface_language(language: str) -> str:
    """The language in which the page speaks for itself, given that of a text."""
    return primary(language) if primary(language) in _all_words() else "en"


def words(language: str) -> dict[str, str]:
    """All words of the page in one of its languages."""
    return _all_words()[interface_language(language)]


def length(seconds: float, language: str) -> str:
    """How long something lasts, in whole minutes: "8 min", "1 h 5 min"."""
    own = words(language)
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    parts = [own["hours"].format(n=hours)] if hours else []
    parts += [own["minutes"].format(n=minutes)] if minutes or not hours else []
    return " ".join(parts)


def number(value: float | str, language: str) -> str:
    """A number with the decimal sign of the language: ("0.75", "de") → "0,75"."""
    from babel.numbers import format_decimal

    return str(format_decimal(value, format="0.##", locale=interface_language(language), numbering_system="latn"))


def language_name(tag: str, language: str) -> str:
    """What a language is called in another: ("de", "en") → "German"."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name(interface_language(language))
    except (UnknownLocaleError, ValueError):
        return tag
    return str(name or tag)
