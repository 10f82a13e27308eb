"""Spoken forms: how what is written is said, as ordered lists of small named rules, a module a language.

A language without a module gets the rules for all languages and leaves the rest to its engine.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import cast

from packager.languages import primary
from packager.speech.forms.every_language import EVERY_LANGUAGE
from packager.speech.forms.rule import Rule
from packager.speech.forms.tied import TiedText

_MODULES = {"en": "english"}
"""Modules of this package with a function `rules(language) -> tuple[Rule, ...]`, by the language's primary subtag."""


def has_rules(language: str) -> bool:
    """Whether numbers, dates and the like of this language are put into words; else its engine reads them."""
    return primary(language) in _MODULES


def tied_form(text: str, language: str) -> TiedText:
    """What a voice is to say for the printed `text`, with its ties. Nothing at all for what has no words ("***")."""
    tied = TiedText(text)
    for rule in _rules(language):
        tied.apply(rule)
    if not any(map(str.isalnum, tied.spoken)):
        tied.silence()
    return tied


def spoken_form(text: str, language: str) -> str:
    """What a voice is to say for the printed `text`; "" when nothing of it can be said."""
    return tied_form(text, language).spoken


@lru_cache(maxsize=64)
def _rules(language: str) -> tuple[Rule, ...]:
    own: tuple[Rule, ...] = ()
    if name := _MODULES.get(primary(language)):
        own = cast("tuple[Rule, ...]", import_module(f"{__name__}.{name}").rules(language))
    return (*own, *EVERY_LANGUAGE)
