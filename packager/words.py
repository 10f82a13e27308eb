"""The few words that the book says by itself, in the book's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from packager.languages import primary
from packager.patterns import late_pattern

_I_SOUND = late_pattern(r"h?[ií](?![aeouáéóú])|y(?![aeiouáéíóú])", re.I)
"""How a word begins before which the Spanish “y” becomes “e”: “Juan e Ignacio”, but “agua y hielo”."""


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("packager") / "words.toml").read_text("utf-8"))


def has_words(language: str) -> bool:
    """Whether the book can speak for itself in this language."""
    return primary(language) in _all_words()


def own_language(language: str) -> str:
    """The language in which the book speaks for itself, given the article's."""
    return language if has_words(language) else "en"


def colophon_language(language: str) -> str:
    """The language of the colophon and the accessibility summary, given the article's.

    All of English has one text, with British spelling and dates, so it is tagged without a country.
    """
    own = own_language(language)
    return "en" if primary(own) == "en" else own


def word(key: str, language: str, **values: str) -> str:
    """A word or phrase in `language`, or in English where there is none."""
    return str(_words(language)[key]).format(**values)


def word_or_none(key: str, language: str) -> str | None:
    """A word that not every language has."""
    return _words(language).get(key)


def counted(key: str, number: int, language: str) -> str:
    """So many of something, the number in digits: "one line", "12 lines"."""
    one, many = _words(language)[key]
    return str(one) if number == 1 else str(many).format(count=number)


def told(key: str, number: int, language: str, **values: str) -> str:
    """A phrase for so many of something, the number in words up to twelve: "one table", "two tables", "13 tables"."""
    words = _words(language)
    one, many = (words[key], words[key]) if isinstance(words[key], str) else words[key]
    written_out = dict(enumerate(words["numbers"], start=2))
    return str(one if number == 1 else many).format(count=written_out.get(number, number), **values)


def capitalised(sentence: str) -> str:
    """The sentence with a capital at its beginning, and no other letter changed."""
    return sentence[:1].upper() + sentence[1:]


def joined_names(names: Sequence[str], language: str) -> str:
    """Names as a sentence lists them: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_and(names[-1], language)} {names[-1]}"


def _and(name: str, language: str) -> str:
    before_i = word_or_none("and_before_i", language)
    return before_i if before_i and _I_SOUND.match(name) else word("and", language)


def _words(language: str) -> dict[str, Any]:
    return _all_words()[primary(own_language(language))]
