"""Spoken forms: how what is written is said, as ordered lists of small named rules, a module a language.

A language without a module gets the rules for all languages and leaves the rest to its engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import cast

from packager.languages import primary
from packager.model import EMPTY_LEXICON, Lexicon
from packager.speech.forms.every_language import every_language
from packager.speech.forms.pictographs import pictograph_rules
from packager.speech.forms.rule import Rule
from packager.speech.forms.tied import TiedText
from packager.speech.lexicon import Match, matches

_MODULES = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "ja": "japanese",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "zh": "chinese",
}
"""Modules of this package with a function `rules(language) -> tuple[Rule, ...]`, by the language's primary subtag."""


def has_rules(language: str) -> bool:
    """Whether numbers, dates and the like of this language are put into words; else its engine reads them."""
    return primary(language) in _MODULES


def tied_form(
    text: str, language: str, instead: Iterable[tuple[int, int, str]] = (), lexicon: Lexicon = EMPTY_LEXICON
) -> TiedText:
    """What a voice is to say for the printed `text`, with its ties. Nothing at all for what has no words ("***").

    `instead` are stretches of the text (begin, end, in order) of which is said what no rule is to change; elsewhere
    the words of the lexicon are said as it wants them, whatever the rules.
    """
    tied = TiedText(text)
    fixed = [Match(*stretch) for stretch in instead]
    fixed += [word for word in matches(lexicon, text, language) if not any(map(word.overlaps, fixed))]
    # From the last to the first, so that the offsets before a change stay right.
    for word in sorted(fixed, key=lambda match: match.begin, reverse=True):
        tied.fix(word.begin, word.end, word.said, word.ipa)
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
    return (*pictograph_rules(language), *own, *every_language(language))
