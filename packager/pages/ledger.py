"""The ledger of what is printed and not read aloud: the same words in the book, the report and at the spoken end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from packager.model import Omission, OmissionKind

_NOUNS: dict[OmissionKind, tuple[str, str]] = {
    "code": ("code listing", "code listings"),
    "large-table": ("large table", "large tables"),
    "table": ("table", "tables"),
    "note": ("note", "notes"),
    "picture": ("description of a picture", "descriptions of pictures"),
    "undescribed-picture": ("picture without a description", "pictures without a description"),
    "citation": ("citation", "citations"),
    "address": ("web address", "web addresses"),
    "passage": ("passage that no voice could say", "passages that no voice could say"),
    "ornament": ("ornament", "ornaments"),
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTED_ONLY: frozenset[OmissionKind] = frozenset({"code", "note", "citation", "address", "ornament"})
"""Kinds that the ledger counts; the others it names one by one."""


def counts_of(omissions: Iterable[Omission]) -> dict[OmissionKind, int]:
    """How many of each kind a listener misses, in the order of the ledger."""
    found = Counter(omission.kind for omission in omissions if omission.is_loss_to_listeners)
    return {kind: found[kind] for kind in _NOUNS if found[kind]}


def ledger_sentence(omissions: Iterable[Omission]) -> str:
    """One sentence for the ear: "Two code listings and one large table were not read."; "" when all was read."""
    counts = counts_of(omissions)
    if not counts:
        return ""
    named = [counted(number, *_NOUNS[kind]) for kind, number in counts.items()]
    listed = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
    verb = "was" if sum(counts.values()) == 1 else "were"
    return f"{_capitalised(listed)} {verb} not read."


def ledger_lines(omissions: Sequence[Omission]) -> Iterator[str]:
    """A line for each omission; those that only are counted share one a kind."""
    told: set[OmissionKind] = set()
    for omission in omissions:
        if omission.kind not in _COUNTED_ONLY:
            yield f"{omission.what}: {omission.reason}."
        elif omission.kind not in told:
            told.add(omission.kind)
            number = sum(other.kind == omission.kind for other in omissions)
            yield f"{_capitalised(counted(number, *_NOUNS[omission.kind]))}: {omission.reason}."


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]


def counted(number: int, one: str, many: str) -> str:
    """ "one heading", "12 headings"."""
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {one if number == 1 else many}"
