"""What tells at a glance that a rule has nothing to do in a text: the characters one of which its pattern needs.

They are derived from the patterns and kept in marks.json, under a hash of each; `python tests/tools/rule_marks.py` writes it
anew. A pattern that it does not know is simply always tried.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from pathlib import Path

FILE = Path(__file__).with_name("marks.json")
_FIRST_SYMBOL = "\u2190"


def mark_of(char: str) -> str:
    """The kind of a character: digits of all scripts count as one, and so does all from the arrows on (U+2190)."""
    if char.isdecimal():
        return "0"
    return _FIRST_SYMBOL if char >= _FIRST_SYMBOL else char


def marks_in(text: str) -> frozenset[str]:
    """The marks that a text has."""
    return frozenset(map(mark_of, set(text)))


def key_of(pattern: str, flags: int) -> str:
    """Under which a pattern's marks are kept."""
    return blake2b(f"{flags} {pattern}".encode(), digest_size=8).hexdigest()


def marks_of(pattern: str, flags: int) -> frozenset[str] | None:
    """One of these a text must have for the pattern to match it; None when that is not known."""
    found = _known().get(key_of(pattern, flags))
    return None if found is None else frozenset(found)


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = json.loads(FILE.read_text("utf-8"))
    return known
