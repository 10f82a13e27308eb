"""Listening back: a narration that is whole is left in peace, and each sentence that is not is named."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import Packager
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from packager.audio.clip_faults import clip_fault
from packager.checks.book import open_book
from packager.checks.listening import recogniser
from packager.checks.listening.levels import levels_of
from packager.checks.listening.listen import listen
from packager.checks.listening.passages import Passage, Recording, recording_of_mp3, recordings_of_book
from packager.checks.listening.words import compare, expected_words, folded, heard_words, names_of, weighed
from packager.checks.overlays import check_overlays
from packager.checks.pace import check_pace
from packager.errors import ExitCode
from packager.model import Finding, Pcm
from packager.pipeline.checking import check_files, listen_to_files

TEXT = """---
title: The lamp on the quay
author: Nora Haqqani
language: en
---

Every evening the old harbour master lit a lamp at the end of the quay. In 2021 he was 83 years old.

Nobody had asked him to do it. The ships had found their way by radio since the first years of the century, and the
fishermen came home before dark. He lit the lamp all the same.

One night the fog came in so quickly that a small boat from Tajikistan lost its way. The two women in it saw the yellow
light, turned towards it and came in.

They never learned his name, but each spring a card arrives from them.
"""
FIRST, SHORT, LATE = "Every evening", "He lit the lamp", "The two women"
CLIP_RATE = 24_000

Samples = NDArray[np.float32]
Defect = Callable[[Samples, slice, slice], Samples]
"""The sound, where the sentence lies in it, and where the next one does → the altered sound."""


@dataclass(frozen=True)
class Made:
    """A narration in a folder of its own."""

    folder: Path

    @property
    def mp3(self) -> Path:
        return self.folder / "lamp.mp3"

    @property
    def book(self) -> Path:
        return self.folder / "lamp.narrated.epub"


@dataclass(frozen=True)
class Listener:
    """A recogniser that is loaded once for many recordings."""

    recogniser: recogniser.Recogniser
    executor: ThreadPoolExecutor

    def heard(self, file: Path) -> list[Finding]:
        """What pace, silence and listening say of an MP3."""
        recording = recording_of_mp3(file)
        found = listen(recording, self.recogniser, self.executor, lambda share: None)
        return list(dict.fromkeys([*check_pace(recording), *found]))


@pytest.fixture(scope="module")
def made(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Made:
    if remedy := recogniser.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(remedy)
    folder = tmp_path_factory.mktemp("lamp")
    (folder / "lamp.md").write_text(TEXT, "utf-8")
    built = packager("build", folder / "lamp.md", "-o", folder, "-e", "hibari", "--only", "narrated,mp3,json")
    assert built.returncode == ExitCode.GOOD, built.stderr
    return Made(folder / "lamp")


@pytest.fixture(scope="module")
def tiny() -> Iterator[Listener]:
    if remedy := recogniser.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(remedy)
    with ThreadPoolExecutor(2) as executor:
        yield Listener(recogniser.Recogniser(recogniser.find_model("tiny.en"), 2), executor)


def named(findings: Iterable[Finding], made: Made, severities: tuple[str, ...] = ("error",)) -> dict[str, set[str]]:
    """Codes of the findings on sentences, by the beginnings of these sentences."""
    texts = {passage.id: passage.spoken for passage in recording_of_mp3(made.mp3).passages}
    found: dict[str, set[str]] = {}
    for finding in findings:
        if finding.severity in severities and "#" in finding.place and finding.code != "PKG-339":
            found.setdefault(texts[finding.place.partition("#")[2].partition(",")[0]], set()).add(finding.code)
    return found


def middle(sound: Samples, own: slice) -> int:
    """Where half of what is spoken has been heard: the pause behind a sentence is no part of it."""
    spoken = np.flatnonzero(np.abs(sound[own]) > 0.02)
    return int(own.start + (spoken[0] + spoken[-1]) // 2)


def dropped(sound: Samples, own: slice, following: slice) -> Samples:
    return np.concatenate([sound[: own.start], sound[own.stop :]])


def doubled(sound: Samples, own: slice, following: slice) -> Samples:
    return np.concatenate([sound[: own.stop], sound[own.start :]])


def swapped(sound: Samples, own: slice, following: slice) -> Samples:
    return np.concatenate([sound[: own.start], sound[following], sound[own], sound[following.stop :]])


def cut(sound: Samples, own: slice, following: slice) -> Samples:
    pause = round(0.4 * CLIP_RATE)
    return np.concatenate([sound[: middle(sound, own)], sound[own.stop - pause :]])


def half_muted(sound: Samples, own: slice, following: slice) -> Samples:
    sound[middle(sound, own) : own.stop] = 0
    return sound


def muted(sound: Samples, own: slice, following: slice) -> Samples:
    sound[own] = 0
    return sound


def drowned(sound: Samples, own: slice, following: slice) -> Samples:
    sound[own] = np.random.default_rng(1).normal(0, 0.1, own.stop - own.start)
    return sound


DEFECTS: dict[str, tuple[str, Defect, set[str]]] = {
    "dropped": (FIRST, dropped, {"PKG-342"}),
    "doubled": (LATE, doubled, {"PKG-344"}),
    "short doubled": (SHORT, doubled, {"PKG-344"}),
    "swapped": (LATE, swapped, {"PKG-345"}),
    "cut": (FIRST, cut, {"PKG-343"}),
    "half muted": (LATE, half_muted, {"PKG-343"}),
    "short half muted": (SHORT, half_muted, {"PKG-343"}),
    "short swapped": (SHORT, swapped, {"PKG-345"}),
    "muted": (FIRST, muted, {"PKG-332"}),
    "noise": (LATE, drowned, {"PKG-346"}),
}


def with_defect(made: Made, folder: Path, beginning: str, defect: Defect) -> Made:
    """The article's part of the recording with one sentence altered; report, text and times stay."""
    report = json.loads(made.mp3.with_suffix(".json").read_text("utf-8"))
    report["sentences"] = [row for row in report["sentences"] if row["page"] == "article"]
    (folder / "lamp.json").write_text(json.dumps(report), "utf-8")
    sound, rate = soundfile.read(made.mp3, dtype="float32")
    assert rate == CLIP_RATE
    altered = Made(folder)
    passages = recording_of_mp3(made.mp3).passages[: len(report["sentences"])]
    (number,) = [number for number, one in enumerate(passages) if one.spoken.startswith(beginning)]
    own, following = (slice(round(one.begin * rate), round(one.end * rate)) for one in passages[number : number + 2])
    soundfile.write(altered.mp3, defect(sound[: round(passages[-1].end * rate)], own, following), rate, format="MP3")
    return altered


def test_good_narration_has_no_finding_but_its_error_rate(made: Made, packager: Packager) -> None:
    told = packager("check", "--listen", "--recogniser", "tiny.en", "--json", made.mp3)
    assert told.returncode == ExitCode.GOOD, told.stdout
    (finding,) = json.loads(told.stdout)["files"][0]["findings"]
    assert (finding["code"], finding["severity"]) == ("PKG-340", "info")
    # Of so few words the version number in the colophon alone is one in a hundred.
    assert float(finding["message"].partition("%")[0]) <= 6


@pytest.mark.parametrize("name", DEFECTS)
def test_defect_is_named_and_nothing_else(made: Made, tiny: Listener, tmp_path: Path, name: str) -> None:
    beginning, defect, codes = DEFECTS[name]
    altered = with_defect(made, tmp_path, beginning, defect)
    found = named(tiny.heard(altered.mp3), altered)
    sentences = [passage.spoken for passage in recording_of_mp3(made.mp3).passages]
    number = next(number for number, spoken in enumerate(sentences) if spoken.startswith(beginning))
    meant = sentences[number : number + 2] if defect is swapped else sentences[number : number + 1]
    assert found == dict.fromkeys(meant, codes)


def test_drift_is_told_once_with_its_length(made: Made, tiny: Listener, tmp_path: Path) -> None:
    altered = with_defect(made, tmp_path, FIRST, dropped)
    (drift,) = [one for one in tiny.heard(altered.mp3) if one.code == "PKG-339"]
    (gone,) = [one for one in recording_of_mp3(made.mp3).passages if one.spoken.startswith(FIRST)]
    seconds = float(drift.message.partition("the sound is ")[2].partition(" s early")[0])
    assert seconds == pytest.approx(gone.end - gone.begin, abs=0.7)


def test_book_is_compared_with_what_its_report_says_was_spoken(made: Made) -> None:
    book = open_book(made.book)
    with book.archive:
        recordings = recordings_of_book(book, lambda text, language: "never asked")
    rows = json.loads(made.mp3.with_suffix(".json").read_text("utf-8"))["sentences"]
    assert [passage.spoken for one in recordings for passage in one.passages] == [row["spoken"] for row in rows]


def test_book_without_its_report_is_compared_with_what_is_printed(made: Made, tmp_path: Path) -> None:
    book = Path(shutil.copy(made.book, tmp_path))
    shares: list[float] = []
    (found,) = listen_to_files([book], "tiny.en", shares.append).values()
    assert shares == sorted(shares)
    assert [one.code for one in found] == ["PKG-340"] * 3
    (article,) = [one.message for one in found if "article" in one.place]
    assert float(article.partition("%")[0]) <= 6


def test_sound_of_other_publishers_is_decoded(made: Made, tmp_path: Path) -> None:
    pytest.importorskip("av")
    (tmp_path / "opus").mkdir()
    (tmp_path / "broken").mkdir()
    for folder, whole in (("opus", True), ("broken", False)):
        with zipfile.ZipFile(made.book) as source, zipfile.ZipFile(tmp_path / folder / "lamp.epub", "w") as other:
            for name in source.namelist():
                content = source.read(name)
                if name.endswith(".mp3"):
                    content = as_opus(content) if whole else b"OggS"
                elif name.endswith(".opf"):
                    content = content.replace(b"audio/mpeg", b"audio/ogg; codecs=opus")
                other.writestr(name, content)
    codes = []
    for folder in ("opus", "broken"):
        book = open_book(tmp_path / folder / "lamp.epub")
        with book.archive:
            codes.append({finding.code for finding in check_overlays(book)})
    assert codes == [set(), {"PKG-110"}]


def as_opus(mp3: bytes) -> bytes:
    sound, rate = soundfile.read(BytesIO(mp3), dtype="float32")
    output = BytesIO()
    soundfile.write(output, sound, rate, format="OGG", subtype="OPUS")
    return output.getvalue()


def test_recording_without_its_report_is_said_to_be_unheard(made: Made, tmp_path: Path) -> None:
    recording = Path(shutil.copy(made.mp3, tmp_path))
    (found,) = listen_to_files([recording], "tiny.en", lambda share: None).values()
    assert [(one.code, one.severity) for one in found] == [("PKG-350", "info")]
    assert ".json" in found[0].message


def test_language_that_the_recogniser_does_not_know_is_counted(made: Made, tiny: Listener, tmp_path: Path) -> None:
    altered = with_defect(made, tmp_path, FIRST, lambda sound, own, following: sound)
    report = altered.mp3.with_suffix(".json")
    report.write_text(report.read_text("utf-8").replace('"lang": "en"', '"lang": "de"'), "utf-8")
    (unheard,) = tiny.heard(altered.mp3)
    assert unheard.code == "PKG-350"
    assert f"“de”: sentences not listened to: {len(recording_of_mp3(altered.mp3).passages)}." in unheard.message


def test_unknown_recogniser_is_refused_before_anything_is_checked(packager: Packager, tmp_path: Path) -> None:
    (tmp_path / "words.mp3").write_bytes(b"no sound")
    done = packager("check", tmp_path / "words.mp3", "--listen", "--recogniser", "parrot")
    assert done.returncode == ExitCode.USAGE
    assert "parrot" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("The I S K’s camp", "The ISK's camp"),
        ("in twenty twenty-one", "in 2021"),
        ("(banned in Russia)", "Banned in Russia."),
        ("a hard-liner from Tajikistan", "a hardliner from Tajikstan"),
        ("We met Haqqani there", "We met Hakani there"),
        ("the neighbour’s colour", "the neighbor's color"),
    ],
)
def test_same_words_in_another_spelling_are_no_error(spoken: str, written: str) -> None:
    expected = expected_words(spoken, "en")
    assert folded(expected, heard_words(written, "en"), names_of(spoken, "en")) == expected


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("the routes were banned", "the roots were band"),
        ("It was in 2020", "It was in 2021"),
        ("We met Haqqani there", "We met Miller there"),
        ("He did not come", "He did come"),
    ],
)
def test_other_words_stay_errors(spoken: str, written: str) -> None:
    expected = expected_words(spoken, "en")
    assert folded(expected, heard_words(written, "en"), names_of(spoken, "en")) != expected


def test_chinese_is_compared_sign_by_sign() -> None:
    expected = expected_words("他每天晚上点灯。", "zh")
    assert weighed(expected, compare(expected, heard_words("他每天晚上关灯", "zh")).shares) == pytest.approx(6 / 7)


words = st.lists(st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=9), max_size=30)


@given(words, words)
def test_comparison_fits_any_words(expected: list[str], others: list[str]) -> None:
    compared = compare(expected, others)
    assert len(compared.shares) == len(compared.beside) == len(expected)
    assert len(compared.known) == len(others)
    assert all(0 <= share <= 1 for share in compared.shares)
    assert compare(expected, expected).shares == (1.0,) * len(expected)
    assert folded(expected, expected, frozenset()) == expected


def speech(seconds: float, rate: int = CLIP_RATE) -> Samples:
    """Noise that swells and dies away four times a second, as syllables do."""
    times = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(2).normal(0, 0.2, len(times))
    swelling: Samples = (noise * np.sin(np.pi * 4 * times) ** 2).astype(np.float32)
    return swelling


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * CLIP_RATE), np.float32)


def clip(*parts: Samples) -> Pcm:
    return Pcm(np.clip(np.concatenate(parts) * 32767, -32768, 32767).astype(np.int16), CLIP_RATE)


SENTENCE = "The ferry leaves at noon today."


@pytest.mark.parametrize(
    ("pcm", "text", "fault"),
    [
        (clip(speech(2.0), silence(0.2)), SENTENCE, None),
        (clip(speech(0.75)), "No.", None),
        (clip(silence(0.1), speech(3.0), silence(1.0)), "IS-K, 1998", None),
        (clip(silence(0)), SENTENCE, "silent"),
        (clip(silence(2.0)), SENTENCE, "silent"),
        (clip(speech(0.25)), SENTENCE, "too short"),
        (clip(speech(20.0)), SENTENCE, "too long"),
        (clip(speech(1.0), silence(2.5), speech(1.0)), SENTENCE, "silence inside"),
        (clip(speech(2.125)), SENTENCE, "breaks off"),
    ],
)
def test_clip_that_no_voice_means_is_told(pcm: Pcm, text: str, fault: str | None) -> None:
    told = clip_fault(pcm, text)
    assert told is None if fault is None else fault in (told or "")


def test_clip_at_half_speed_may_last_twice_as_long() -> None:
    slow = clip(speech(12.5))
    assert clip_fault(slow, SENTENCE) is not None
    assert clip_fault(slow, SENTENCE, speed=0.5) is None


def recorded(parts: list[Samples], spoken: str = SENTENCE) -> Recording:
    """A recording of as many sentences as there are parts, half a second behind each."""
    passages, position = [], 0.0
    for number, part in enumerate(parts):
        end = position + len(part) / CLIP_RATE + 0.5
        passages.append(Passage(f"s{number}", spoken, "en", position, end))
        position = end
    output = BytesIO()
    sound = np.concatenate([piece for part in parts for piece in (part, silence(0.5))])
    soundfile.write(output, sound, CLIP_RATE, format="WAV")
    return Recording("voice.wav", output.getvalue, tuple(passages))


def paced(recording: Recording) -> list[tuple[str, str]]:
    return [(one.code, one.place.partition("#")[2].partition(",")[0]) for one in check_pace(recording)]


def test_even_pace_is_no_finding() -> None:
    assert paced(recorded([speech(2.0)] * 6)) == []


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (silence(2.0), "PKG-332"),
        (np.concatenate([speech(1.0), silence(2.2), speech(0.5)]), "PKG-333"),
        (speech(1.0), "PKG-331"),
        (speech(5.0), "PKG-331"),
    ],
)
def test_sentence_out_of_its_pace_is_named(part: Samples, code: str) -> None:
    assert paced(recorded([*[speech(2.0)] * 3, part, *[speech(2.0)] * 3])) == [(code, "s3")]


def test_first_moment_of_what_follows_is_no_part_of_a_passage() -> None:
    levels = levels_of(np.concatenate([speech(1.0), silence(1.011), speech(1.0)[CLIP_RATE // 8 :]]), CLIP_RATE)
    heard = levels.span(0.0, 2.011)
    assert heard is not None
    assert heard[1] == pytest.approx(1.0, abs=0.05)
    assert levels.is_silent(1.0, 2.011)


@pytest.mark.parametrize("seconds", [0.5, 8.0])
def test_pace_of_the_whole_is_told(seconds: float) -> None:
    assert paced(recorded([speech(seconds)] * 6)) == [("PKG-330", "")]


def test_long_silence_is_found_without_a_text() -> None:
    recording = recorded([speech(2.0), silence(7.0), speech(2.0)])
    (finding,) = check_pace(replace(recording, passages=()))
    assert finding.code == "PKG-334"
    assert finding.place == "voice.wav, 0:00:02.0"


def test_silent_sentence_is_named_without_a_recogniser(made: Made, tmp_path: Path) -> None:
    altered = with_defect(made, tmp_path, LATE, muted)
    (found,) = check_files([altered.mp3], lambda share: None).values()
    assert list(named(found, altered).values()) == [{"PKG-332"}]
