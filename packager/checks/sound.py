"""Decoding a recording from end to end, to see what a player will hear."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packager.levels.loudness import Meter
from packager.levels.peaks import true_peak

_PIECE = 600
"""Seconds decoded at once, so that memory does not grow with the length of the recording."""


@dataclass(frozen=True)
class Heard:
    """What came out of a decoder: how long, how loud (LUFS), how high (dBTP), and how long the file says it is."""

    seconds: float
    declared: float
    loudness: float
    peak: float
    channels: int
    rate: int


def hear(path: Path) -> Heard | None:
    """Decode a whole file; None when it is no sound that can be decoded."""
    import soundfile

    try:
        with quiet_decoder(), soundfile.SoundFile(path) as file:
            if file.format not in ("MPEG", "MP3"):
                return None
            meter, peak, count = Meter(file.samplerate), 0.0, 0
            # Not file.blocks(): where a file was cut it goes on to the declared end with what is in its memory.
            while len(piece := file.read(_PIECE * file.samplerate, dtype="float32", always_2d=True)):
                mono = np.ascontiguousarray(piece.mean(axis=1))
                meter.feed(mono)
                peak = max(peak, true_peak(mono, file.samplerate))
                count += len(piece)
            return Heard(
                count / file.samplerate,
                _declared_seconds(path),
                meter.loudness,
                20 * float(np.log10(max(peak, 1e-9))),
                file.channels,
                file.samplerate,
            )
    except (soundfile.LibsndfileError, RuntimeError, OSError):
        return None


@contextmanager
def quiet_decoder() -> Iterator[None]:
    """libsndfile seeks between two pieces, and libmpg123 then complains on standard error about frames it has not seen."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _declared_seconds(path: Path) -> float:
    """What the Info frame (or the size, where there is none) says: a recording that was cut in two still says the whole."""
    from mutagen import MutagenError
    from mutagen.mp3 import MP3

    try:
        info = MP3(path).info
        return float(getattr(info, "length", 0.0))
    except MutagenError:
        return 0.0
