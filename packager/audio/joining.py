"""Clips laid end to end with their pauses, every sentence on a whole millisecond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packager.audio.mp3 import FRAME, TAIL
from packager.model import SAMPLE_RATE

Samples = NDArray[np.float32]

MILLISECOND = SAMPLE_RATE // 1000
"""Samples; sentences fill whole milliseconds so that a time written as "12.345s" is exact."""


def lay_out(
    clips: Sequence[Samples], pauses: Sequence[int], lead: int = 0
) -> tuple[NDArray[np.int16], tuple[int, ...]]:
    """One segment: samples of 16 bits and how many of them each sentence has, the pause (milliseconds) after it included.

    `lead` milliseconds of silence open the first sentence. The last pause grows to fill whole MP3 frames.
    """
    parts: list[Samples] = []
    lengths: list[int] = []
    for index, (clip, pause) in enumerate(zip(clips, pauses, strict=True)):
        opening = lead * MILLISECOND if index == 0 else 0
        silence = pause * MILLISECOND
        if index == len(clips) - 1:
            silence = max(silence, TAIL)
        length = _rounded_up(opening + len(clip) + silence, MILLISECOND)
        if index == len(clips) - 1:
            length = _rounded_up(sum(lengths) + length, FRAME) - sum(lengths)
        part = np.zeros(length, np.float32)
        part[opening : opening + len(clip)] = clip
        parts.append(part)
        lengths.append(length)
    samples = np.concatenate(parts)
    return np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16), tuple(lengths)


def _rounded_up(number: int, step: int) -> int:
    return -(-number // step) * step
