"""Takes: what a recogniser heard in a stretch of sound, beside what was to be said there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from packager.checks.listening.levels import levels_of, runs
from packager.checks.listening.passages import Passage
from packager.checks.listening.recogniser import LONGEST, RATE, Recogniser, Samples
from packager.checks.listening.words import Comparison, compare, expected_words, heard_words, weighed

UNDERSTOOD = 0.75
"""Share of a sentence's letters that is heard of every good one; of another sentence it is 0.04, rarely 0.4."""

STRAY = 3
"""So many words in a row too few or too many are no slip of the recogniser."""

_GAP = 0.15
_LARGE_PART = 0.6
"""Shares of a sentence's letters."""

_SHORTEST_PIECE = 4.0


@dataclass(frozen=True)
class Heard:
    """A word, and about when it was heard, in seconds."""

    word: str
    time: float


@dataclass(frozen=True)
class Take:
    """A passage, its words as they are compared, and those that were heard in its own stretch of sound; `sounding` tells
    whether there is anything in that stretch."""

    passage: Passage
    expected: tuple[str, ...]
    heard: tuple[str, ...]
    sounding: bool = True

    @cached_property
    def compared(self) -> Comparison:
        """The two side by side."""
        return compare(self.expected, self.heard)

    @cached_property
    def score(self) -> float:
        """The share of the letters that was heard."""
        return weighed(self.expected, self.compared.shares)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it was heard, as far as a recogniser can tell."""
        return self.score >= UNDERSTOOD and longest_gap(self.expected, self.compared.shares) is None

    @cached_property
    def is_good(self) -> bool:
        """Whether all of it was heard, and nothing else."""
        letters = sum(map(len, self.expected))
        return self.is_whole and not any(
            last - first >= STRAY or sum(map(len, self.heard[first:last])) >= _LARGE_PART * letters
            for first, last in runs(~np.array(self.compared.known, np.bool_))
        )


def longest_gap(words: Sequence[str], shares: Sequence[float]) -> tuple[int, int] | None:
    """The longest run of words of which nothing was heard; None when it is too short to mean anything."""
    letters = sum(map(len, words))
    lengths = {(first, last): sum(map(len, words[first:last])) for first, last in runs(np.array(shares) == 0)}
    first, last = max(lengths, key=lambda run: lengths[run], default=(0, 0))
    return (first, last) if last - first >= STRAY and lengths[first, last] >= _GAP * letters else None


class Ear:
    """Listens to one sound, with several recognisers at work."""

    def __init__(self, samples: Samples, recogniser: Recogniser, executor: Executor) -> None:
        self.samples = samples
        self.seconds = len(samples) / RATE
        self.levels = levels_of(samples, RATE)
        self._recogniser = recogniser
        self._executor = executor

    def knows(self, language: str) -> bool:
        """Whether speech in this language is understood."""
        return self._recogniser.knows(language)

    def takes(self, passages: Sequence[Passage], progress: Callable[[float], None]) -> list[Take]:
        """Listen to each passage where it should be; `progress` is told how many seconds of sound are done."""
        takes, done = [], 0.0
        for take in self._executor.map(self._take, passages):
            takes.append(take)
            done += take.passage.end - take.passage.begin
            progress(done)
        return takes

    def stretch(self, begin: float, end: float, language: str) -> list[Heard]:
        """Listen once more, with more care, to a stretch of sound, cut where it pauses and not where sentences should end."""
        parts = self.levels.pieces(begin, min(end, self.seconds), _SHORTEST_PIECE, LONGEST)
        texts = self._executor.map(lambda part: self._recogniser.hear(self._between(*part), language, True), parts)
        heard = []
        for (start, stop), text in zip(parts, texts, strict=True):
            words = heard_words(text, language)
            first, last = self.levels.span(start, stop) or (start, stop)
            letters = max(sum(map(len, words)), 1)
            position = 0
            for word in words:
                heard.append(Heard(word, first + (last - first) * position / letters))
                position += len(word)
        return heard

    def _take(self, passage: Passage) -> Take:
        parts = self.levels.pieces(passage.begin, min(passage.end, self.seconds), LONGEST / 2, LONGEST)
        text = " ".join(self._recogniser.hear(self._between(*part), passage.language) for part in parts)
        expected = expected_words(passage.spoken, passage.language)
        heard = heard_words(text, passage.language)
        return Take(passage, tuple(expected), tuple(heard), self.levels.span(passage.begin, passage.end) is not None)

    def _between(self, begin: float, end: float) -> Samples:
        return self.samples[round(begin * RATE) : round(end * RATE)]
