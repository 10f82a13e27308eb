"""Script → `Narration`: cast every utterance, speak in parallel, settle the level, lay the tracks out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from packager.audio.mp3 import check_bitrate
from packager.levels.loudness import integrated_loudness
from packager.model import Cue, Narration, Omission, Script, Sentence, Span, Track, VoiceChoice
from packager.narrators.registry import Casting, find_voice, narrator
from packager.pipeline.clips import ClipTask, clip_energies
from packager.pipeline.segments import (
    SegmentResult,
    SegmentTask,
    SentenceTask,
    make_segment,
)

LEAD = 250
"""Milliseconds before the first word of a track: some players swallow the start."""

_LOUDNESS_SLACK = 0.3
_OPENING = 20.0
"""Seconds of an unknown voice from which its level is found."""

Progress = Callable[[float], None]
"""Called with the share (0 to 1) of the narration that is done."""


@dataclass(frozen=True)
class Sound:
    """How a narration is to sound: loudness in LUFS, bit rate in kb/s, and where clips are kept."""

    loudness: float
    bitrate: int
    cache: Path


@dataclass(frozen=True)
class Cast:
    """Each sentence with the clips that say it, and what no voice at hand can say."""

    sentences: tuple[tuple[Sentence, tuple[ClipTask, ...]], ...]
    omissions: tuple[Omission, ...]

    @property
    def voices(self) -> tuple[VoiceChoice, ...]:
        """The voices, in order of first use."""
        return tuple(dict.fromkeys(clip.choice for _, clips in self.sentences for clip in clips))


def cast_script(script: Script, casting: Casting) -> Cast:
    """Find a voice for every utterance. An utterance that none can say is listed; a sentence of such is left out."""
    cast: list[tuple[Sentence, tuple[ClipTask, ...]]] = []
    omissions: list[Omission] = []
    versions: dict[VoiceChoice, str] = {}
    for sentence in script.said:
        clips = []
        for utterance in sentence.utterances:
            choice = casting.choose(utterance.spoken, utterance.language)
            if choice is None:
                omissions.append(
                    Omission(f"“{utterance.spoken}”", f"no voice at hand speaks “{utterance.language}”", "passage")
                )
                continue
            if choice not in versions:
                versions[choice] = narrator(choice.engine).version(choice.voice)
            if utterance.phonemes and not narrator(choice.engine).takes_phonemes:
                utterance = replace(utterance, phonemes=())
            clips.append(ClipTask(utterance, choice, versions[choice]))
        if clips:
            cast.append((_as_said(sentence, clips), tuple(clips)))
        else:
            _end_block_earlier(cast, sentence)
    return Cast(tuple(cast), tuple(omissions))


def _as_said(sentence: Sentence, clips: list[ClipTask]) -> Sentence:
    """The sentence with what its voices say of it. Where one is missing, print and speech are tied as a whole."""
    if len(clips) == len(sentence.utterances):
        return sentence
    said = replace(sentence, utterances=tuple(clip.utterance for clip in clips))
    return replace(said, spans=(Span((0, len(said.text)), (0, len(said.spoken))),))


def narrate(cast: Cast, sound: Sound, executor: Executor, progress: Progress) -> tuple[Narration, tuple[str, ...]]:
    """Speak all sentences; also gives the ids of those of which the voice made no sound.

    The gain of each voice comes from its known level, or from its first sentences. When the whole then misses the
    target by more than a third of a decibel it is levelled again, which speaks nothing anew.
    """
    check_bitrate(sound.bitrate)
    gains = {choice: sound.loudness - level for choice, level in _levels(cast, sound, executor).items()}
    for attempt in range(3):
        tasks = _tasks(cast, gains, sound)
        results = _made(tasks, executor, progress)
        loudness = integrated_loudness(np.concatenate([result.energies for result in results])) if results else -70.0
        miss = sound.loudness - loudness
        if abs(miss) <= _LOUDNESS_SLACK or not np.isfinite(miss) or attempt == 2:
            break
        gains = {choice: gain + round(miss * 1.1, 1) for choice, gain in gains.items()}
    silent = tuple(
        task.sentences[position].id for task, result in zip(tasks, results, strict=True) for position in result.silent
    )
    faults = tuple(
        (task.sentences[position].id, fault)
        for task, result in zip(tasks, results, strict=True)
        for position, fault in result.faults
    )
    return Narration(_tracks(cast, tasks, results), round(loudness, 2), sound.bitrate, faults), silent


def without(cast: Cast, silent: Iterable[str]) -> Cast:
    """The cast without the sentences of which no voice made a sound, and these listed."""
    gone = set(silent)
    listed = [
        Omission(f"“{sentence.text}”", "the voice made no sound of it", "passage")
        for sentence, _ in cast.sentences
        if sentence.id in gone
    ]
    kept: list[tuple[Sentence, tuple[ClipTask, ...]]] = []
    for sentence, clips in cast.sentences:
        if sentence.id in gone:
            _end_block_earlier(kept, sentence)
        else:
            kept.append((sentence, clips))
    return Cast(tuple(kept), (*cast.omissions, *listed))


def _end_block_earlier(kept: list[tuple[Sentence, tuple[ClipTask, ...]]], dropped: Sentence) -> None:
    """When the last sentence of a block is left out, the one before it ends the block, with the pause that belongs there."""
    if dropped.ends_block and kept and not kept[-1][0].ends_block:
        last, clips = kept[-1]
        kept[-1] = (replace(last, ends_block=True, pause=dropped.pause), clips)


def _levels(cast: Cast, sound: Sound, executor: Executor) -> dict[VoiceChoice, float]:
    """The level of each voice in LUFS."""
    levels = {}
    for choice in cast.voices:
        known = find_voice(narrator(choice.engine), choice.voice).loudness
        if known is None:
            clips = [clip for _, clips in cast.sentences for clip in clips if clip.choice == choice]
            known = _level_of_opening(clips, sound, executor)
        levels[choice] = known
    return levels


def _level_of_opening(clips: list[ClipTask], sound: Sound, executor: Executor) -> float:
    """Measure the first sentences, in their order, until there is enough: whoever is quicker changes nothing."""
    energies: list[np.typing.NDArray[np.float64]] = []
    seconds, batch = 0.0, 4
    for start in range(0, len(clips), batch):
        tasks = [executor.submit(clip_energies, clip, sound.cache) for clip in clips[start : start + batch]]
        for task in tasks:
            found, length = task.result()
            energies.append(found)
            seconds += length
        if seconds >= _OPENING:
            break
    level = integrated_loudness(np.concatenate(energies))
    return round(level, 1) if np.isfinite(level) else sound.loudness


def _tasks(cast: Cast, gains: dict[VoiceChoice, float], sound: Sound) -> list[SegmentTask]:
    """A segment for each block: the sentences up to the first pause that is longer than that between sentences."""
    tasks: list[SegmentTask] = []
    for _, page in groupby(cast.sentences, key=lambda pair: pair[0].page):
        current: list[SentenceTask] = []
        lead = LEAD
        for sentence, clips in page:
            levelled = tuple(replace(clip, gain=round(gains[clip.choice], 2)) for clip in clips)
            current.append(SentenceTask(sentence.id, levelled, sentence.pause))
            if sentence.ends_block:
                tasks.append(SegmentTask(tuple(current), sound.bitrate, sound.cache, lead))
                current, lead = [], 0
        if current:
            tasks.append(SegmentTask(tuple(current), sound.bitrate, sound.cache, lead))
    return tasks


def _made(tasks: list[SegmentTask], executor: Executor, progress: Progress) -> list[SegmentResult]:
    """All segments, begun with the longest so that no worker is left alone with one at the end."""
    weights = [task.weight for task in tasks]
    whole, done = max(sum(weights), 1), 0
    order = sorted(range(len(tasks)), key=lambda index: -weights[index])
    futures = {executor.submit(make_segment, tasks[index]): index for index in order}
    results: dict[int, SegmentResult] = {}
    try:
        for future in as_completed(futures):
            index = futures[future]
            results[index] = future.result()
            done += weights[index]
            progress(done / whole)
    finally:
        for future in futures:
            future.cancel()
    return [results[index] for index in range(len(tasks))]


def _tracks(cast: Cast, tasks: list[SegmentTask], results: list[SegmentResult]) -> tuple[Track, ...]:
    pages = {sentence.id: sentence.page for sentence, _ in cast.sentences}
    tracks = []
    pairs = zip(tasks, results, strict=True)
    for page, group in groupby(pairs, key=lambda pair: pages[pair[0].sentences[0].id]):
        position = 0
        cues: list[Cue] = []
        segments: list[Path] = []
        for task, result in group:
            segments.append(result.frames)
            for sentence, length in zip(task.sentences, result.lengths, strict=True):
                cues.append(Cue(sentence.id, position, position + length))
                position += length
        tracks.append(Track(page, position, tuple(cues), tuple(segments)))
    return tuple(tracks)
