"""Where a sound is quiet, and where it may be cut without cutting a word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

_STEP = 0.02
_FLOOR = 0.0015
"""Full scale 1.0: -56 dB, more than an encoder makes of silence."""

_SHARE = 0.02
"""Of what is loud in this recording: breath and room are below it, any speech above."""

_PAUSE = 0.16
_NEARLY = 0.01
"""Of a step: times are written to the millisecond."""


@dataclass(frozen=True)
class Levels:
    """The highest sample (full scale 1.0) in each `step` seconds of a sound."""

    peaks: NDArray[np.float32]
    step: float

    @cached_property
    def loud(self) -> NDArray[np.bool_]:
        """For each step whether there is sound in it."""
        if not len(self.peaks):
            return np.zeros(0, np.bool_)
        loud: NDArray[np.bool_] = self.peaks > max(_FLOOR, _SHARE * float(np.percentile(self.peaks, 95)))
        return loud

    def between(self, begin: float, end: float) -> NDArray[np.bool_]:
        """Whether there is sound, for each step that lies wholly between two times in seconds.

        The step across a border may be loud with what begins or ends beyond it.
        """
        return self.loud[ceil(begin / self.step - _NEARLY) : floor(end / self.step + _NEARLY)]

    def is_silent(self, begin: float, end: float) -> bool:
        """Whether there is a stretch of sound between two times, and nothing to be heard in it."""
        frames = self.between(begin, end)
        return len(frames) > 0 and not frames.any()

    def span(self, begin: float, end: float) -> tuple[float, float] | None:
        """From when to when there is sound between two times."""
        frames = np.flatnonzero(self.between(begin, end))
        return (begin + self.step * frames[0], begin + self.step * (frames[-1] + 1)) if len(frames) else None

    def pieces(self, begin: float, end: float, shortest: float, longest: float) -> list[tuple[float, float]]:
        """`begin` to `end` cut in pauses, into pieces of at least `shortest` and at most `longest` seconds."""
        cuts = [begin]
        while end - cuts[-1] > shortest:
            pause = self._first_pause(cuts[-1] + shortest, min(cuts[-1] + longest, end))
            if pause is None and end - cuts[-1] <= longest:
                break
            cuts.append(cuts[-1] + longest if pause is None else pause)
        return list(zip(cuts, [*cuts[1:], end], strict=True))

    def _first_pause(self, begin: float, end: float) -> float | None:
        """The middle of the first pause that lies between two times."""
        for start, stop in runs(~self.between(begin, end)):
            if (stop - start) * self.step >= _PAUSE:
                return begin + (start + stop) / 2 * self.step
        return None


def levels_of(samples: NDArray[np.float32], rate: int) -> Levels:
    """The levels of mono samples."""
    size = round(_STEP * rate)
    count = len(samples) // size
    peaks = np.abs(samples[: count * size]).reshape(count, size).max(axis=1, initial=0)
    return Levels(peaks, size / rate)


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs `[first, last)` of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
