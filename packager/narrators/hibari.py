"""hibari: neural English, offline, its voice inside the package."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from packager.errors import NarrationError
from packager.languages import primary
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Voice

RATE = 24_000
LONGEST_STRETCH = 60
"""Words without a stop; hibari takes minutes and gigabytes for a thousand."""

_STOP = re.compile(r"(?<=[.!?…;:])[\"”’)\]]*\s+")
_COMMA = re.compile(r"(?<=,)\s+")
_NOT_LATIN = re.compile(r"[^\W\d_a-zA-ZÀ-ɏḀ-ỿ]")
_HEART_LOUDNESS = -26.1
"""LUFS of the voice "heart" with the silence at both ends of each sentence cut; measured on 8 minutes."""


class Hibari:
    """American English, female ("heart"); British and other voices when the user has fetched them."""

    name = "hibari"
    online = False
    quality = 90
    takes_phonemes = False

    def version(self, voice: str) -> str:
        """The package's version: code, model and voice come with it, and other voices are checked by its hashes."""
        return version("hibari-tts")

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
        from hibari.voices import DEFAULT, VOICES, voice_path

        voices = []
        for name, facts in VOICES.items():
            language = "en-GB" if facts.get("british") else "en-US"
            ready = bool(facts.get("bundled")) or _is_there(voice_path, name)
            loudness = _HEART_LOUDNESS if name == DEFAULT else None
            about = f"neural, {facts.get('accent', 'American')}, {facts.get('gender', '')}".strip(" ,")
            voices.append(Voice(name, (language, "en"), about, loudness, ready))
        return tuple(sorted(voices, key=lambda voice: voice.name != DEFAULT))

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
        engine = _engine(choice.voice)
        text = utterance.spoken
        seed = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint32)
        parts: list[Any] = []
        with _phonemes_lock:
            phonemes = [part for stretch in split_long(text) for part in engine.phonemize(stretch)]
        for number, part in enumerate(phonemes):
            noise = np.random.default_rng([number, *seed.tolist(), *range(2, choice.take + 1)])
            parts.append(engine.from_ids(engine.ids(part), choice.speed, noise))
        wave = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Pcm((np.clip(wave, -1.0, 1.0) * 32767.0).astype(np.int16), RATE)


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


_load_lock = threading.Lock()
_phonemes_lock = threading.Lock()
# Spelling to sound is pure Python under one interpreter lock anyway, and its caches are not made for threads.


def _engine(voice: str) -> Any:
    with _load_lock:
        return _loaded(voice)


@lru_cache(maxsize=2)
def _loaded(voice: str) -> Any:
    """The model and, read at the same time, the pronouncing dictionary: each takes half a second."""
    from hibari import Hibari as Engine
    from hibari.g2p import G2P
    from hibari.voices import VOICES

    with ThreadPoolExecutor(1) as beside:
        dictionary = beside.submit(G2P, british=bool(VOICES[voice].get("british")))
        return Engine(voice=voice, threads=1, g2p=lambda text: dictionary.result()(text))


def _is_there(voice_path: Any, name: str) -> bool:
    try:
        voice_path(name, download_missing=False)
    except (FileNotFoundError, ValueError):
        return False
    return True
