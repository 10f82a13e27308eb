"""True peak (ITU-R BS.1770-5, annex 2): how high sound goes between its samples."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

OVERSAMPLING = 4
"""As the recommendation asks for at rates up to 48 kHz."""


def true_peak(samples: Samples, rate: int) -> float:
    """The highest level between and at the samples, as a factor of full scale."""
    if not len(samples):
        return 0.0
    return float(fine_levels(samples, rate).max())


def fine_levels(samples: Samples, rate: int) -> Samples:
    """Levels at the samples themselves and at three places between any two."""
    levels: Samples = soxr.resample(samples, rate, rate * OVERSAMPLING, quality="HQ")
    np.abs(levels, out=levels)
    at_samples = levels[::OVERSAMPLING]
    np.maximum(at_samples, np.abs(samples), out=at_samples)
    return levels
