"""The report stays true whatever is built after it, part by part: it names the files of the present text and no others."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
from conftest import Packager

from packager.errors import ExitCode

TEXT = "---\ntitle: Tea\nlanguage: en\nauthor: Ada Example\n---\nWater first. Then the leaves.\n"
EVERYTHING = {"epub", "narrated", "mp3", "vtt"}
SPOKEN = ("narration", "sentences", "ledger", "settings", "omitted")


class Kitchen:
    """An article in a folder, and the command line that builds it with a voice that every machine has."""

    def __init__(self, packager: Packager, folder: Path) -> None:
        self._packager = packager
        self._source = folder / "tea.md"
        self.results = folder / "out" / "tea"

    def write(self, text: str) -> None:
        self._source.write_text(text, "utf-8")

    def run(self, *arguments: str) -> list[str]:
        """Build; gives the notes that the user is told."""
        done = self._packager(*arguments, self._source, "-o", self.results.parent)
        assert done.returncode == ExitCode.GOOD, done.stderr
        return [line.strip() for line in done.stdout.splitlines() if "Note:" in line]

    @property
    def report(self) -> dict[str, Any]:
        """The report, with what it says of files compared to the files."""
        report: dict[str, Any] = json.loads((self.results / "tea.json").read_text("utf-8"))
        for entry in report["files"].values():
            data = (self.results / entry["name"]).read_bytes()
            assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        return report


@pytest.fixture(scope="module")
def built(packager: Packager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the article and all that is made of it when nobody says what."""
    kitchen = Kitchen(packager, tmp_path_factory.mktemp("kitchen"))
    kitchen.write(TEXT)
    assert kitchen.run("build", "-e", "espeak") == []
    return kitchen.results.parents[1]


@pytest.fixture
def kitchen(built: Path, packager: Packager, tmp_path: Path) -> Kitchen:
    copytree(built, tmp_path, dirs_exist_ok=True)
    return Kitchen(packager, tmp_path)


def test_it_has_the_claims_of_both_editions_and_the_sentences_last(kitchen: Kitchen) -> None:
    report = kitchen.report
    assert set(report["accessibility"]) == {"epub", "narrated"}
    assert "auditory" in report["accessibility"]["narrated"]["sufficient"]
    assert "auditory" not in report["accessibility"]["epub"]["sufficient"]
    assert report["accessibility"]["narrated"] == report["narration"]["accessibility"]
    assert list(report)[-1] == "sentences"
    kitchen.run("build", "--only", "epub,json")
    assert list(kitchen.report)[-1] == "sentences"


@pytest.mark.parametrize(
    "again",
    [
        ["build", "--only", "epub,json"],
        ["build", "--only", "epub"],
        ["build", "--only", "json"],
        ["build", "--only", "mp3", "-e", "espeak"],
        ["epub"],
        ["audio", "-e", "espeak"],
    ],
)
def test_a_partial_build_of_the_same_text_changes_nothing_in_it(kitchen: Kitchen, again: list[str]) -> None:
    before = kitchen.report
    assert set(before["files"]) == EVERYTHING
    assert kitchen.run(*again) == []
    assert kitchen.report == before


def test_a_further_product_is_added(kitchen: Kitchen) -> None:
    before = kitchen.report
    assert kitchen.run("build", "--for", "kobo") == []
    after = kitchen.report
    assert list(after["files"]) == ["epub", "kepub", "narrated", "mp3", "vtt"]
    assert after["files"]["kepub"]["for"] == ["kobo"]
    assert {key: after[key] for key in SPOKEN} == {key: before[key] for key in SPOKEN}


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("leaves", "milk"),
        TEXT.replace("Ada Example", "Ben Example"),
        TEXT.replace("title: Tea", "title: Tea\nrights: CC0"),
    ],
)
def test_files_of_an_earlier_text_are_dropped_and_told(kitchen: Kitchen, changed: str) -> None:
    kitchen.write(changed)
    notes = kitchen.run("epub")
    assert [note.split()[1] for note in notes] == ["tea.narrated.epub", "tea.mp3", "tea.vtt"]
    assert all("is of an earlier text" in note for note in notes)
    report = kitchen.report
    assert set(report["files"]) == {"epub"}
    assert not {"narration", "sentences", "ledger"} & set(report)
    assert set(report["accessibility"]) == {"epub"}
    # Told as long as they lie there, and no longer.
    assert len(kitchen.run("epub")) == 3
    for name in ("tea.narrated.epub", "tea.mp3", "tea.vtt"):
        (kitchen.results / name).unlink()
    assert kitchen.run("epub") == []


def test_sound_of_another_narration_is_dropped(kitchen: Kitchen) -> None:
    before = kitchen.report
    notes = kitchen.run("audio", "-e", "espeak", "-s", "1.5")
    assert [note.split()[1] for note in notes] == ["tea.narrated.epub"]
    after = kitchen.report
    assert set(after["files"]) == {"epub", "mp3", "vtt"}
    assert after["narration"]["duration"] < before["narration"]["duration"]
    assert after["settings"]["speed"] == 1.5


def test_a_file_that_changed_or_went_is_not_named(kitchen: Kitchen) -> None:
    (kitchen.results / "tea.mp3").write_bytes(b"something else")
    (kitchen.results / "tea.vtt").unlink()
    (note,) = kitchen.run("epub")
    assert "tea.mp3 is of a build that the report knows nothing of" in note
    assert set(kitchen.report["files"]) == {"epub", "narrated"}


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"files": [], "accessibility": 1}', '{"files": {"mp3": 1}}'])
def test_a_broken_report_is_made_anew(kitchen: Kitchen, broken: str) -> None:
    (kitchen.results / "tea.json").write_text(broken, "utf-8")
    assert len(kitchen.run("epub")) == 3
    assert set(kitchen.report["files"]) == {"epub"}


def test_none_is_made_where_none_was_asked_for(kitchen: Kitchen) -> None:
    rmtree(kitchen.results)
    assert kitchen.run("epub") == []
    assert kitchen.run("audio", "-e", "espeak") == []
    assert not (kitchen.results / "tea.json").exists()
