"""hibari: neural English, offline, its voice inside the package."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packager.errors import NarrationError
from packager.languages import primary
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Voice, with_sounds
from packager.narrators.hibari_sounds import AMERICAN, BRITISH, in_ipa
from packager.narrators.hibari_speaker import speaker_for
from packager.narrators.sounds import Sounds
from packager.patterns import late_pattern

RATE = 24_000
TRANSFORMS = "numpy"
LONGEST_STRETCH = 60
"""Words without a stop; hibari takes minutes and gigabytes for a thousand."""

_STOP = late_pattern(r"(?<=[.!?…;:])[\"”’)\]]*\s+")
_COMMA = late_pattern(r"(?<=,)\s+")
_NOT_LATIN = late_pattern(r"[^\W\d_a-zA-ZÀ-ɏḀ-ỿ]")
_ROUND = str.maketrans("[]", "()")
_DEFAULT = "heart"
_DEFAULT_LOUDNESS = -26.1
"""LUFS of the default voice with the silence at both ends of each sentence cut; measured on 8 minutes."""


class Hibari:
    """American English, female ("heart"); British and other voices when the user has fetched them."""

    name = "hibari"
    online = False
    quality = 90
    takes_phonemes = True

    def version(self, voice: str) -> str:
        """The package's version: code, model and voice come with it, and other voices are checked by its hashes.

        Behind the plus stands what the samples owe to how it is run here.
        """
        return f"{version('hibari-tts')}+{TRANSFORMS}"

    def missing(self) -> str | None:
        """None when hibari is installed."""
        return None if find_spec("hibari") else "Install it: pip install hibari-tts."

    def voices(self) -> Sequence[Voice]:
        """Those of hibari's registry; `ready` tells which need no download."""
        return self._voices

    def voice(self, name: str) -> Voice | None:
        """The voice with this name."""
        return next((voice for voice in self._voices if voice.name == name), None)

    @cached_property
    def _voices(self) -> tuple[Voice, ...]:
        voices = []
        for name, facts in _registry().items():
            language = "en-GB" if facts.get("british") else "en-US"
            ready = bool(facts.get("bundled")) or (_fetched_voices() / facts["file"]).exists()
            loudness = _DEFAULT_LOUDNESS if name == _DEFAULT else None
            about = f"neural, {facts.get('accent', 'American')}, {facts.get('gender', '')}".strip(" ,")
            voices.append(Voice(name, (language, "en"), about, loudness, ready))
        return tuple(sorted(voices, key=lambda voice: voice.name != _DEFAULT))

    def voice_for(self, language: str) -> Voice | None:
        """A ready voice of the same accent, else the default; None for any language but English."""
        if primary(language) != "en":
            return None
        ready = [voice for voice in self._voices if voice.ready]
        return next((voice for voice in ready if voice.languages[0] == language), ready[0])

    def can_say(self, text: str, language: str) -> bool:
        """English in Latin letters. Other scripts come out as silence or as the names of letters."""
        return primary(language) == "en" and not _NOT_LATIN.search(text) and any(char.isalnum() for char in text)

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        """Say one sentence; the noise in the voice is seeded by the text and the take alone."""
        import numpy as np

        voice = self.voice(choice.voice)
        if voice is None or not voice.ready:
            raise NarrationError(
                f"The voice “{choice.voice}” of hibari is not on this machine.",
                f"Fetch it once with “hibari --voice {choice.voice} hello -o hello.wav” (this goes to the network).",
            )
        digest = hashlib.sha256(utterance.spoken.encode()).digest()
        seed = [int.from_bytes(digest, "little"), *range(2, choice.take + 1)]
        sound = speaker_for(choice.voice).speak(_stretches(utterance, choice.voice), choice.speed, seed)
        return Pcm(np.frombuffer(sound, "<i2"), RATE)

    def prepare(self, voice: str, cache_folder: Path) -> None:
        """Start the voice's process, which loads model and pronouncing dictionary: half a second and more."""
        if (found := self.voice(voice)) and found.ready:
            speaker_for(voice, cache_folder)

    def lacks(self, ipa: str, voice: str) -> tuple[str, ...]:
        """The sounds that English has nothing near to."""
        return _sounds(voice).lacks(ipa)

    def in_ipa(self, utterance: Utterance, voice: str) -> str:
        """How the voice says it."""
        return in_ipa(" ".join(speaker_for(voice).phonemes(_stretches(utterance, voice))))


def _stretches(utterance: Utterance, voice: str) -> list[str]:
    return split_long(linked(utterance, _sounds(voice)))


def linked(utterance: Utterance, sounds: Sounds) -> str:
    """What is said, in hibari's form for words with known sounds: "[Name](/sˈWndz/)"."""
    if not utterance.phonemes:
        return utterance.spoken
    # Brackets of the text itself would be taken for the beginning of such a form.
    safe = replace(utterance, spoken=utterance.spoken.translate(_ROUND))

    def written(ipa: str) -> str | None:
        words = sounds.spelled(ipa)
        return " ".join(f"[Name](/{word}/)" for word in words.split()) if words else None

    return with_sounds(safe, written)


def split_long(text: str, longest: int = LONGEST_STRETCH) -> list[str]:
    """Cut where a text goes on for too long without a stop: at commas where there are any, else between words."""
    if len(text.split()) <= longest:
        return [text]
    stretches: list[str] = []
    for piece in _STOP.split(text):
        current: list[str] = []
        for clause in _COMMA.split(piece):
            for words in _by_words(clause, longest):
                if current and len(current) + len(words) > longest:
                    stretches.append(" ".join(current))
                    current = []
                current += words
        stretches.append(" ".join(current))
    return [stretch for stretch in stretches if stretch]


def _by_words(text: str, longest: int) -> list[list[str]]:
    words = text.split()
    return [words[start : start + longest] for start in range(0, len(words), longest)]


def _registry() -> dict[str, dict[str, Any]]:
    """Facts of each voice, as hibari has them; read without importing hibari, which takes long and is left to its process."""
    package = find_spec("hibari")
    for folder in (package.submodule_search_locations or ()) if package else ():
        file = Path(folder) / "assets" / "voices.json"
        if file.is_file():
            found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
            return found
    from hibari.voices import VOICES

    return dict(VOICES)


def _fetched_voices() -> Path:
    """Where hibari puts voices that it fetches, as `hibari.voices.cache_dir` says."""
    if named := os.environ.get("HIBARI_HOME"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("hibari", appauthor=False, opinion=False)


def _sounds(voice: str) -> Sounds:
    return BRITISH if _registry()[voice].get("british") else AMERICAN
