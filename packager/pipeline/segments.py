"""The unit of work of a narration: one paragraph's sentences, spoken, joined and encoded.

Tasks and results are plain values and the cache is reached by its address, so any `concurrent.futures` executor will do.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from packager import cache
from packager.audio.clips import trimmed
from packager.audio.joining import lay_out
from packager.audio.limiter import with_gain
from packager.audio.mp3 import encode_segment, encoder_version
from packager.levels.loudness import block_energies
from packager.model import SAMPLE_RATE, Pcm, Utterance, VoiceChoice
from packager.narrators.registry import narrator

PCM_CEILING = -3.0
"""dBTP before encoding; MP3 at 64 kb/s puts up to 1 dB on top, and -1.5 dBTP is promised for the file."""

_LAYOUT_VERSION = 3
"""Raise when trimming, levelling or joining change, so that no segment of the old kind is used."""

_BETWEEN_UTTERANCES = 0.12


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
class SentenceTask:
    """The utterances of one sentence, and the pause behind it in milliseconds."""

    id: str
    clips: tuple[ClipTask, ...]
    pause: int


@dataclass(frozen=True)
class SegmentTask:
    """The sentences of one paragraph; `lead` milliseconds of silence come before the first."""

    sentences: tuple[SentenceTask, ...]
    bitrate: int
    folder: Path
    lead: int = 0

    @property
    def key(self) -> str:
        """The hash of all that shapes the frames."""
        return cache.key_of(
            *("segment", _LAYOUT_VERSION, encoder_version(), self.bitrate, PCM_CEILING, self.lead),
            *([[[clip.key, clip.gain] for clip in sentence.clips], sentence.pause] for sentence in self.sentences),
        )

    @property
    def weight(self) -> int:
        """About how much work it is, to begin with the longest."""
        return sum(len(clip.utterance.spoken) for sentence in self.sentences for clip in sentence.clips)


@dataclass(frozen=True)
class SegmentResult:
    """Where the frames are, how many samples each sentence has, how loud it is, and at which positions the sentences
    are of which the voice made no sound."""

    frames: Path
    lengths: tuple[int, ...]
    energies: NDArray[np.float64]
    silent: tuple[int, ...]


def make_segment(task: SegmentTask) -> SegmentResult:
    """Speak what is not in the cache, join, level and encode; or find it all made already."""
    frames = cache.place(task.folder, "segments", task.key)
    facts_file = frames.with_suffix(".json")
    if (found := _read_facts(frames, facts_file)) is not None:
        cache.mark_used(frames)
        cache.mark_used(facts_file)
        return found
    clips = [_sentence_clip(sentence, task.folder) for sentence in task.sentences]
    samples, lengths = lay_out(clips, [sentence.pause for sentence in task.sentences], task.lead)
    energies = block_energies(samples.astype(np.float32) / np.float32(32767), SAMPLE_RATE)
    encoded = encode_segment(samples, task.bitrate)
    facts = {
        "lengths": lengths,
        "silent": [index for index, clip in enumerate(clips) if not len(clip)],
        "energies": [float(f"{energy:.6g}") for energy in energies],
    }
    cache.keep(facts_file, json.dumps(facts).encode())
    cache.keep(frames, encoded)
    return _result(frames, facts)


def clip_energies(task: ClipTask, folder: Path) -> tuple[NDArray[np.float64], float]:
    """How loud a clip is as spoken, and its length in seconds: what the gain of an unknown voice is found from."""
    samples = trimmed(speak_clip(task, folder))
    return block_energies(samples, SAMPLE_RATE), len(samples) / SAMPLE_RATE


def speak_clip(task: ClipTask, folder: Path) -> Pcm:
    """The sound of one utterance, from the cache or from its voice."""
    import soundfile

    place = cache.place(folder, "clips", task.key)
    if place.is_file():
        try:
            samples, rate = soundfile.read(place, dtype="int16")
            cache.mark_used(place)
            return Pcm(cast("NDArray[np.int16]", samples), rate)
        except (soundfile.LibsndfileError, RuntimeError):
            # A broken file in the cache is as good as none.
            place.unlink(missing_ok=True)
    pcm = narrator(task.choice.engine).speak(task.utterance, task.choice)
    cache.keep(place, _flac(pcm))
    return pcm


def _flac(pcm: Pcm) -> bytes:
    """The clip as a FLAC file; made in memory, because libsndfile does not say why it could not write to a disk."""
    import soundfile

    output = BytesIO()
    with soundfile.SoundFile(
        output, "w", samplerate=pcm.rate, channels=1, format="FLAC", subtype="PCM_16", compression_level=0.0
    ) as file:
        file.write(pcm.samples)
    return output.getvalue()


def _sentence_clip(sentence: SentenceTask, folder: Path) -> NDArray[np.float32]:
    gap = np.zeros(round(_BETWEEN_UTTERANCES * SAMPLE_RATE), np.float32)
    parts = [
        with_gain(samples, SAMPLE_RATE, clip.gain, PCM_CEILING)
        for clip in sentence.clips
        if len(samples := trimmed(speak_clip(clip, folder)))
    ]
    spaced = [piece for part in parts for piece in (gap, part)][1:]
    return np.concatenate(spaced) if spaced else np.zeros(0, np.float32)


def _read_facts(frames: Path, facts_file: Path) -> SegmentResult | None:
    try:
        facts = json.loads(facts_file.read_text())
        return _result(frames, facts) if frames.stat().st_size else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _result(frames: Path, facts: dict[str, Any]) -> SegmentResult:
    energies = np.array(facts["energies"], np.float64)
    return SegmentResult(frames, tuple(facts["lengths"]), energies, tuple(facts["silent"]))
