"""Verdicts on a stretch of a recording in which some sentences did not sound as they should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from statistics import median

import numpy as np

from packager.checks.listening.levels import runs
from packager.checks.listening.passages import Passage
from packager.checks.listening.takes import STRAY, UNDERSTOOD, Heard, Take, longest_gap
from packager.checks.listening.words import compare, share_in, sound_likeness, sounds, weighed

_GONE = 0.4
"""Share of a sentence's letters below which it was not heard at all."""

_ALIKE = 0.7
_SOUNDS_ALIKE = 0.8
_FEWEST_SOUNDS = 8
"""Letters from which a likeness of sounds means something: unrelated words then reach 0.75 at most."""

_ROOM = 0.5
"""Share of a sentence's length from which a gap in the speech may have held it."""

_OUT_OF_STEP = 0.6
"""Seconds."""

_SHORTEST_MOVE = 5
"""Letters that must be found elsewhere for a sentence to be called misplaced."""

_MOST_PASSED = 2
_EDGE = 4
"""Words at the beginning or the end of a sentence by which it is recognised in another's place; two are the least."""

_UNKNOWN_WORDS = 6


class Fault(Enum):
    """What can be wrong with a sentence."""

    MISSING = "missing"
    CUT = "cut"
    SHORT = "short"
    DOUBLED = "doubled"
    MOVED = "moved"
    UNCLEAR = "unclear"
    DROWNED = "drowned"
    STRANGE = "strange"


@dataclass(frozen=True)
class Verdict:
    """A fault of a passage; `heard` are the words that tell it, `at` the second at which they were heard."""

    passage: Passage
    fault: Fault
    heard: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Drift:
    """From one passage to another the sound is `seconds` later (or, below zero, earlier) than their times."""

    first: Passage
    last: Passage
    seconds: float


@dataclass(frozen=True)
class _Line:
    """A take, and what was heard of it in the stretch as a whole: share and neighbour of each word."""

    take: Take
    shares: tuple[float, ...]
    beside: tuple[int, ...]

    @property
    def score(self) -> float:
        return weighed(self.take.expected, self.shares)

    @property
    def is_gone(self) -> bool:
        return self.score < _GONE and not self.take.is_whole

    def bettered(self, heard: Sequence[str]) -> Take:
        """The take, or what was heard of it in the stretch when that is more."""
        if self.take.score >= self.score or not self.places:
            return self.take
        return replace(self.take, heard=tuple(heard[self.places[0] : self.places[-1] + 1]))

    @property
    def places(self) -> list[int]:
        """The heard words that are its own."""
        return [place for place, share in zip(self.beside, self.shares, strict=True) if share]


@dataclass(frozen=True)
class _Extra:
    """A run of heard words that belong to no sentence, and the number of the line after which they come."""

    words: tuple[str, ...]
    time: float
    after: int


def judge(takes: Sequence[Take], heard: Sequence[Heard]) -> tuple[list[Verdict | Drift], list[Take]]:
    """What happened to the sentences of a stretch, given all that was heard in it, and the takes bettered by that.

    The first and the last take may be there for the sake of the context alone.
    """
    lines, extras = _aligned(takes, heard)
    words = [one.word for one in heard]
    return list(_verdicts(lines, extras, heard)), [line.bettered(words) for line in lines]


def _verdicts(lines: list[_Line], extras: list[_Extra], heard: Sequence[Heard]) -> Iterator[Verdict | Drift]:
    moved: set[int] = set()
    for first, second in _changed_places(lines):
        yield from _exchanged(lines[first].take.passage, lines[second].take.passage)
        moved |= {first, second}
        both = [*lines[first].take.expected, *lines[second].take.expected] * 2
        extras = [extra for extra in extras if share_in(extra.words, both) < _ALIKE]
    for number, line in enumerate(lines):
        if number not in moved and line.is_gone and (extra := _same_elsewhere(line, extras)) is not None:
            extras.remove(extra)
            for other in _misplaced(lines, number, extra.after):
                if other not in moved:
                    yield Verdict(lines[other].take.passage, Fault.MOVED, " ".join(extra.words), extra.time)
                moved.add(other)
    for number, line in enumerate(lines):
        if number in moved or line.take.is_good:
            continue
        if line.is_gone:
            if not _is_next_door(lines, number):
                yield _absent(lines, number, heard)
        elif not line.take.is_whole and (gap := longest_gap(line.take.expected, line.shares)) is not None:
            yield Verdict(line.take.passage, Fault.CUT, " ".join(line.take.expected[slice(*gap)]))
        elif not line.take.is_whole and line.score < UNDERSTOOD:
            yield Verdict(line.take.passage, Fault.UNCLEAR, " ".join(line.take.heard))
        elif number not in moved and _ends_early(lines, number):
            yield Verdict(line.take.passage, Fault.SHORT)
    yield from _too_many(lines, extras)
    yield from _drifts(lines, heard, moved)


def _aligned(takes: Sequence[Take], heard: Sequence[Heard]) -> tuple[list[_Line], list[_Extra]]:
    expected = [word for take in takes for word in take.expected]
    compared = compare(expected, [one.word for one in heard])
    lines, position = [], 0
    for take in takes:
        own = slice(position, position + len(take.expected))
        lines.append(_Line(take, compared.shares[own], compared.beside[own]))
        position += len(take.expected)
    extras = []
    for first, last in runs(~np.array(compared.known, np.bool_)):
        before = [number for number, line in enumerate(lines) if line.places and line.places[0] < first]
        words = tuple(one.word for one in heard[first:last])
        extras.append(_Extra(words, heard[first].time, before[-1] if before else -1))
    return lines, extras


def _changed_places(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """Neighbours of which each is heard where the other should be, while what is around them is in its place."""
    pairs: list[tuple[int, int]] = []
    for number, (one, other) in enumerate(pairwise(line.take for line in lines)):
        if one.is_good or other.is_good or (pairs and pairs[-1][1] == number):
            continue
        in_place = number + 2 < len(lines) and all(
            line.take.is_good for line in (*lines[max(number - 1, 0) : number], lines[number + 2])
        )
        if in_place and (_begins_like(one.heard, other.expected) or _ends_like(other.heard, one.expected)):
            pairs.append((number, number + 1))
    return pairs


def _exchanged(one: Passage, other: Passage) -> Iterator[Verdict]:
    yield Verdict(one, Fault.MOVED, one.spoken, one.begin + other.end - other.begin)
    yield Verdict(other, Fault.MOVED, other.spoken, one.begin)


def _begins_like(heard: Sequence[str], expected: Sequence[str]) -> bool:
    size = min(len(heard), len(expected), _EDGE)
    return size > 1 and share_in(heard[:size], expected[: size + 1]) >= _ALIKE


def _ends_like(heard: Sequence[str], expected: Sequence[str]) -> bool:
    size = min(len(heard), len(expected), _EDGE)
    return size > 1 and share_in(heard[-size:], expected[-size - 1 :]) >= _ALIKE


def _is_next_door(lines: Sequence[_Line], number: int) -> bool:
    """Whether a sentence is heard in the stretch of a neighbour, though not when both were heard together."""
    expected = lines[number].take.expected
    around = [lines[other].take for other in (number - 1, number + 1) if 0 <= other < len(lines)]
    return any(not take.is_good and share_in(expected, take.heard) >= UNDERSTOOD for take in around)


def _ends_early(lines: Sequence[_Line], number: int) -> bool:
    """Whether a sentence begins at its time and the next one does before its own: the recogniser may have guessed its end."""
    take = lines[number].take
    begins = take.is_whole and take.compared.known[0] and all(take.compared.shares[:2])
    return begins and _runs_over(lines, number) and not (number and _runs_over(lines, number - 1))


def _runs_over(lines: Sequence[_Line], number: int) -> bool:
    """Whether the next sentence's beginning is heard at the end of this one's sound, and not in its own."""
    if number + 1 == len(lines):
        return False
    take, following = lines[number].take, lines[number + 1].take
    rest = max((place + 1 for place, known in enumerate(take.compared.known) if known), default=0)
    return not any(following.compared.shares[:1]) and _begins_like(take.heard[rest:], following.expected)


def _same_elsewhere(line: _Line, extras: Sequence[_Extra]) -> _Extra | None:
    expected = line.take.expected
    if sum(map(len, expected)) < _SHORTEST_MOVE:
        return None
    likely = [(share_in(expected, extra.words), extra) for extra in extras if len(extra.words) * 2 > len(expected)]
    found, extra = max(likely, key=lambda pair: pair[0], default=(0.0, None))
    return extra if found >= _ALIKE else None


def _misplaced(lines: Sequence[_Line], number: int, after: int) -> list[int]:
    """The sentence that is not in its place, and those it has changed places with when they are few."""
    passed = list(range(number + 1, after + 1)) if after > number else list(range(after + 1, number))
    passed = [other for other in passed if not lines[other].take.is_good]
    return [number, *passed] if len(passed) <= _MOST_PASSED else [number]


def _absent(lines: Sequence[_Line], number: int, heard: Sequence[Heard]) -> Verdict:
    """Whether the sound has no room for the sentence, or has something else in its place."""
    take = lines[number].take
    if _has_room(lines, number, heard):
        return Verdict(take.passage, Fault.DROWNED, " ".join(take.heard))
    return Verdict(take.passage, Fault.MISSING)


def _has_room(lines: Sequence[_Line], number: int, heard: Sequence[Heard]) -> bool:
    following = next((line for line in lines[number + 1 :] if line.places), None)
    if following is None or following.take.is_whole:
        # What follows is at its time, or nothing does: the sentence's own stretch of sound is there or not.
        return lines[number].take.sounding
    before = [line for line in lines[:number] if line.places]
    begin = heard[before[-1].places[-1]].time if before else lines[0].take.passage.begin
    passage = lines[number].take.passage
    return heard[following.places[0]].time - begin > _ROOM * (passage.end - passage.begin)


def _too_many(lines: Sequence[_Line], extras: Sequence[_Extra]) -> Iterator[Verdict]:
    for extra in extras:
        around = lines[max(extra.after - 1, 0) : extra.after + 2]
        near = [line for line in around if not line.is_gone]
        twice = _copied(extra, near)
        if twice is not None:
            yield Verdict(twice.take.passage, Fault.DOUBLED, " ".join(extra.words), extra.time)
            continue
        # Beside a sentence that is gone, strange words are what the recogniser makes of the noise.
        if len(extra.words) >= _UNKNOWN_WORDS and near and not any(line.is_gone for line in around):
            yield Verdict(near[0].take.passage, Fault.STRANGE, " ".join(extra.words), extra.time)


def _copied(extra: _Extra, lines: Sequence[_Line]) -> _Line | None:
    """The sentence that the words repeat, or a part of it."""
    most = [line for line in lines if len(extra.words) * 2 > len(line.take.expected)]
    for line in lines if len(extra.words) >= STRAY else most:
        # Alignment may take the end of one copy with the beginning of the other.
        if share_in(extra.words, [*line.take.expected, *line.take.expected]) >= _ALIKE:
            return line
    # A name is spelt otherwise than in the text, and otherwise each time: then the sound of the whole decides.
    for line in most if len(sounds(extra.words)) >= _FEWEST_SOUNDS else ():
        for words in (line.take.expected, line.take.heard):
            if sound_likeness(extra.words, [*words, *words]) >= _SOUNDS_ALIKE:
                return line
    return None


def _drifts(lines: Sequence[_Line], heard: Sequence[Heard], moved: set[int]) -> Iterator[Drift]:
    """Sentences that were heard, but not at their time."""
    off = np.array(
        [
            number not in moved and not line.take.is_whole and line.score >= UNDERSTOOD
            for number, line in enumerate(lines)
        ]
    )
    for first, last in runs(off):
        seconds = median(heard[line.places[0]].time - line.take.passage.begin for line in lines[first:last])
        if abs(seconds) > _OUT_OF_STEP:
            yield Drift(lines[first].take.passage, lines[last - 1].take.passage, seconds)
