"""hibari in its own process: it goes with whoever asks it, tells what went wrong, and always says the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from packager.errors import NarrationError
from packager.model import Utterance, VoiceChoice
from packager.narrators import hibari_process, hibari_speaker
from packager.narrators.hibari import Hibari
from packager.narrators.hibari_speaker import Speaker, speaker_for

HEART = VoiceChoice("hibari", "heart")
TEXT = "The river rose, and the old bridge held."
ASK = """
import sys
from packager.model import Utterance, VoiceChoice
from packager.narrators.hibari import Hibari
print(len(Hibari().speak(Utterance("Ready.", "en"), VoiceChoice("hibari", "heart")).samples), flush=True)
sys.stdin.read()
"""


def spoken_afresh(cache: Path) -> bytes:
    speaker = Speaker("heart", cache)
    try:
        return speaker.speak([TEXT], 1.0, [7])
    finally:
        speaker._process.kill()


def ends(process: psutil.Process) -> bool:
    try:
        process.wait(20)
    except psutil.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, None])
def test_it_ends_with_the_program_that_started_it(ending: signal.Signals | None) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert asking.stdin is not None
    assert asking.stdout is not None
    assert int(asking.stdout.readline()) > 1000
    (speaking,) = psutil.Process(asking.pid).children()
    if ending:
        asking.send_signal(ending)
    else:
        asking.stdin.close()
    asking.wait(20)
    assert ends(speaking)


def test_ctrl_c_does_not_end_it_before_the_program_that_asks() -> None:
    speaker = Speaker("heart")
    speaker.speak([TEXT], 1.0, [1])
    os.kill(speaker._process.pid, signal.SIGINT)
    assert len(speaker.speak([TEXT], 1.0, [1])) > 1000
    speaker._process.kill()


def test_when_it_dies_the_sentence_fails_with_a_way_out_and_the_next_one_is_spoken() -> None:
    engine = Hibari()
    engine.speak(Utterance("Good morning.", "en"), HEART)
    speaking = psutil.Process(speaker_for("heart")._process.pid)
    long = ", ".join(["and the river rose once more"] * 40)
    speaking.suspend()
    with pytest.raises(NarrationError) as caught:
        # It is killed while the sentence waits for it.
        subprocess.Popen([sys.executable, "-c", f"import os,time; time.sleep(1); os.kill({speaking.pid}, 9)"])
        engine.speak(Utterance(long, "en"), HEART)
    assert "ended" in caught.value.message
    assert caught.value.remedy
    deadline = time.monotonic() + 10
    while True:
        try:
            assert len(engine.speak(Utterance("Good evening.", "en"), HEART).samples) > 1000
            break
        except NarrationError:
            assert time.monotonic() < deadline


def test_what_goes_wrong_inside_is_told() -> None:
    speaker = Speaker("nobody")
    with pytest.raises(NarrationError, match="nobody") as caught:
        speaker.speak([TEXT], 1.0, [1])
    assert caught.value.remedy


def test_it_says_the_same_with_a_network_kept_damaged_or_not_to_be_kept(tmp_path: Path) -> None:
    first = spoken_afresh(tmp_path)
    (kept,) = (tmp_path / "networks").rglob("*.onnx")
    assert spoken_afresh(tmp_path) == first
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert spoken_afresh(tmp_path) == first
    assert not kept.exists() or kept.read_bytes() == whole
    not_a_folder = tmp_path / "file"
    not_a_folder.touch()
    assert spoken_afresh(not_a_folder) == first


def test_it_tells_its_makers_nothing(tmp_path: Path) -> None:
    """onnxruntime keeps what it would send under the user's home."""
    surroundings = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    surroundings = {name: value for name, value in surroundings.items() if not name.startswith("XDG_")}
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env=surroundings | {"HOME": str(home), "DO_NOT_TRACK": ""},
        stdin=subprocess.DEVNULL,
        check=True,
        capture_output=True,
    )
    assert int(done.stdout) > 1000
    assert [file for file in home.rglob("*") if file.is_file()] == []


def test_it_never_fetches_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    speaker = Speaker("emma")
    with pytest.raises(NarrationError, match="FileNotFoundError"):
        speaker.speak([TEXT], 1.0, [1])


def test_an_answer_that_is_cut_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text('import sys; sys.stdin.readline(); sys.stdout.write(\'{"id": 0, "sampl\'); sys.stdout.flush()')
    monkeypatch.setattr(hibari_speaker, "_PROGRAM", broken)
    speaker = Speaker("heart")
    with pytest.raises(NarrationError, match="ended"):
        speaker.speak([TEXT], 1.0, [1])
    assert speaker.ended
    assert capfd.readouterr().err == ""


def test_its_transform_and_its_chance_are_what_hibari_expects() -> None:
    frames = np.random.default_rng(1).standard_normal((40, 1200), dtype=np.float32)
    wanted = np.fft.rfft(frames.astype(np.float64), axis=1)
    found = hibari_process._rfft(frames, 1)
    assert found.dtype == np.complex64
    assert np.abs(found - wanted).max() < 1e-3
    numbers = hibari_process._Noise([0, 5]).standard_normal((601, 400), np.float32)
    assert (numbers.shape, numbers.dtype) == ((601, 400), np.float32)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    # What a sample of sound is made of is the sum over a frame, and that is as normal as can be measured.
    sums = numbers.sum(axis=0) / 601**0.5
    assert abs((sums**4).mean() / sums.var() ** 2 - 3) < 1
    assert np.abs(np.corrcoef(numbers[:200])[np.triu_indices(200, 1)]).max() < 0.3
