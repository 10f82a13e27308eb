"""The ledger of what is printed and not read aloud: the same words in the book, the report and at the spoken end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packager.model import Omission, OmissionKind
from packager.words import capitalised, joined_names, told, word, word_or_none

_ORDER: tuple[OmissionKind, ...] = (
    "code",
    "large-table",
    "table",
    "note",
    "picture",
    "undescribed-picture",
    "citation",
    "address",
    "passage",
    "ornament",
)
_COUNTED_ONLY: frozenset[OmissionKind] = frozenset({"code", "note", "citation", "address", "ornament"})
"""Kinds that the ledger counts; the others it names one by one."""


@dataclass(frozen=True)
class Line:
    """A line of the list of omissions, and its language: what a reader left out of the source is told in English."""

    text: str
    language: str


def counts_of(omissions: Iterable[Omission]) -> dict[OmissionKind, int]:
    """How many of each kind a listener misses, in the order of the ledger."""
    found = Counter(omission.kind for omission in omissions if omission.is_loss_to_listeners)
    return {kind: found[kind] for kind in _ORDER if found[kind]}


def ledger_sentence(omissions: Iterable[Omission], language: str) -> str:
    """One sentence for the ear: "Two code listings and one large table were not read."; "" when all was read."""
    counts = counts_of(omissions)
    if not counts:
        return ""
    things = joined_names([told(f"missed_{kind}", number, language) for kind, number in counts.items()], language)
    return capitalised(told("missed", sum(counts.values()), language, things=things))


def ledger_lines(omissions: Sequence[Omission], language: str) -> Iterator[Line]:
    """A line for each omission; those that only are counted share one a kind."""
    numbers = Counter(omission.kind for omission in omissions)
    listed: set[OmissionKind] = set()
    for omission in omissions:
        kind = omission.kind
        if kind in listed:
            continue
        reason = word_or_none(f"why_{kind}", language)
        own = language if reason else "en"
        what = _quoted(omission.what, own)
        if kind in _COUNTED_ONLY:
            listed.add(kind)
            what = capitalised(told(f"missed_{kind}", numbers[kind], own))
        yield Line(word("left_out_line", own, what=what, reason=reason or omission.reason), own)


def _quoted(what: str, language: str) -> str:
    """What is left out stands in English quotation marks, or in none."""
    marks = word_or_none("quoted", language)
    return marks.format(text=what[1:-1]) if marks and what.startswith("“") and what.endswith("”") else what
