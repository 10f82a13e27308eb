"""What is said for what is written. Sentences are in fixtures/spoken, a file a language; a new row is a new test."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.speech.forms import spoken_form

FOLDER = Path(__file__).parent / "fixtures" / "spoken"
ROWS = [
    (file.stem, *line.split("\t"))
    for file in sorted(FOLDER.glob("*.tsv"))
    for line in file.read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize(("language", "written", "pattern"), ROWS, ids=[row[1] for row in ROWS])
def test_a_sentence_is_said_as_people_say_it(language: str, written: str, pattern: str) -> None:
    spoken = spoken_form(written, language)
    assert re.fullmatch(pattern, spoken), spoken


def test_other_languages_get_what_holds_for_all_and_no_english() -> None:
    assert (
        spoken_form("Das kostet 5 % *mehr*, s. https://www.beispiel.de/a.", "de")
        == "Das kostet 5 % mehr, s. beispiel.de."
    )
    assert spoken_form("Le 3 May & le 5 km…", "fr") == "Le 3 May & le 5 km…"


@given(st.text())
def test_what_is_said_has_words_or_is_nothing(text: str) -> None:
    for language in ("en", "de"):
        spoken = spoken_form(text, language)
        assert spoken == "" or any(map(str.isalnum, spoken))
        assert spoken == " ".join(spoken.split())


@given(st.lists(st.sampled_from(["boat", "gull", "quay", "Anna", "rope", "7", "1999"]), min_size=1).map(" ".join))
def test_plain_words_and_numbers_are_left_alone(text: str) -> None:
    assert spoken_form(text, "en") == text


@pytest.mark.parametrize(
    "part", ["1", "1 ", "1,", "a", "a/", "$1", " ", "e.", "p. ", "-1", "½", "https://", "* ", "1.", "\u00a0.", "1–"]
)
def test_no_text_takes_long(part: str) -> None:
    begun = time.monotonic()
    spoken_form("x" + part * 100_000 + "x", "en")
    assert time.monotonic() - begun < 3
