"""What is wrong with a clip as a voice gave it, as far as its samples tell: reason enough to have it spoken again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packager.model import Pcm

SHORTEST, LONGEST = 0.02, 0.35
"""Seconds a letter: voices at their own pace take 0.05 to 0.09, at double and half speed twice and half of that."""

_LONGEST_HOLE = 1.8
"""Seconds of silence between two sounds; voices pause up to 1.4 s at a full stop inside."""

_SLACK = 1.5
"""Seconds that a clip may last longer than its letters explain: a figure, or a letter spoken by its name."""

_FEWEST_LETTERS = 6
_FRAME = 0.02
_SILENCE = 0.004
_END = 0.005
_LOUD_END = 0.1
"""Share of the clip's highest sample that its last five milliseconds may reach; those of our voices reach 0.0002."""


def clip_fault(pcm: Pcm, text: str, speed: float = 1.0) -> str | None:
    """The fault in a few words ("is silent"), or None. `text` is what was to be said, `speed` the factor asked for.

    Only what no whole clip shows is a fault: a voice that is asked in vain costs time, and its second answer is taken.
    """
    # A sample of 16 bits has no opposite of its lowest value.
    levels = np.abs(np.maximum(pcm.samples, -32767))
    loud = _loud_frames(levels, pcm.rate)
    places = np.flatnonzero(loud)
    if not len(places):
        return "is silent"
    seconds = (places[-1] - places[0] + 1) * _FRAME * speed
    letters = sum(char.isalnum() for char in text)
    if letters >= _FEWEST_LETTERS and seconds < SHORTEST * letters:
        return f"is too short for its text: {seconds:.1f} s"
    if seconds > LONGEST * letters + _SLACK:
        return f"is too long for its text: {seconds:.1f} s"
    hole = (np.diff(places).max(initial=1) - 1) * _FRAME * speed
    if hole > _LONGEST_HOLE:
        return f"has {hole:.1f} s of silence inside"
    if letters >= _FEWEST_LETTERS and _breaks_off(levels, pcm.rate):
        return "breaks off"
    return None


def _loud_frames(levels: NDArray[np.int16], rate: int) -> NDArray[np.bool_]:
    size = round(_FRAME * rate)
    whole = np.pad(levels, (0, -len(levels) % size))
    loud: NDArray[np.bool_] = whole.reshape(-1, size).max(axis=1, initial=0) > _SILENCE * 32768
    return loud


def _breaks_off(levels: NDArray[np.int16], rate: int) -> bool:
    """Whether there is still speech in the last moment: a voice that has finished dies away."""
    return int(levels[-round(_END * rate) :].max()) > _LOUD_END * int(levels.max())
