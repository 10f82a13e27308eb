"""One utterance in the voice that says it: spoken, looked at, spoken again where it went wrong, and kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from packager import cache
from packager.audio.clip_faults import clip_fault
from packager.audio.clips import trimmed
from packager.levels.loudness import block_energies
from packager.model import SAMPLE_RATE, Pcm, Utterance, VoiceChoice
from packager.narrators.registry import narrator


@dataclass(frozen=True)
class ClipTask:
    """One utterance and the voice that says it; `gain` in dB comes after, and is no part of the spoken clip."""

    utterance: Utterance
    choice: VoiceChoice
    version: str
    gain: float = 0.0

    @property
    def key(self) -> str:
        """The hash of all that shapes the clip."""
        return cache.key_of("clip", asdict(self.choice), self.version, asdict(self.utterance))


@dataclass(frozen=True)
class Clip:
    """The sound of an utterance, and what is wrong with it although it was spoken twice."""

    pcm: Pcm
    fault: str | None


def speak_clip(task: ClipTask, folder: Path) -> Clip:
    """The sound of one utterance, from the cache or from its voice.

    A clip that does not look whole is spoken once more, with other noise or at another pace; the second is taken when it
    is better.
    """
    place = cache.place(folder, "clips", task.key)
    if (pcm := _kept(place)) is not None:
        return _examined(pcm, task)
    clip = _spoken(task)
    cache.keep(place, _flac(clip.pcm))
    return clip


def is_kept(task: ClipTask, folder: Path) -> bool:
    """Whether the clip is in the cache."""
    return cache.place(folder, "clips", task.key).is_file()


def clip_energies(task: ClipTask, folder: Path) -> tuple[NDArray[np.float64], float]:
    """How loud a clip is as spoken, and its length in seconds: what the gain of an unknown voice is found from."""
    samples = trimmed(speak_clip(task, folder).pcm)
    return block_energies(samples, SAMPLE_RATE), len(samples) / SAMPLE_RATE


def _spoken(task: ClipTask) -> Clip:
    engine = narrator(task.choice.engine)
    first = _examined(engine.speak(task.utterance, task.choice), task)
    if first.fault is None:
        return first
    second = _examined(engine.speak(task.utterance, replace(task.choice, take=2)), task)
    return first if second.fault else second


def _examined(pcm: Pcm, task: ClipTask) -> Clip:
    return Clip(pcm, clip_fault(pcm, task.utterance.spoken, task.choice.speed))


def _kept(place: Path) -> Pcm | None:
    """The clip as it was kept; None where there is none, or a broken one, which is as good as none."""
    import soundfile

    if not place.is_file():
        return None
    try:
        samples, rate = soundfile.read(place, dtype="int16")
    except (soundfile.LibsndfileError, RuntimeError):
        place.unlink(missing_ok=True)
        return None
    cache.mark_used(place)
    return Pcm(cast("NDArray[np.int16]", samples), rate)


def _flac(pcm: Pcm) -> bytes:
    """The clip as a FLAC file; made in memory, because libsndfile does not say why it could not write to a disk."""
    import soundfile

    output = BytesIO()
    with soundfile.SoundFile(
        output, "w", samplerate=pcm.rate, channels=1, format="FLAC", subtype="PCM_16", compression_level=0.0
    ) as file:
        file.write(pcm.samples)
    return output.getvalue()
