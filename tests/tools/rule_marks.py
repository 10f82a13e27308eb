"""Derives from the patterns of the spoken forms which characters a text needs for them, and keeps it: see forms/marks.py.

python tests/tools/rule_marks.py
"""

from __future__ import annotations

import json
import re
from functools import cache
from re import _constants as ops
from re import _parser
from typing import Any

from packager.speech.forms import _MODULES, _rules
from packager.speech.forms.marks import FILE, key_of, mark_of
from packager.speech.forms.rule import Rule

LANGUAGES = (*_MODULES, "en-GB", "en-US", "de-AT", "de-CH", "pt-BR", "fr-CA", "fr-CH", "es-MX", "zh-TW", "pl", "sv")
_FREQUENT = {" ": 1.0, ".": 0.8, ",": 0.6, "-": 0.2, "0": 0.2}
_LETTERS = dict.fromkeys("etaoinsrhldcumfpgwyb", 0.9) | dict.fromkeys("vkxjqz", 0.4)
_USELESS = 0.95
_WIDEST = 2000

_ALL = "".join(map(chr, range(0x11000)))
"""All characters of scripts that have two cases in the first plane, and the first of the second."""

Marks = set[str] | None


def rules() -> list[Rule]:
    """Every rule of every language, once."""
    found = {(rule.source, rule.flags): rule for language in LANGUAGES for rule in _rules(language)}
    return list(found.values())


def derived() -> dict[str, str]:
    """The marks of each pattern that has some worth looking for."""
    table = {}
    for rule in rules():
        pattern = _parser.parse(rule.source, rule.flags)
        marks = _needed(pattern, bool(pattern.state.flags & re.I))
        if marks is not None and _frequency(marks) < _USELESS:
            table[key_of(rule.source, rule.flags)] = "".join(sorted(marks))
    return dict(sorted(table.items()))


def _frequency(marks: set[str]) -> float:
    return sum(_FREQUENT.get(mark, _LETTERS.get(mark, 0.1)) for mark in marks)


def _needed(pattern: Any, any_case: bool) -> Marks:
    """Of all that a sequence needs, what a text has most rarely."""
    wanted = [marks for op, value in pattern if (marks := _needed_by(op, value, any_case)) is not None]
    return min(wanted, key=_frequency) if wanted else None


def _needed_by(op: Any, value: Any, any_case: bool) -> Marks:
    if op is ops.LITERAL:
        return _marks(value, any_case)
    if op is ops.IN:
        return _needed_by_set(value, any_case)
    if op is ops.BRANCH:
        branches = [_needed(branch, any_case) for branch in value[1]]
        return None if None in branches else set().union(*filter(None, branches))
    if op is ops.SUBPATTERN:
        return _needed(value[3], (any_case or bool(value[1] & re.I)) and not value[2] & re.I)
    if op is ops.ATOMIC_GROUP:
        return _needed(value, any_case)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return _needed(value[2], any_case) if value[0] else None
    # What stands before or behind a match is part of the text as well.
    return _needed(value[1], any_case) if op is ops.ASSERT else None


def _needed_by_set(items: Any, any_case: bool) -> Marks:
    marks: set[str] = set()
    for op, value in items:
        if op is ops.LITERAL:
            marks |= _marks(value, any_case)
        elif op is ops.RANGE and (value[1] - value[0] < _WIDEST or value[0] >= 0x2190):
            for code in range(value[0], value[1] + 1):
                marks |= _marks(code, any_case)
        elif op is ops.CATEGORY and value is ops.CATEGORY_DIGIT:
            marks.add("0")
        else:
            return None
    return marks


def _marks(code: int, any_case: bool) -> set[str]:
    return {mark_of(char) for char in (_same_letters(chr(code)) if any_case else chr(code))}


@cache
def _same_letters(char: str) -> str:
    """What the character matches when case is ignored, which goes beyond upper and lower: k is also the sign of Kelvin."""
    return "".join(re.findall(re.escape(char), _ALL, re.I))


if __name__ == "__main__":
    FILE.write_text(json.dumps(derived(), ensure_ascii=False, indent=0) + "\n", "utf-8")
