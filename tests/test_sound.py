"""Sound as numbers: MP3s against four decoders that are not ours, levels against two other meters."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from conftest import TOOLS, Tool
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import correlate, resample_poly

from packager.audio.clips import MARGIN, trimmed
from packager.audio.joining import MILLISECOND, lay_out
from packager.audio.limiter import with_gain
from packager.audio.mp3 import BITRATES, FRAME, TAIL, check_bitrate, encode_segment, joined
from packager.errors import UsageError
from packager.levels.loudness import Meter, block_energies, integrated_loudness
from packager.levels.peaks import true_peak
from packager.model import SAMPLE_RATE, Pcm

Samples = NDArray[np.float32]

TRIED_BITRATES = (32, 48, 64, 96, 160)
LEAST_RATIO = 30.0
"""dB between a segment of tones and what a decoder makes wrong of it."""

FARTHEST = 1500
"""Samples by which a decoder could be late: more than the 1105 of an MP3 without an Info frame."""

seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Encoded:
    """An MP3, the segments that went into it, and all of its samples."""

    path: Path
    segments: tuple[Samples, ...]

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.segments)


def tones(seconds: float, seed: int) -> Samples:
    """A few partials that swell and fade, as a vowel has them, then the silence that ends a segment."""
    noise = np.random.default_rng(seed)
    count = -(-round(seconds * SAMPLE_RATE) // FRAME) * FRAME
    time = np.arange(count) / SAMPLE_RATE
    sound = sum(np.sin(2 * np.pi * pitch * time + noise.uniform(0, 6)) for pitch in noise.uniform(120, 2500, 4))
    swell = np.sin(np.pi * np.arange(count) / count) ** 0.5
    return np.concatenate([0.15 * sound * swell, np.zeros(TAIL)]).astype(np.float32)


def whole_numbers(samples: Samples) -> NDArray[np.int16]:
    return np.rint(samples * 32767).astype(np.int16)


def encoded(folder: Path, bitrate: int) -> Encoded:
    segments = tuple(tones(seconds, seed) for seed, seconds in enumerate((0.3, 1.7, 0.04, 2.9), start=bitrate))
    files = []
    for number, segment in enumerate(segments):
        files.append(folder / f"{bitrate}-{number}.mp3frames")
        files[-1].write_bytes(encode_segment(whole_numbers(segment), bitrate))
    path = folder / f"{bitrate}.mp3"
    path.write_bytes(b"".join(joined(files, sum(map(len, segments)), bitrate)))
    return Encoded(path, segments)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Encoded]:
    folder = tmp_path_factory.mktemp("recordings")
    return {bitrate: encoded(folder, bitrate) for bitrate in TRIED_BITRATES}


def by_libsndfile(paths: list[Path], tool: Tool) -> list[Samples]:
    decoded = [soundfile.read(path, dtype="float32") for path in paths]
    assert {rate for _, rate in decoded} == {SAMPLE_RATE}
    return [samples for samples, _ in decoded]


def by_ffmpeg(paths: list[Path], tool: Tool) -> list[Samples]:
    program = tool("ffmpeg")
    raw = ("-f", "f32le", "-c:a", "pcm_f32le", "-")
    commands = [[program, "-v", "error", "-i", str(path), *raw] for path in paths]
    return [
        np.frombuffer(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout, np.float32)
        for command in commands
    ]


def by_pyav(paths: list[Path], tool: Tool) -> list[Samples]:
    tool("av")
    import av

    decoded = []
    for path in paths:
        with av.open(str(path)) as container:
            frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
        decoded.append(np.concatenate(frames).astype(np.float32))
    return decoded


def by_chromium(paths: list[Path], tool: Tool) -> list[Samples]:
    command = [tool("browser tools"), str(TOOLS / "decode_sound.mjs"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return [np.fromfile(f"{path}.f32", np.float32) for path in paths]


def lag(heard: Samples, meant: Samples) -> int:
    """By how many samples `heard` is later than `meant`."""
    scores = correlate(heard, meant, "full", "fft")
    middle = len(meant) - 1
    return int(np.argmax(scores[middle - FARTHEST : middle + FARTHEST + 1])) - FARTHEST


def ratio(heard: Samples, meant: Samples) -> float:
    error = np.square(heard.astype(np.float64) - meant).sum()
    return float(10 * np.log10(np.square(meant.astype(np.float64)).sum() / error))


@pytest.mark.parametrize("decode", [by_libsndfile, by_ffmpeg, by_pyav, by_chromium])
def test_every_decoder_finds_every_sample_where_it_was_put(
    recordings: Mapping[int, Encoded], tool: Tool, decode: Callable[[list[Path], Tool], list[Samples]]
) -> None:
    decoded = decode([recording.path for recording in recordings.values()], tool)
    for recording, samples in zip(recordings.values(), decoded, strict=True):
        assert len(samples) == len(recording.samples)
        assert lag(samples, recording.samples) == 0
        position = 0
        for segment in recording.segments:
            heard = samples[position : position + len(segment)]
            assert ratio(heard, segment) > LEAST_RATIO
            position += len(segment)


@settings(max_examples=15, deadline=None)
@given(seeds, st.lists(st.integers(0, 40), min_size=1, max_size=4), st.sampled_from(BITRATES))
def test_segments_of_any_length_join_without_a_seam(
    tmp_path_factory: pytest.TempPathFactory, seed: int, frames: list[int], bitrate: int
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    segments = [tones(count * FRAME / SAMPLE_RATE, seed + number) for number, count in enumerate(frames)]
    files = []
    for number, segment in enumerate(segments):
        files.append(folder / str(number))
        files[-1].write_bytes(encode_segment(whole_numbers(segment), bitrate))
    meant = np.concatenate(segments)
    path = folder / "joined.mp3"
    path.write_bytes(b"".join(joined(files, len(meant), bitrate)))
    heard, _ = soundfile.read(path, dtype="float32")
    assert len(heard) == len(meant)
    # Of a segment that is made again alone, nothing else changes: what stands before and after it is silence.
    quiet = np.concatenate([np.repeat([False, True], [len(one) - TAIL, TAIL]) for one in segments])
    settled = quiet & np.roll(quiet, FRAME)
    assert np.abs(heard[settled]).max(initial=0) < 0.01
    if meant.any():
        assert lag(heard, meant) == 0


def test_segments_are_made_alike_wherever_they_stand(tmp_path: Path) -> None:
    first, second = (encode_segment(whole_numbers(tones(0.5, seed)), 64) for seed in (1, 2))
    for name, frames in (("first", first), ("second", second)):
        (tmp_path / name).write_bytes(frames)
    samples = 2 * len(tones(0.5, 1))
    whole = b"".join(joined([tmp_path / "first", tmp_path / "second"], samples, 64))
    assert first + second in whole


@pytest.mark.parametrize("bitrate", [0, 33, 63, 192, 320])
def test_bit_rate_that_the_format_lacks_is_refused(bitrate: int) -> None:
    with pytest.raises(UsageError, match=str(bitrate)) as caught:
        check_bitrate(bitrate)
    assert "64" in caught.value.remedy


def sine(rate: int, pitch: float, level: float) -> Samples:
    return (10 ** (level / 20) * np.sin(2 * np.pi * pitch * np.arange(6 * rate) / rate)).astype(np.float32)


def white_noise(rate: int, seed: int) -> Samples:
    return (0.1 * np.random.default_rng(seed).standard_normal(6 * rate)).astype(np.float32)


def bursts(rate: int, seed: int) -> Samples:
    """Words of noise and pauses, loud and soft, as gating finds them in speech."""
    noise = np.random.default_rng(seed)
    words = [
        np.concatenate([level * noise.standard_normal(round(length * rate)), np.zeros(round(pause * rate))])
        for level, length, pause in zip(
            noise.choice([0.2, 0.05, 0.01], 24), noise.uniform(0.15, 0.9, 24), noise.uniform(0.05, 1.2, 24), strict=True
        )
    ]
    return np.concatenate(words).astype(np.float32)


RATES = (16_000, 22_050, 24_000, 44_100, 48_000)
SOUNDS: list[Callable[[int], Samples]] = [
    partial(sine, pitch=100, level=-20),
    partial(sine, pitch=997, level=-23),
    partial(sine, pitch=4000, level=-6),
    partial(white_noise, seed=1),
    *(partial(bursts, seed=seed) for seed in range(3)),
]


def by_pyloudnorm(samples: Samples, rate: int) -> float:
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples.astype(np.float64)))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("sound", SOUNDS)
def test_loudness_agrees_with_pyloudnorm(sound: Callable[[int], Samples], rate: int) -> None:
    samples = sound(rate)
    meter = Meter(rate)
    meter.feed(samples)
    assert meter.loudness == pytest.approx(by_pyloudnorm(samples, rate), abs=0.1)


def test_full_scale_sine_has_the_loudness_that_the_standard_gives() -> None:
    meter = Meter(48_000)
    meter.feed(sine(48_000, 997, 0))
    assert meter.loudness == pytest.approx(-3.01, abs=0.05)


@settings(max_examples=20, deadline=None)
@given(seeds, st.lists(st.integers(1, 200_000), max_size=8))
def test_loudness_of_pieces_is_that_of_the_whole(seed: int, cuts: list[int]) -> None:
    samples = bursts(SAMPLE_RATE, seed)
    whole, pieces = Meter(SAMPLE_RATE), Meter(SAMPLE_RATE)
    whole.feed(samples)
    for piece in np.split(samples, sorted(min(cut, len(samples)) for cut in cuts)):
        pieces.feed(piece)
    assert len(pieces.energies) == len(whole.energies)
    assert pieces.loudness == pytest.approx(whole.loudness, abs=0.01)


def test_energies_of_segments_give_the_loudness_of_the_track() -> None:
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    segments = [np.concatenate([bursts(SAMPLE_RATE, seed), silence]) for seed in range(4)]
    energies = np.concatenate([block_energies(segment, SAMPLE_RATE) for segment in segments])
    track = np.concatenate(segments)
    assert integrated_loudness(energies) == pytest.approx(by_pyloudnorm(track, SAMPLE_RATE), abs=0.1)


def test_silence_has_no_loudness() -> None:
    meter = Meter(SAMPLE_RATE)
    meter.feed(np.zeros(SAMPLE_RATE, np.float32))
    assert meter.loudness == float("-inf")
    assert len(block_energies(np.zeros(0, np.float32), SAMPLE_RATE)) == 0


def between_samples(samples: Samples) -> float:
    """The highest level in eightfold resolution, by a filter that is not ours."""
    return float(np.abs(resample_poly(samples.astype(np.float64), 8, 1, window=("kaiser", 8.0))).max())


@settings(max_examples=40, deadline=None)
@given(seeds, st.floats(-6, 24), st.floats(-9, -1), st.sampled_from(["bursts", "noise", "clicks", "square", "flips"]))
def test_no_true_peak_goes_over_the_ceiling(seed: int, gain: float, ceiling: float, kind: str) -> None:
    noise = np.random.default_rng(seed)
    if kind == "bursts":
        samples = bursts(SAMPLE_RATE, seed)[: 2 * SAMPLE_RATE]
    elif kind == "noise":
        samples = (0.2 * noise.standard_normal(SAMPLE_RATE)).astype(np.float32)
    elif kind == "clicks":
        samples = np.zeros(SAMPLE_RATE, np.float32)
        samples[noise.integers(0, SAMPLE_RATE, 30)] = noise.uniform(-1, 1, 30)
    elif kind == "square":
        samples = (0.3 * np.sign(np.sin(np.arange(SAMPLE_RATE) * noise.uniform(0.01, 1)))).astype(np.float32)
    else:
        # Signs that alternate and then do not: the highest peaks between samples that there are.
        samples = (noise.uniform(0.05, 0.9) * (-1.0) ** np.cumsum(noise.integers(0, 2, 4000))).astype(np.float32)
    limited = with_gain(samples, SAMPLE_RATE, gain, ceiling)
    assert len(limited) == len(samples)
    assert 20 * np.log10(max(true_peak(limited, SAMPLE_RATE), 1e-9)) <= ceiling + 0.01


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0, 24), st.floats(-9, -1))
def test_another_meter_finds_no_peak_over_the_ceiling(seed: int, gain: float, ceiling: float) -> None:
    limited = with_gain(tones(1.0, seed), SAMPLE_RATE, gain, ceiling)
    assert 20 * np.log10(between_samples(limited)) <= ceiling + 0.1


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(-20, 20))
def test_sound_below_the_ceiling_is_only_turned_up(seed: int, gain: float) -> None:
    factor = np.float32(10 ** (gain / 20))
    samples = bursts(SAMPLE_RATE, seed)[: 2 * SAMPLE_RATE]
    samples *= np.float32(0.7 / true_peak(samples, SAMPLE_RATE)) / factor
    assert np.array_equal(with_gain(samples, SAMPLE_RATE, gain, -3.0), samples * factor)


def test_only_what_stands_near_a_peak_is_turned_down() -> None:
    samples = sine(SAMPLE_RATE, 440, -20)
    samples[SAMPLE_RATE : SAMPLE_RATE + 48] *= 12
    limited = with_gain(samples, SAMPLE_RATE, 0.0, -3.0)
    changed = np.flatnonzero(limited != samples)
    assert len(changed)
    assert changed.min() > SAMPLE_RATE - 0.01 * SAMPLE_RATE
    assert changed.max() < SAMPLE_RATE + 48 + 0.01 * SAMPLE_RATE


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(RATES), st.floats(0, 1.5), st.floats(0, 1.5), st.floats(0.2, 0.9))
def test_trimming_keeps_all_sound(seed: int, rate: int, before: float, after: float, level: float) -> None:
    noise = np.random.default_rng(seed)
    count = round(0.4 * rate)
    word = level * np.sin(np.arange(count) * noise.uniform(200, 3000) * 2 * np.pi / rate + 1)
    word[[0, -1]] = level / 10
    silences = [noise.uniform(-0.0005, 0.0005, round(length * rate)) for length in (before, after)]
    samples = np.concatenate([silences[0], word, silences[1]])
    cut = trimmed(Pcm((samples * 32767).astype(np.int16), rate))
    longest = 0.4 + 2 * MARGIN
    assert 0.4 * SAMPLE_RATE - 2 <= len(cut) <= longest * SAMPLE_RATE + 3
    if min(before, after) > MARGIN:
        assert np.square(cut).sum() / SAMPLE_RATE == pytest.approx(np.square(word).sum() / rate, rel=0.01)


def test_trimming_leaves_the_sound_itself_alone() -> None:
    word = whole_numbers(tones(0.5, 3)[: SAMPLE_RATE // 2] + np.float32(0.02))
    silence = np.zeros(SAMPLE_RATE, np.int16)
    cut = trimmed(Pcm(np.concatenate([silence, word, silence]), SAMPLE_RATE))
    margin = round(MARGIN * SAMPLE_RATE)
    assert np.array_equal(whole_numbers(cut * np.float32(32768 / 32767))[margin : margin + len(word)], word)


def test_of_silence_nothing_is_left() -> None:
    assert len(trimmed(Pcm(np.zeros(SAMPLE_RATE, np.int16), SAMPLE_RATE))) == 0
    assert len(trimmed(Pcm(np.zeros(0, np.int16), SAMPLE_RATE))) == 0


clips = st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 1500)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(clips, st.integers(0, 400))
def test_sentences_fill_whole_milliseconds(lengths_and_pauses: list[tuple[int, int]], lead: int) -> None:
    sounds = [np.full(length, 0.25, np.float32) for length, _ in lengths_and_pauses]
    pauses = [pause for _, pause in lengths_and_pauses]
    samples, lengths = lay_out(sounds, pauses, lead)
    assert sum(lengths) == len(samples)
    assert len(samples) % FRAME == 0
    assert not samples[-TAIL:].any()
    assert all(length % MILLISECOND == 0 for length in lengths)
    begin, opening = 0, lead * MILLISECOND
    for sound, pause, length in zip(sounds, pauses, lengths, strict=True):
        part = samples[begin : begin + length]
        assert not part[:opening].any()
        assert (part[opening : opening + len(sound)] == round(0.25 * 32767)).all()
        assert not part[opening + len(sound) :].any()
        assert length - opening - len(sound) >= pause * MILLISECOND
        begin, opening = begin + length, 0


def by_ebur128(path: Path, tool: Tool) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) from the summary at the end of what ffmpeg says."""
    command = [
        tool("ffmpeg"),
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)
    summary = done.stderr.rpartition("Summary:")[2]
    loudness, peak = re.search(r"I:\s+(-?[\d.]+) LUFS", summary), re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    assert loudness, done.stderr
    assert peak, done.stderr
    return float(loudness[1]), float(peak[1])


def test_recordings_have_the_level_that_is_promised(books: Path, tool: Tool) -> None:
    paths = sorted(books.rglob("*.mp3"))
    assert paths
    for path in paths:
        loudness, peak = by_ebur128(path, tool)
        assert loudness == pytest.approx(-18.0, abs=0.5)
        assert peak <= -1.5
