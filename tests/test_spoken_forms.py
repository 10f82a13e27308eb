"""What is said for what is written. Sentences are in fixtures/spoken, a file a language; a new row is a new test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.speech.forms import spoken_form, tied_form
from packager.speech.forms.english.variety import variety_of

FOLDER = Path(__file__).parent / "fixtures" / "spoken"
ROWS = [
    (file.stem, *line.split("\t"))
    for file in sorted(FOLDER.glob("*.tsv"))
    for line in file.read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
WORDS = st.sampled_from(["boat", "gull", "quay", "Anna", "rope", "Überlingen"])
ENGLISH = st.sampled_from(["en", "en-GB", "en-US"])


def folded(spoken: str) -> str:
    """As the header of the fixture files says."""
    without_dashes = re.sub(r"[-–—]", " ", spoken.lower())
    return " ".join(re.sub(r"[^\w\s]|_", "", without_dashes).split())


@pytest.mark.parametrize(("language", "written", "pattern"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_a_sentence_is_said_as_people_say_it(language: str, written: str, pattern: str) -> None:
    spoken = folded(spoken_form(written, language))
    assert re.fullmatch(pattern, spoken), spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Open until 6 p.m.", "Open until six P M."),
        ("At 6 p.m. it rained, etc. and so on.", "At six P M it rained, et cetera and so on."),
        ("She left the U.S.", "She left the U S."),
        ("The CIA's DNA-based tests", "The C I A's D N A-based tests"),
        ("The CIA, in Part A, said so.", "The C I A-, in Part A-, said so."),
        ("Three MPs and two NGOs.", "Three M P's and two N G O's."),
        ("OXFAM met NATO.", "Oxfam met NATO."),
    ],
)
def test_stops_and_letters_are_written_as_the_engines_want_them(written: str, spoken: str) -> None:
    assert spoken_form(written, "en") == spoken


def test_the_month_comes_first_where_the_locale_data_say_so() -> None:
    from babel import Locale, UnknownLocaleError

    for region in (one + other for one in ascii_uppercase for other in ascii_uppercase):
        try:
            short = Locale("en", region).date_formats["short"].pattern
        except UnknownLocaleError:
            continue
        assert variety_of(f"en-{region}").month_first == (short.index("M") < short.index("d")), region


def test_other_languages_get_no_english() -> None:
    for language in ("xx", "fi"):
        assert spoken_form("Le 3 May & le 5 km…", language) == "Le 3 May & le 5 km…"


@given(st.text(), ENGLISH)
def test_what_is_said_has_words_and_no_digits_or_is_nothing(text: str, language: str) -> None:
    spoken = spoken_form(text, language)
    assert spoken == "" or any(map(str.isalnum, spoken))
    assert spoken == " ".join(spoken.split())
    assert not any(map(str.isdecimal, spoken))


@given(
    st.lists(
        st.sampled_from(
            ["$", "1", "20", ".", ",", ":", "/", "-", "–", " ", "a", "May", "St", "km", "II", "%", "'", "A"]
        )
    )
)
def test_every_change_is_tied_to_what_is_printed(parts: list[str]) -> None:
    text = "".join(parts)
    tied = tied_form(text, "en")
    assert "".join(text[slice(*span.text)] for span in tied.spans()) == text
    assert "".join(tied.spoken[slice(*span.spoken)] for span in tied.spans()) == tied.spoken


@given(st.lists(WORDS, min_size=1).map(" ".join))
def test_plain_words_are_left_alone(text: str) -> None:
    assert spoken_form(text, "en") == text


@given(st.lists(WORDS | st.integers(0, 10**20).map(str), min_size=1))
def test_no_word_is_lost_among_numbers(parts: list[str]) -> None:
    spoken = spoken_form(" ".join(parts), "en")
    position = 0
    for word in (part for part in parts if not part.isdecimal()):
        position = spoken.index(word, position) + len(word)


@pytest.mark.parametrize("part", ["1", "A.", "a", "1-", "e.", "https://", "½", "\u00a0."])
def test_no_text_takes_longer_than_in_proportion_to_its_length(part: str) -> None:
    """A rule that looks at the whole text for every match would need many minutes; the time allowed is ten times enough."""
    code = f"from packager.speech.forms import spoken_form; assert spoken_form('x' + {part!r} * 100_000 + 'x', 'en')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=90)
