"""One spoken form: a name to talk about it, a pattern, and what is said in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Rule(NamedTuple):
    """`said` is a template (`\\1`) or a function, as `re.sub` takes them."""

    name: str
    pattern: re.Pattern[str]
    said: str | Callable[[re.Match[str]], str]


def rule(name: str, pattern: str, said: str | Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    """A rule with its pattern compiled."""
    return Rule(name, re.compile(pattern, flags), said)
