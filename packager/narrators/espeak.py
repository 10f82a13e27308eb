"""eSpeak NG: a hundred languages, offline, small and quick, and it sounds like a machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from packager.errors import NarrationError
from packager.languages import primary
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Voice, pace_of_take, with_sounds
from packager.narrators.espeak_sounds import defused, in_ipa, sounds_of
from packager.narrators.japanese import in_kana

RATE = 22_050
NORMAL_PACE = 165
"""Words a minute at speed 1.0; eSpeak's own 175 is brisk for a listener who hears it for the first time."""

_LOUDNESS = -20.0
_SPEAKER = Path(__file__).with_name("espeak_process.py")
_PREFERRED = {"en": "en-us", "zh": "cmn", "no": "nb", "pt": "pt-br", "fr": "fr-fr"}
_JAPANESE = "ja"
_TIME_LIMIT = 120


class Espeak:
    """Formant synthesis by libespeak-ng, in a process of its own for each sentence.

    In one process the same words give other samples each time, and nothing in its interface resets it; a fresh process
    always gives the same.
    """

    name = "espeak"
    online = False
    quality = 10
    takes_phonemes = True

    def version(self, voice: str) -> str:
        """The version of the package that brings the library and its voices, and of what reads kanji for it."""
        own = version("espeakng-loader")
        return f"{own} with pykakasi {version('pykakasi')}" if voice == _JAPANESE else own

    def missing(self) -> str | None:
        """None when the library is installed."""
        return None if find_spec("espeakng_loader") else "Install it: pip install espeakng-loader."

    def voices(self) -> Sequence[Voice]:
        """One a language, and some for accents."""
        return list(self._voices.values())

    def voice(self, name: str) -> Voice | None:
        """The voice with this name, such as "de" or "en-GB-scotland"."""
        return self._voices.get(name)

    def voice_for(self, language: str) -> Voice | None:
        """The voice of the same language and region, else of the language."""
        for tag in (
            language.lower(),
            _PREFERRED.get(primary(language), primary(language)),
            primary(language),
        ):
            for voice in self._voices.values():
                if tag in (voice.name.lower(), *voice.languages):
                    return voice
        return None

    def can_say(self, text: str, language: str) -> bool:
        """Whether there is a voice of the language and a letter or digit to say."""
        return self.voice_for(language) is not None and any(char.isalnum() for char in text)

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        """Say one sentence in a fresh process."""
        import espeakng_loader
        import numpy as np

        text = self._with_mnemonics(utterance, choice.voice)
        pace = str(round(NORMAL_PACE * pace_of_take(choice)))
        command = [
            *(sys.executable, "-I", "-S", str(_SPEAKER)),
            *(
                espeakng_loader.get_library_path(),
                str(Path(espeakng_loader.get_data_path()).parent),
                choice.voice,
                pace,
            ),
        ]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise NarrationError(
                f"eSpeak did not finish “{text[:60]}” in {_TIME_LIMIT} seconds.",
                "Choose another engine with --engine.",
            ) from None
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise NarrationError(
                f"eSpeak could not say “{text[:60]}”: {reason[-1] if reason else 'it stopped'}.",
                "Run “packager doctor” to see whether it is whole.",
            )
        return Pcm(np.frombuffer(done.stdout, np.int16), RATE)

    def lacks(self, ipa: str, voice: str) -> tuple[str, ...]:
        """The sounds that eSpeak has nothing near to in this voice's language."""
        return sounds_of(voice).lacks(ipa)

    def in_ipa(self, utterance: Utterance, voice: str) -> str:
        """How the voice says it."""
        return in_ipa(self._with_mnemonics(utterance, voice), voice)

    @staticmethod
    def _with_mnemonics(utterance: Utterance, voice: str) -> str:
        """What is said, and between double brackets eSpeak's own names for the sounds that are known."""
        safe = replace(utterance, spoken=defused(utterance.spoken))
        text = safe.spoken
        if utterance.phonemes:
            sounds = sounds_of(voice)
            # Right behind a bracket or a quotation mark eSpeak drops what stands between double brackets.
            text = with_sounds(safe, lambda ipa: f" [[{names}]]" if (names := sounds.spelled(ipa)) else None)
        return in_kana(text) if voice == _JAPANESE else text

    @cached_property
    def _voices(self) -> dict[str, Voice]:
        import espeakng_loader

        voices = {}
        for file in sorted((Path(espeakng_loader.get_data_path()) / "lang").rglob("*")):
            if file.is_file() and (voice := _voice_in(file)):
                voices[voice.name] = voice
        return voices


def _voice_in(file: Path) -> Voice | None:
    name, tags = "", []
    for line in file.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition(" ")
        if key == "name":
            name = value.strip()
        elif key == "language":
            tags.append(value.split()[0])
    if not tags:
        return None
    return Voice(file.name, tuple(tags), f"synthetic, {name}", _LOUDNESS)
