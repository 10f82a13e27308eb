"""What holds for the spoken forms of every language that has rules: nothing is lost, no digit is left, nothing hangs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.speech.forms import has_rules, spoken_form, tied_form

LANGUAGES = "de fr es it pt nl ru ar zh ja".split()
REGIONS = "de-CH fr-BE es-MX it-CH pt-PT pt-BR zh-Hant zh-TW ar-EG".split()
LANGUAGE = st.sampled_from(LANGUAGES + REGIONS)
WORDS = st.sampled_from(["Anna", "boot", "река", "سفينة", "船", "lago", "d’ab", "Käse"])
NUMBERS = st.integers(0, 10**18).map(str)
SIGNS = st.sampled_from(" \u00a0,.:;–-/()%$€°½²’'#@+*XVe:hºª№年月日時点万億млнГ")


@pytest.mark.parametrize("language", LANGUAGES + REGIONS)
def test_every_language_has_rules(language: str) -> None:
    assert has_rules(language)
    assert not any(map(str.isdigit, spoken_form("7 (1984) 12 345", language)))


@given(LANGUAGE, st.lists(WORDS | NUMBERS, min_size=1))
def test_no_word_is_lost_and_no_digit_is_left(language: str, parts: list[str]) -> None:
    spoken = spoken_form(" ".join(parts), language)
    assert not any(map(str.isdigit, spoken))
    position = 0
    for word in (part for part in parts if not part.isdecimal()):
        position = spoken.index(word, position) + len(word)


@given(LANGUAGE, st.lists(NUMBERS | SIGNS | st.characters(categories=["L", "N", "P", "S", "Z"])).map("".join))
def test_any_text_can_be_said_and_stays_tied(language: str, text: str) -> None:
    tied = tied_form(text, language)
    assert tied.spoken == " ".join(tied.spoken.split())
    spans = tied.spans()
    assert "".join(text[slice(*span.text)] for span in spans) == text
    assert "".join(tied.spoken[slice(*span.spoken)] for span in spans) == tied.spoken


@given(LANGUAGE, st.integers(1_000_000, 10**10))
def test_groups_change_nothing(language: str, number: int) -> None:
    grouped = f"{number:,}"
    assert spoken_form(f"({grouped})", language) == spoken_form(f"({number})", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["1.000.", "12:30", "+1 ", "0 12", "XX ", "https://", "5 M", "年1"])
def test_no_text_takes_long(part: str, language: str) -> None:
    begun = time.monotonic()
    spoken_form("x" + part * 5_000 + "x", language)
    assert time.monotonic() - begun < 5
