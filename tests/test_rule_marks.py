"""A rule of the spoken forms is passed over only where it could not have matched."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import rule_marks

from packager.speech.forms.marks import marks_in

FIXTURES = Path(__file__).parent / "fixtures" / "spoken"
WRITTEN = sorted(
    {line.split("\t")[0] for file in FIXTURES.glob("*.tsv") for line in file.read_text("utf-8").splitlines()}
)
RULES = rule_marks.rules()


def assert_none_is_missed(text: str) -> None:
    here = marks_in(text)
    passed_over = [rule for rule in RULES if rule.marks is not None and rule.marks.isdisjoint(here)]
    assert [rule.name for rule in passed_over if rule.pattern.search(text)] == []


def test_the_marks_are_those_of_the_present_patterns() -> None:
    known = {rule_marks.key_of(rule.source, rule.flags): rule.marks for rule in RULES}
    derived = {key: frozenset(marks) for key, marks in rule_marks.derived().items()}
    assert {key: marks for key, marks in known.items() if marks is not None} == derived, (
        "run: python tests/tools/rule_marks.py"
    )
    assert len(derived) > len(known) / 2


@pytest.mark.parametrize("change", [str, str.upper, str.lower, str.swapcase], ids=lambda change: change.__name__)
def test_no_written_example_is_missed(change: type) -> None:
    for text in WRITTEN:
        assert_none_is_missed(change(text))


@given(st.text(), st.lists(st.sampled_from(WRITTEN), max_size=3))
def test_no_text_is_missed(text: str, examples: list[str]) -> None:
    assert_none_is_missed(text.join(examples) or text)
