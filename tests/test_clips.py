"""A clip is looked at before it is used: one that went wrong is spoken again, and what stays wrong is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from packager.model import Pcm, Utterance, VoiceChoice
from packager.pipeline import clips
from packager.pipeline.clips import Clip, ClipTask, speak_clip
from packager.pipeline.segments import SegmentTask, SentenceTask, make_segment

RATE = 24_000
TEXT = "The boat came in with the evening tide."
WHOLE = Pcm((np.sin(np.arange(round(2.4 * RATE)) / 20) * np.hanning(round(2.4 * RATE)) * 9000).astype(np.int16), RATE)
SILENCE = Pcm(np.zeros(RATE, np.int16), RATE)
CUT = Pcm(WHOLE.samples[: round(1.2 * RATE)], RATE)
RUSHED = Pcm(WHOLE.samples[::8], RATE)


class Engine:
    """Gives one sound a take, and remembers which were asked for."""

    def __init__(self, *sounds: Pcm) -> None:
        self.sounds = sounds
        self.takes: list[int] = []

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        self.takes.append(choice.take)
        return self.sounds[choice.take - 1]


def spoken(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Clip:
    monkeypatch.setattr(clips, "narrator", lambda name: engine)
    return speak_clip(task(), folder)


def task() -> ClipTask:
    return ClipTask(Utterance(TEXT, "en"), VoiceChoice("engine", "voice"), "1")


@pytest.mark.parametrize("bad", [SILENCE, CUT, RUSHED], ids=["silent", "cut", "rushed"])
def test_a_clip_that_went_wrong_is_spoken_once_more(bad: Pcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(bad, WHOLE)
    clip = spoken(engine, tmp_path, monkeypatch)
    assert engine.takes == [1, 2]
    assert clip.fault is None
    assert np.array_equal(clip.pcm.samples, WHOLE.samples)
    assert np.array_equal(spoken(engine, tmp_path, monkeypatch).pcm.samples, WHOLE.samples)
    assert engine.takes == [1, 2], "what was kept is not spoken again"


def test_a_whole_clip_is_spoken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(WHOLE, SILENCE)
    assert spoken(engine, tmp_path, monkeypatch).fault is None
    assert engine.takes == [1]


def test_what_stays_wrong_is_told_with_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(CUT, CUT)
    monkeypatch.setattr(clips, "narrator", lambda name: engine)
    segment = SegmentTask((SentenceTask("s0001", (task(),), 500),), 64, tmp_path)
    for _ in range(2):
        (fault,) = make_segment(segment).faults
        assert fault == (0, "breaks off")
    assert engine.takes == [1, 2]
