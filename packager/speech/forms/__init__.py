"""Spoken forms: how what is written is said, as ordered lists of small named rules, a file a language.

A language without a file gets the rules for all languages and leaves the rest to its engine.
"""

from __future__ import annotations

from packager.languages import primary
from packager.speech.forms.english import ENGLISH
from packager.speech.forms.every_language import EVERY_LANGUAGE
from packager.speech.forms.rule import Rule

_BY_LANGUAGE: dict[str, tuple[Rule, ...]] = {"en": ENGLISH}


def spoken_form(text: str, language: str) -> str:
    """What a voice is to say for the printed `text`; "" when nothing of it can be said (a lone "***")."""
    for rule in (*_BY_LANGUAGE.get(primary(language), ()), *EVERY_LANGUAGE):
        text = rule.pattern.sub(rule.said, text)
    text = " ".join(text.split())
    return text if any(char.isalnum() for char in text) else ""
