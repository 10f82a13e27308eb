"""Known pronunciations among Piper's phonemes, which are IPA as eSpeak writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from packager.ipa import STRESS
from packager.model import Utterance
from packager.narrators.base import with_sounds
from packager.narrators.espeak_sounds import defused, sounds_of
from packager.narrators.sounds import Sounds

_STAND_INS = ("Zagazig", "Mimosa", "Kalamazoo")
"""Words that stand for those with known sounds while the sentence around them is put into phonemes."""


def phonemes_of(utterance: Utterance, engine: Any) -> list[list[str]]:
    """The phonemes of each sentence. A word keeps its spelling where its sounds find no place."""
    safe = replace(utterance, spoken=defused(utterance.spoken))
    if utterance.phonemes and (sounds := sounds_of_voice(engine)).symbols:
        for word in _STAND_INS:
            if found := _with_stand_in(safe, word, sounds, engine):
                return found
    plain: list[list[str]] = [sentence for sentence in engine.phonemize(safe.spoken) if sentence]
    return plain


def sounds_of_voice(engine: Any) -> Sounds:
    """The sounds of the language that a voice was trained on; none for voices that do not read IPA."""
    config = engine.config
    if config.phoneme_type.value != "espeak" or config.vowel_clusters:
        return Sounds({})
    known = sounds_of(config.espeak_voice).symbols
    return Sounds({sound: sound for sound in known if all(char in config.phoneme_id_map for char in sound)})


def _with_stand_in(utterance: Utterance, word: str, sounds: Sounds, engine: Any) -> list[list[str]] | None:
    """The phonemes with those of the stand-in replaced; None when they are not found as often as it was put in."""
    wanted: list[str] = []

    def written(ipa: str) -> str | None:
        if symbols := sounds.spelled(ipa):
            wanted.append(symbols)
        return word if symbols else None

    text = with_sounds(utterance, written)
    sentences = ["".join(sentence) for sentence in engine.phonemize(text) if sentence]
    pattern = _pattern(word, engine)
    if sum(len(pattern.findall(sentence)) for sentence in sentences) != len(wanted):
        return None
    rest = iter(wanted)
    return [_replaced(sentence, pattern, rest) for sentence in sentences]


def _replaced(sentence: str, pattern: re.Pattern[str], symbols: Iterator[str]) -> list[str]:
    return list(unicodedata.normalize("NFD", pattern.sub(lambda place: next(symbols), sentence)))


def _pattern(word: str, engine: Any) -> re.Pattern[str]:
    """The stand-in's phonemes with whatever stress the sentence gives it."""
    alone = "".join(char for sentence in engine.phonemize(word) for char in sentence if char not in STRESS)
    return re.compile("".join(f"[{STRESS}]?{re.escape(char)}" for char in alone.strip(" .")))
