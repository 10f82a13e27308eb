"""The parts of a block's text: in which language each is, whether it is said, and whether it is printed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from packager.languages import primary
from packager.patterns import late_pattern
from packager.xhtml import local_name

_SILENT_ROLES = frozenset({"doc-noteref", "doc-backlink"})
"""A note's number and the arrow back to it are places to press; the note itself is said where it stands."""

_VERBATIM = frozenset({"code", "kbd", "samp"})

_KANA = late_pattern(r"[\u3041-\u309f\u30a0-\u30ff\s]+")


@dataclass(frozen=True)
class Part:
    """A stretch of text in one language, and the offset in its block's text at which it stands.

    What computers write or read is `verbatim`. Alternative text is said and not printed: it takes no room there.
    """

    text: str
    language: str
    begin: int = 0
    said: bool = True
    printed: bool = True
    verbatim: bool = False


def parts_of(block: etree._Element, language: str, pictures: bool = True) -> list[Part]:
    """The text of a block in order, and the alternative texts of the pictures between where `pictures` are read."""
    parts: list[Part] = []
    position = 0
    for part in _walk(block, language, said=True):
        if part.printed or pictures:
            parts.append(replace(part, begin=position))
        position += len(part.text) if part.printed else 0
    return parts


def dealt_out(parts: Iterable[Part], starts: list[int]) -> list[list[Part]]:
    """For each sentence its parts. A picture goes with the sentence that it stands in, one at the end with the last."""
    dealt: list[list[Part]] = [[] for _ in starts]
    for part in parts:
        end = part.begin + len(part.text) if part.printed else part.begin
        first, last = bisect_right(starts, part.begin) - 1, bisect_left(starts, end) - 1
        if first >= last:
            dealt[first].append(part)
            continue
        bounds = [part.begin, *starts[first + 1 : last + 1], end]
        for number, (begin, stop) in enumerate(pairwise(bounds), start=first):
            dealt[number].append(replace(part, text=part.text[begin - part.begin : stop - part.begin], begin=begin))
    return dealt


def _walk(element: etree._Element, language: str, said: bool, verbatim: bool = False) -> Iterator[Part]:
    language = element.get("lang") or language
    verbatim = verbatim or local_name(element) in _VERBATIM
    said = said and element.get("role") not in _SILENT_ROLES
    if local_name(element) == "img" and element.get("alt"):
        yield Part(f" {element.get('alt')} ", language, said=said, printed=False)
    if local_name(element) == "math":
        yield Part(f" {element.get('alttext', '')} ", language, said=said, printed=False)
        said = False
    if local_name(element) == "ruby":
        yield from _ruby(element, language, said, verbatim)
        return
    if element.text:
        yield Part(element.text, language, said=said, verbatim=verbatim)
    for child in element:
        yield from _walk(child, language, said, verbatim)
        if child.tail:
            yield Part(child.tail, language, said=said, verbatim=verbatim)


def _ruby(ruby: etree._Element, language: str, said: bool, verbatim: bool) -> Iterator[Part]:
    """Of a word and its reading one is said: in Japanese the reading in kana, which no voice mistakes, else the word."""
    base = [Part(ruby.text, language, said=said, verbatim=verbatim)] if ruby.text else []
    for child in ruby:
        parts = list(_walk(child, language, said and local_name(child) != "rp", verbatim))
        if local_name(child) == "rt":
            reading = "".join(part.text for part in parts)
            is_read = primary(language) == "ja" and _KANA.fullmatch(reading) is not None
            yield from (replace(part, said=part.said and not is_read) for part in base)
            yield from (replace(part, said=part.said and is_read) for part in parts)
            base = []
        else:
            base += parts
        if child.tail:
            base.append(Part(child.tail, language, said=said, verbatim=verbatim))
    yield from base
