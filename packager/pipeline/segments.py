"""The unit of work of a narration: one paragraph's sentences, spoken, joined and encoded.

Tasks and results are plain values and the cache is reached by its address, so any `concurrent.futures` executor will do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager import cache
from packager.audio.clips import trimmed
from packager.audio.joining import lay_out
from packager.audio.limiter import with_gain
from packager.audio.mp3 import encode_segment, encoder_version
from packager.levels.loudness import block_energies
from packager.model import SAMPLE_RATE
from packager.pipeline.clips import Clip, ClipTask, is_kept, speak_clip

PCM_CEILING = -3.0
"""dBTP before encoding; MP3 at 64 kb/s puts up to 1 dB on top, and -1.5 dBTP is promised for the file."""

_LAYOUT_VERSION = 4
"""Raise when trimming, levelling or joining change, so that no segment of the old kind is used."""

_BETWEEN_UTTERANCES = 0.12


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
    """Where the frames are, how many samples each sentence has, how loud it is, at which positions the sentences are of
    which the voice made no sound, and what is wrong with others although they were spoken twice."""

    frames: Path
    lengths: tuple[int, ...]
    energies: NDArray[np.float64]
    silent: tuple[int, ...]
    faults: tuple[tuple[int, str], ...] = ()


def make_segment(task: SegmentTask) -> SegmentResult:
    """Speak what is not in the cache, join, level and encode; or find it all made already."""
    frames = cache.place(task.folder, "segments", task.key)
    facts_file = frames.with_suffix(".json")
    if (found := _read_facts(frames, facts_file)) is not None:
        cache.mark_used(frames)
        cache.mark_used(facts_file)
        return found
    spoken = _spoken(task)
    clips = [samples for _, samples in spoken]
    samples, lengths = lay_out(clips, [sentence.pause for sentence in task.sentences], task.lead)
    energies = block_energies(samples.astype(np.float32) / np.float32(32767), SAMPLE_RATE)
    encoded = encode_segment(samples, task.bitrate)
    facts = {
        "lengths": lengths,
        "silent": [index for index, clip in enumerate(clips) if not len(clip)],
        "faults": [
            (index, clip.fault)
            for index, (said, _) in enumerate(spoken)
            for clip in said
            if clip.fault and len(clip.pcm.samples)
        ],
        "energies": [float(f"{energy:.6g}") for energy in energies],
    }
    cache.keep(facts_file, json.dumps(facts).encode())
    cache.keep(frames, encoded)
    return _result(frames, facts)


def _spoken(task: SegmentTask) -> list[tuple[list[Clip], NDArray[np.float32]]]:
    """The clips of each sentence, and their samples at their level."""
    # What is kept comes first: there is time for it while a voice is still loading.
    order = sorted(task.sentences, key=lambda one: not all(is_kept(clip, task.folder) for clip in one.clips))
    done = {}
    for sentence in order:
        clips = [speak_clip(clip, task.folder) for clip in sentence.clips]
        done[sentence.id] = (clips, _joined(sentence, clips))
    return [done[sentence.id] for sentence in task.sentences]


def _joined(sentence: SentenceTask, clips: Sequence[Clip]) -> NDArray[np.float32]:
    """The clips of a sentence at their level, a breath between them."""
    gap = np.zeros(round(_BETWEEN_UTTERANCES * SAMPLE_RATE), np.float32)
    parts = [
        with_gain(samples, SAMPLE_RATE, task.gain, PCM_CEILING)
        for task, clip in zip(sentence.clips, clips, strict=True)
        if len(samples := trimmed(clip.pcm))
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
    faults = tuple((int(index), str(fault)) for index, fault in facts["faults"])
    return SegmentResult(frames, tuple(facts["lengths"]), energies, tuple(facts["silent"]), faults)
