"""Gain without overload: the few peaks that would go over the ceiling are turned down smoothly, true peaks included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packager.levels.peaks import OVERSAMPLING, fine_levels, true_peak

Samples = NDArray[np.float32]

_DIP = 0.006
"""Seconds from a peak to where its dip has faded out on either side; short enough to be masked by the peak itself."""

_REACH = 0.004
"""Seconds of sound on either side that shape a level between two samples: 70 samples at 24 kHz count for the resampler."""


def with_gain(samples: Samples, rate: int, gain_db: float, ceiling_db: float) -> Samples:
    """`samples` turned up by `gain_db`, no true peak above `ceiling_db` (dBTP)."""
    louder = samples * np.float32(10 ** (gain_db / 20))
    ceiling = 10 ** (ceiling_db / 20)
    stretches = [(0, len(samples))]
    for _ in range(8):
        peaks = np.concatenate([_peaks(louder, rate, ceiling, stretch) for stretch in stretches])
        if not len(peaks):
            return louder
        louder = _turned_down(louder, rate, peaks, ceiling)
        stretches = _stretches(peaks, round((_DIP + _REACH) * rate), len(samples))
    # What eight rounds left is a fraction of a decibel: take it off the whole clip.
    return louder * np.float32(min(1.0, ceiling / true_peak(louder, rate)))


def _peaks(samples: Samples, rate: int, ceiling: float, stretch: tuple[int, int]) -> NDArray[np.float64]:
    """Rows of (position in samples, level) of every true peak above the ceiling in a stretch."""
    # Near a cut the interpolation sees a jump that is not in the sound, so more is cut out than is looked at.
    first = max(stretch[0] - round(_REACH * rate), 0)
    fine = fine_levels(samples[first : stretch[1] + round(_REACH * rate)], rate)
    looked_at = fine[(stretch[0] - first) * OVERSAMPLING : (stretch[1] - first) * OVERSAMPLING]
    over = np.flatnonzero(looked_at > ceiling)
    groups = np.split(over, np.flatnonzero(np.diff(over) > OVERSAMPLING) + 1) if len(over) else []
    tops = [int(group[np.argmax(looked_at[group])]) for group in groups]
    return np.array([(stretch[0] + top / OVERSAMPLING, looked_at[top]) for top in tops]).reshape(-1, 2)


def _stretches(peaks: NDArray[np.float64], around: int, length: int) -> list[tuple[int, int]]:
    """Where levels may have changed when these peaks were turned down: so many samples around each, joined where they meet."""
    stretches: list[tuple[int, int]] = []
    for position in peaks[:, 0]:
        first, end = max(round(position) - around, 0), min(round(position) + around + 1, length)
        if stretches and first <= stretches[-1][1]:
            first, _ = stretches.pop()
        stretches.append((first, end))
    return stretches


def _turned_down(samples: Samples, rate: int, peaks: NDArray[np.float64], ceiling: float) -> Samples:
    """Multiply by a curve that dips to the needed factor at each peak and returns as a raised cosine."""
    half = round(_DIP * rate)
    shape = (0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1) / half)).astype(np.float32)
    curve = np.ones(len(samples) + 2 * half, np.float32)
    for position, level in peaks:
        start = round(position)
        dip = 1 - shape * np.float32(1 - 0.999 * ceiling / level)
        np.minimum(curve[start : start + 2 * half + 1], dip, out=curve[start : start + 2 * half + 1])
    return samples * curve[half : half + len(samples)]
