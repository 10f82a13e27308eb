"""Silence and pace: what can be told of a narration's sentences without understanding a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import median

import numpy as np

from packager.checks.listening.levels import Levels, levels_of, runs
from packager.checks.listening.passages import Passage, Recording, clock, place_of, quoted, silent
from packager.checks.overlays import TOOL
from packager.checks.sound import quiet_decoder
from packager.model import Finding

SLOWEST, FASTEST = 70, 300
"""Words a minute: a lecture has some 110, an audio book 150, quick talk 200; speeds from a half to double are a choice."""

TOO_FAST, TOO_SLOW = 1.6, 0.5
"""Of the narration's own pace. Whole sentences of our voices lie between 0.65 and 1.35."""

_LONGEST_HOLE = 1.8
"""Seconds of silence inside a sentence; our voices pause up to 1.4 s."""

_LONGEST_SILENCE = 6.0
_FEWEST_LETTERS = 12
_FEWEST_SENTENCES = 5
_LETTERS_OF_A_FIGURE = 4
_PIECE = 600


@dataclass(frozen=True)
class Pace:
    """For how many seconds there is sound in a passage, and its pace as a share of that of the others in its language."""

    passage: Passage
    seconds: float
    ratio: float


def check_pace(recording: Recording) -> Iterator[Finding]:
    """Findings on silence, and on pace where it is known what is said. Nothing for a sound that cannot be decoded."""
    levels = _levels(recording)
    if levels is None:
        return
    if recording.passages:
        yield from _silence(recording, levels)
        yield from _pace(recording, levels)
    else:
        yield from _long_silence(recording, levels)


def _levels(recording: Recording) -> Levels | None:
    import soundfile

    try:
        with quiet_decoder(), soundfile.SoundFile(BytesIO(recording.read())) as file:
            parts = []
            while len(piece := file.read(_PIECE * file.samplerate, dtype="float32", always_2d=True)):
                parts.append(levels_of(piece.mean(axis=1), file.samplerate))
    except (soundfile.LibsndfileError, RuntimeError, OSError, KeyError):
        return None
    return Levels(np.concatenate([part.peaks for part in parts]), parts[0].step) if parts else None


def _silence(recording: Recording, levels: Levels) -> Iterator[Finding]:
    for passage in recording.passages:
        if not passage.spoken:
            continue
        if levels.is_silent(passage.begin, passage.end):
            yield silent(recording, passage)
        elif span := levels.span(passage.begin, passage.end):
            hole = max((last - first for first, last in runs(~levels.between(*span))), default=0) * levels.step
            if hole > _LONGEST_HOLE:
                message = f"There are {hole:.1f} s of silence inside {quoted(passage.spoken)}."
                yield Finding(TOOL, "PKG-333", "warning", message, place_of(recording, passage))


def paces(passages: Sequence[Passage], levels: Levels) -> list[Pace]:
    """The pace of each passage that is heard and long enough to have one; none where too few are there to compare."""
    spoken = _sounding(passages, levels)
    usual: dict[str, list[float]] = {}
    for passage, seconds in spoken:
        usual.setdefault(passage.language, []).append(_letters(passage) / seconds)
    return [
        Pace(passage, seconds, _letters(passage) / seconds / median(usual[passage.language]))
        for passage, seconds in spoken
        if _letters(passage) >= _FEWEST_LETTERS and len(spoken) >= _FEWEST_SENTENCES
    ]


def _sounding(passages: Sequence[Passage], levels: Levels) -> list[tuple[Passage, float]]:
    return [
        (passage, span[1] - span[0])
        for passage in passages
        if passage.spoken and (span := levels.span(passage.begin, passage.end))
    ]


def _pace(recording: Recording, levels: Levels) -> Iterator[Finding]:
    spoken = _sounding(recording.passages, levels)
    if len(spoken) < _FEWEST_SENTENCES:
        return
    minutes = (spoken[-1][0].end - spoken[0][0].begin) / 60
    words = sum(len(passage.spoken.split()) for passage, _ in spoken) / minutes
    if _has_spaces(spoken) and not SLOWEST <= words <= FASTEST:
        yield Finding(TOOL, "PKG-330", "warning", f"It has {words:.0f} words a minute.", recording.name)
    for pace in paces(recording.passages, levels):
        slow = pace.ratio < TOO_SLOW and pace.passage.is_reported
        if slow or pace.ratio > TOO_FAST:
            message = f"{quoted(pace.passage.spoken)} takes {pace.seconds:.1f} s, {pace.ratio:.1f} times the pace of the rest."
            yield Finding(TOOL, "PKG-331", "warning", message, place_of(recording, pace.passage))


def _has_spaces(spoken: Sequence[tuple[Passage, float]]) -> bool:
    """Whether words can be counted: Chinese, Japanese and Thai do not put spaces between them."""
    text = " ".join(passage.spoken for passage, _ in spoken)
    return len(text) < 12 * len(text.split())


def _letters(passage: Passage) -> int:
    """About how long it takes to say: a figure, or a letter that stands alone, is a word."""
    alone = sum(len(word) == 1 for word in passage.spoken.split())
    figures = sum(char.isdigit() for char in passage.spoken)
    others = sum(char.isalpha() for char in passage.spoken)
    return others + (_LETTERS_OF_A_FIGURE - 1) * alone + _LETTERS_OF_A_FIGURE * figures


def _long_silence(recording: Recording, levels: Levels) -> Iterator[Finding]:
    for first, last in runs(~levels.loud):
        seconds = (last - first) * levels.step
        if seconds > _LONGEST_SILENCE:
            place = f"{recording.name}, {clock(first * levels.step)}"
            yield Finding(TOOL, "PKG-334", "warning", f"There are {seconds:.1f} s of silence.", place)
