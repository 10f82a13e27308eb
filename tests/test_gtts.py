"""gTTS's own client, unpatched, against a server here that answers as Google does, well and badly."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google_server import RATE, Answer, Google, make_certificate, seconds_of
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.errors import ExitCode, NarrationError
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.gtts import LONGEST_REQUEST, Gtts, cut

SENTENCE = "A short sentence, well said."
LONG = (
    "When the river rose for the third time that spring, nobody in the village was surprised; "
    "they had moved the cattle, filled the sacks with sand, and asked themselves: would the old bridge, "
    "built by their grandfathers, hold once more?"
)
ARTICLE = {
    "first": "The first paragraph speaks of rivers.",
    "second": "The second paragraph speaks of bridges.",
    "third": "The third paragraph speaks of rain.",
}
ATTEMPTS = 4


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PACKAGER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PACKAGER_GTTS_WAIT", "0.01")
    monkeypatch.setenv("PACKAGER_GTTS_ATTEMPTS", str(ATTEMPTS))


@pytest.fixture
def google(certificate: Path, environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    with Google(certificate) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.proxy)
        yield server
    assert not server.faults


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, in seconds; nobody really waits."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


def speak(text: str = SENTENCE, voice: str = "en", speed: float = 1.0) -> Pcm:
    return Gtts().speak(Utterance(text, "en"), VoiceChoice("gtts", voice, speed))


def assert_says(pcm: Pcm, pieces: list[str]) -> None:
    """The sound is as long as the pieces take; MP3 adds up to 0.1 s to each."""
    assert pcm.rate == RATE
    assert pcm.samples.dtype == "int16"
    assert pcm.samples.ndim == 1
    excess = len(pcm.samples) / RATE - sum(seconds_of(piece) for piece in pieces)
    assert 0 <= excess <= 0.1 * len(pieces)


def test_long_sentence_is_asked_for_in_pieces_that_keep_words_and_punctuation(google: Google) -> None:
    pcm = speak(LONG)
    pieces = [request.text for request in google.requests]
    assert " ".join(pieces) == LONG
    assert all(len(piece) <= LONGEST_REQUEST for piece in pieces)
    assert all(piece[-1] in ",;:?" for piece in pieces)
    assert_says(pcm, pieces)


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Ives, Esq., met Dr. St. John at last.",
        '“Is it here? Is it there?” she asked. “No!” – \\"quoted\\" – and 100 % of them agreed: yes & no.',
        # gTTS puts a space behind “?”, finds 101 characters, and would cut it at all of its commas.
        f"{'Word, ' * 16}and?",
        "هل عبرت الجسر القديم، أم بقيت هناك؟",
    ],
)
def test_google_gets_the_text_as_it_stands(google: Google, text: str) -> None:
    assert len(text) <= LONGEST_REQUEST
    speak(text)
    assert [request.text for request in google.requests] == [text]


def test_accent_and_pace_are_asked_for(google: Google) -> None:
    speak(voice="en-GB")
    speak(voice="de", speed=0.7)
    asked = [(request.host, request.language, request.slow) for request in google.requests]
    assert asked == [("translate.google.co.uk", "en", False), ("translate.google.com", "de", True)]


@pytest.mark.parametrize(
    "passing",
    [
        [Answer.TOO_MANY],
        [Answer.FAILED, Answer.FAILED],
        [Answer.BUSY],
        [Answer.DROPPED],
        [Answer.CUT],
        [Answer.NO_SOUND],
        [Answer.PAGE],
        [Answer.NO_MP3],
        [Answer.TOO_MANY, Answer.CUT, Answer.PAGE],
    ],
    ids=lambda answers: "+".join(answer.name for answer in answers),
)
def test_what_passes_is_waited_out(google: Google, passing: list[Answer]) -> None:
    google.answers = [*passing, Answer.GOOD]
    assert_says(speak(), [SENTENCE])
    assert [request.answer for request in google.requests] == [*passing, Answer.GOOD]
    assert {request.text for request in google.requests if request.text} == {SENTENCE}


def test_only_the_piece_that_failed_is_asked_for_again(google: Google) -> None:
    google.answers = [Answer.GOOD, Answer.FAILED, Answer.GOOD]
    pcm = speak(LONG)
    assert [request.text for request in google.requests if request.answer is Answer.GOOD] == cut(LONG)
    assert_says(pcm, cut(LONG))


def test_silent_server_is_left_and_asked_again(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKAGER_GTTS_TIMEOUT", "1")
    google.answers = [Answer.HANGING, Answer.GOOD]
    assert_says(speak(), [SENTENCE])
    assert [request.answer for request in google.requests] == [Answer.HANGING, Answer.GOOD]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer.TOO_MANY, "429"),
        (Answer.FAILED, "500"),
        (Answer.DROPPED, "connection broke"),
        (Answer.CUT, "connection broke"),
        (Answer.NO_SOUND, "held no sound"),
        (Answer.PAGE, "held no sound"),
        (Answer.NO_MP3, "no sound file"),
    ],
)
def test_what_lasts_is_told_with_its_sentence(google: Google, waits: list[float], answer: Answer, reason: str) -> None:
    google.answers = [answer]
    with pytest.raises(NarrationError, match=re.escape(reason)) as caught:
        speak()
    assert SENTENCE in caught.value.message
    assert "build again" in caught.value.remedy
    assert len(google.requests) == ATTEMPTS
    assert waits == [0.01, 0.02, 0.04]


def test_silence_that_lasts_is_told(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKAGER_GTTS_TIMEOUT", "0.2")
    monkeypatch.setenv("PACKAGER_GTTS_ATTEMPTS", "2")
    google.answers = [Answer.HANGING]
    with pytest.raises(NarrationError, match="did not answer in time"):
        speak()


def test_refusal_is_final(google: Google) -> None:
    google.answers = [Answer.REFUSED, Answer.GOOD]
    with pytest.raises(NarrationError, match="403"):
        speak()
    assert len(google.requests) == 1


def _proxy_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")


def _no_name_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)


def _no_way_leads_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.EHOSTUNREACH, "No route to host")

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(socket.socket, "connect", fail)


@pytest.mark.parametrize("cut_off", [_proxy_is_off, _no_name_is_known, _no_way_leads_there])
def test_without_network_it_ends_at_once(
    environment: None,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
    cut_off: Callable[[pytest.MonkeyPatch], None],
) -> None:
    cut_off(monkeypatch)
    with pytest.raises(NarrationError, match="cannot be reached"):
        speak()
    assert waits == []


@settings(deadline=None)
@given(st.text(st.sampled_from("ab. ,;:?!…—“”(\n é中，。ह।")) | st.text(), st.integers(1, 30))
def test_cut_loses_nothing_that_is_said(text: str, longest: int) -> None:
    pieces = cut(text, longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert _said("".join(pieces)) == _said(text)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"\w{1,20}[.,;:?!]{0,2}", fullmatch=True), min_size=1))
def test_cut_breaks_no_word_that_fits(words: list[str]) -> None:
    pieces = cut(" ".join(words))
    assert all(len(piece) <= LONGEST_REQUEST for piece in pieces)
    kept = " ".join(pieces).split()
    assert [word for word in kept if _said(word)] == [word for word in words if _said(word)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Wind and rain, rain and wind.", ["Wind and rain,", "rain and wind."]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("Er sagte: „Ja.“ Dann ging er.", ["Er sagte: „Ja.“", "Dann ging er."]),
        ("It costs 1,000,000.50 or so.", ["It costs", "1,000,000.50 or so."]),
        ("Supercalifragilisticexpialidocious!", ["Supercalifragilistic", "expialidocious!"]),
        ("河水在春天第三次上涨，村里没有人感到惊讶。", ["河水在春天第三次上涨，", "村里没有人感到惊讶。"]),
    ],
)
def test_cuts_are_made_where_a_reader_would_breathe(text: str, pieces: list[str]) -> None:
    assert cut(text, longest=20) == pieces


def _said(text: str) -> list[str]:
    return [char for char in text if char.isalnum()]


def _build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    source = folder / "rivers.txt"
    source.write_text("Rivers\n\n" + "\n\n".join(ARTICLE.values()) + "\n", "utf-8")
    variables = {"PACKAGER_CACHE": str(folder / "cache"), "PACKAGER_CONFIG": os.devnull}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "packager.cli.main",
            "build",
            str(source),
            "-o",
            str(folder / "out"),
            *options,
        ],
        env=os.environ | variables | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_build_that_google_broke_off_goes_on_where_it_stopped(google: Google, tmp_path: Path) -> None:
    online = ("--engine", "gtts", "--jobs", "1")
    google.answers = [Answer.GOOD, Answer.GOOD, Answer.TOO_MANY]
    broken = _build(tmp_path, *online)
    failed = google.requests[2].text
    assert broken.returncode == ExitCode.NARRATION
    assert failed in broken.stderr
    assert "429" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert broken.stderr.count("sends the text to Google") == 1
    assert _files(tmp_path / "out") == []
    assert not [name for name in _files(tmp_path / "cache") if name.endswith(".part")]

    first = [request.text for request in google.requests if request.answer is Answer.GOOD]
    google.answers, google.requests = [Answer.GOOD], []
    whole = _build(tmp_path, *online)
    assert whole.returncode == ExitCode.GOOD, whole.stderr
    assert _files(tmp_path / "out") == [f"rivers.{kind}" for kind in ("epub", "json", "mp3", "narrated.epub", "vtt")]
    second = [request.text for request in google.requests]
    assert second[0] == failed
    assert set(Counter(first + second).values()) == {1}
    assert set(ARTICLE.values()) <= set(first + second)

    google.requests = []
    assert _build(tmp_path, *online).returncode == ExitCode.GOOD
    assert google.requests == []


def test_nothing_is_sent_unless_gtts_is_named(google: Google, tmp_path: Path) -> None:
    offline = _build(tmp_path)
    assert offline.returncode == ExitCode.GOOD, offline.stderr
    assert "rivers.narrated.epub" in _files(tmp_path / "out")
    assert "Google" not in offline.stderr
    assert google.requests == []
