"""A spoken sentence made ready to be joined: silence cut at its ends, resampled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packager.model import SAMPLE_RATE, Pcm

Samples = NDArray[np.float32]

MARGIN = 0.045
"""Seconds kept before the first and after the last sound, so that no breath or closing consonant is cut."""

_SILENCE = 0.004
"""Full scale 1.0: -48 dB, below any speech and above an engine's own noise."""

_FADE = 0.008


def trimmed(pcm: Pcm) -> Samples:
    """The clip as floats at `SAMPLE_RATE` with the engine's own silence cut from both ends and the edges faded."""
    samples = pcm.samples.astype(np.float32) / np.float32(32768)
    levels = np.abs(samples)
    loud = np.flatnonzero(levels > _SILENCE * max(float(levels.max(initial=0)), 0.05) / 0.5)
    if not len(loud):
        return np.zeros(0, np.float32)
    margin = round(MARGIN * pcm.rate)
    samples = samples[max(loud[0] - margin, 0) : loud[-1] + margin + 1]
    if pcm.rate != SAMPLE_RATE:
        import soxr

        samples = soxr.resample(samples, pcm.rate, SAMPLE_RATE, quality="HQ").astype(np.float32)
    return _faded(samples)


def _faded(samples: Samples) -> Samples:
    length = min(round(_FADE * SAMPLE_RATE), len(samples) // 2)
    if length:
        ramp = np.linspace(0, 1, length, dtype=np.float32)
        samples = samples.copy()
        samples[:length] *= ramp
        samples[-length:] *= ramp[::-1]
    return samples
