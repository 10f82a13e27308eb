"""The few words that the book says by itself, in the book's language."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from packager.languages import primary


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("packager") / "words.toml").read_text("utf-8"))


def has_words(language: str) -> bool:
    """Whether the book can speak for itself in this language."""
    return primary(language) in _all_words()


def own_language(language: str) -> str:
    """The language in which the book speaks for itself, given the article's."""
    return language if has_words(language) else "en"


def word(key: str, language: str, **values: str) -> str:
    """A word or phrase in `language`, or in English where there is none."""
    return str(_all_words()[primary(own_language(language))][key]).format(**values)


def counted(key: str, number: int, language: str) -> str:
    """So many of something, the number in digits: "one line", "12 lines"."""
    one, many = _all_words()[primary(own_language(language))][key]
    return str(one) if number == 1 else str(many).format(count=number)


def joined_names(names: Sequence[str], language: str) -> str:
    """Names as a sentence lists them: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word('and', language)} {names[-1]}"
