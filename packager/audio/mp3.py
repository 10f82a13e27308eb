"""MP3 of constant bit rate, made in independent segments that join without a seam.

Each segment is encoded by an encoder of its own and ends in silence; of its frames exactly those are kept that its samples
fill. Joined, they are one stream in which every sample lies where it was put: a fresh encoder borrows no bits from the frames
before it, and what the overlap of the transform mixes at a joint is silence on both sides. So segments can be made in
parallel, kept, and made again alone.

A decoder learns from the Info frame (the LAME tag, revision 1) how many samples to drop at both ends; a bare lameenc stream
starts 46 ms late.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packager.errors import OutputError, UsageError
from packager.model import SAMPLE_RATE

FRAME = 576
"""Samples in a frame of MPEG-2 layer III, the kind for 24 kHz (ISO 13818-3)."""

TAIL = 4 * FRAME
"""Samples of silence that a segment must end in: the encoder's delay, its overlap, and a frame to spare."""

BITRATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Kilobits a second that MPEG-2 layer III knows and that speech needs."""

_RATE_CODES = {
    8: 1,
    16: 2,
    24: 3,
    32: 4,
    40: 5,
    48: 6,
    56: 7,
    64: 8,
    80: 9,
    96: 10,
    112: 11,
    128: 12,
    144: 13,
    160: 14,
}
_ENCODER_DELAY = 576
_FLUSHING_FRAMES = 2
_LAME_SCALE = 0.95
"""LAME turns its input down by this factor at every constant bit rate, and lameenc has no switch for it; undone here."""

_QUALITY = 7
"""LAME's speed setting: 5 took twice as long and no recogniser understood it better."""


@cache
def encoder_version() -> str:
    """What shapes the bytes besides the samples."""
    return f"lameenc {version('lameenc')} q{_QUALITY}"


def check_bitrate(bitrate: int) -> None:
    """Raises `UsageError` for a rate that the format does not have."""
    if bitrate not in BITRATES:
        raise UsageError(
            f"{bitrate} kb/s is not a bit rate of MP3 at 24 kHz.",
            f"Choose one of {', '.join(map(str, BITRATES))}.",
        )


def encode_segment(samples: NDArray[np.int16], bitrate: int) -> bytes:
    """The frames that hold exactly these samples, whose number is a multiple of `FRAME` and whose last `TAIL` are 0."""
    import lameenc

    assert len(samples) % FRAME == 0, "a segment fills whole frames"
    assert not samples[-TAIL:].any(), "a segment ends in silence"
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_bit_rate(bitrate)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_channels(1)
    encoder.set_quality(_QUALITY)
    undone = np.rint(samples / np.float32(_LAME_SCALE))
    np.clip(undone, -32768, 32767, out=undone)
    stream = bytes(encoder.encode(undone.astype(np.int16).tobytes())) + bytes(encoder.flush())
    length = _frame_length(bitrate)
    assert len(stream) % length == 0, "all frames are of one length"
    return stream[: len(samples) // FRAME * length]


def joined(segments: Iterable[Path], samples: int, bitrate: int) -> Iterator[bytes]:
    """The whole MP3, piece by piece: Info frame, the segments' frames, and the frames that push the last sample out."""
    paths = list(segments)
    silence = encode_segment(np.zeros(FRAME * 8, np.int16), bitrate)
    ending = silence[-_FLUSHING_FRAMES * _frame_length(bitrate) :]
    try:
        size = sum(path.stat().st_size for path in paths) + len(ending)
        yield info_frame(silence[:4], samples // FRAME + _FLUSHING_FRAMES, size, samples, bitrate)
        for path in paths:
            yield path.read_bytes()
    except FileNotFoundError:
        raise OutputError("The cache was emptied while the book was made.", "Build it again.") from None
    yield ending


def info_frame(header: bytes, frames: int, size: int, samples: int, bitrate: int) -> bytes:
    """The frame in front of a stream of `frames` frames and `size` bytes of which `samples` samples are meant to be heard."""
    padding = frames * FRAME - samples - _ENCODER_DELAY
    assert 0 <= padding < 4096
    length = _frame_length(bitrate)
    frame = bytearray(length if length >= 192 else _frame_length(64))
    code = _RATE_CODES[bitrate if length >= 192 else 64]
    frame[0:4] = header[0:2] + bytes([(code << 4) | (header[2] & 0x0D)]) + header[3:4]
    tag = 4 + 9
    frame[tag : tag + 4] = b"Info"
    whole = size + len(frame)
    struct.pack_into(">III", frame, tag + 4, 0xF, frames, whole)
    frame[tag + 16 : tag + 116] = bytes(min(255, step * 256 // 100) for step in range(100))
    struct.pack_into(">I", frame, tag + 116, 50)
    lame = tag + 120
    frame[lame : lame + 9] = b"LAME3.100"
    frame[lame + 9] = 0x01
    frame[lame + 20] = min(bitrate, 255)
    frame[lame + 21 : lame + 24] = bytes(
        [_ENCODER_DELAY >> 4, ((_ENCODER_DELAY & 15) << 4) | (padding >> 8), padding & 255]
    )
    struct.pack_into(">I", frame, lame + 28, whole)
    struct.pack_into(">H", frame, lame + 34, _crc16(frame[: lame + 34]))
    return bytes(frame)


def _frame_length(bitrate: int) -> int:
    # At 24 kHz this is whole for every bit rate, so no frame is ever padded.
    return FRAME // 8 * 1000 * bitrate // SAMPLE_RATE


def _crc16(data: bytes | bytearray) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
