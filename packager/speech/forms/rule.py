"""One spoken form: a name to talk about it, a pattern, and what is said in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from packager.speech.forms.marks import marks_of


@dataclass(frozen=True)
class Rule:
    """`said` is a template (`\\1`) or a function, as `re.sub` takes them."""

    name: str
    source: str
    said: str | Callable[[re.Match[str]], str]
    flags: int = 0

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has something that it might match: most texts need few of the patterns."""
        return re.compile(self.source, self.flags)

    @cached_property
    def marks(self) -> frozenset[str] | None:
        """What a text must have one of for the pattern to match it; None where nobody knows."""
        return marks_of(self.source, self.flags)


def rule(name: str, pattern: str, said: str | Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    """A rule for what a pattern matches."""
    return Rule(name, pattern, said, int(flags))
