"""Loudness as ITU-R BS.1770-5 measures it, piece by piece, so that hours of sound need no memory.

A piece is measured as the energies of its 400 ms blocks (75 % overlap); the energies of all pieces together give the
integrated loudness, as long as there is silence between the pieces.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Energies = NDArray[np.float64]

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
_HOPS = 4
"""A block is 400 ms, and begins 100 ms after the one before."""

_WINDOW = 1 << 15
_TAIL = 0.1
"""Seconds after which the weighting filters have died away (the high-pass rings longest, at 38 Hz)."""


def block_energies(samples: Samples, rate: int) -> Energies:
    """Mean squares of the K-weighted blocks of a mono piece (full scale 1.0) that comes after silence."""
    if not len(samples):
        return np.zeros(0)
    meter = Meter(rate)
    # The blocks that begin in the silence before the piece and end in it count too, as they do in one long measurement.
    meter.feed(np.concatenate([np.zeros(round(0.3 * rate), np.float32), samples]))
    return meter.energies


class Meter:
    """Measures mono sound that comes in pieces of any length, in memory that does not grow but by a number a block."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._before = np.zeros(0, np.float32)
        self._weighted = np.zeros(0, np.float32)
        self._energies: list[Energies] = []

    @property
    def energies(self) -> Energies:
        """The mean squares of all whole blocks so far."""
        return np.concatenate([np.zeros(0), *self._energies])

    @property
    def loudness(self) -> float:
        """The integrated loudness so far, in LUFS."""
        return integrated_loudness(self.energies)

    def feed(self, samples: Samples) -> None:
        """Measure the next piece."""
        hop = round(0.1 * self._rate)
        joined = np.concatenate([self._before, samples])
        weighted = _k_weighted(joined, self._rate)[len(self._before) :]
        self._before = joined[-round(_TAIL * self._rate) :]
        self._weighted = np.concatenate([self._weighted, weighted])
        whole = len(self._weighted) // hop
        if whole >= _HOPS:
            hops = self._weighted[: whole * hop].reshape(whole, hop)
            sums = np.einsum("ij,ij->i", hops, hops).astype(np.float64)
            self._energies.append(np.convolve(sums, np.ones(_HOPS), "valid") / (_HOPS * hop))
            self._weighted = self._weighted[(whole - _HOPS + 1) * hop :]


def integrated_loudness(energies: Energies) -> float:
    """LUFS of all blocks, gated at -70 LUFS and at 10 LU below the loudness of what is left; -inf for silence."""
    audible = energies[energies > _energy(_ABSOLUTE_GATE)]
    if not len(audible):
        return float("-inf")
    gate = _loudness(float(audible.mean())) + _RELATIVE_GATE
    return _loudness(float(audible[audible > _energy(gate)].mean()))


def _loudness(energy: float) -> float:
    return float(_OFFSET + 10 * np.log10(energy))


def _energy(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def _k_weighted(samples: Samples, rate: int) -> Samples:
    """Filter by overlap-add in windows of one size, so that one frequency response serves pieces of any length."""
    step = _WINDOW - round(_TAIL * rate)
    weighted = np.zeros(len(samples) + _WINDOW, np.float32)
    for start in range(0, len(samples), step):
        # Without a norm that has a factor NumPy computes in double precision, which is four times the memory to go through.
        spectrum = np.fft.rfft(samples[start : start + step], _WINDOW, norm="ortho") * _k_response(_WINDOW, rate)
        weighted[start : start + _WINDOW] += np.fft.irfft(spectrum, _WINDOW, norm="ortho")
    return weighted[: len(samples)]


@lru_cache(maxsize=4)
def _k_response(size: int, rate: int) -> NDArray[np.complex64]:
    """The two filters of BS.1770 (a shelf of +4 dB, a high-pass) for this rate, as a frequency response."""
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones_like(z)
    for b, a in (_shelf(rate), _high_pass(rate)):
        response *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return np.asarray(response, np.complex64)


_Filter = tuple[tuple[float, float, float], tuple[float, float, float]]


def _shelf(rate: int) -> _Filter:
    # The analogue prototype behind the table for 48 kHz, so that other rates weigh alike.
    gain, q, centre = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = np.tan(np.pi * centre / rate)
    high = 10 ** (gain / 20)
    middle = high**0.4996667741545416
    norm = 1 + k / q + k * k
    b = (
        (high + middle * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - middle * k / q + k * k) / norm,
    )
    return b, (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)


def _high_pass(rate: int) -> _Filter:
    q, centre = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * centre / rate)
    norm = 1 + k / q + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)
