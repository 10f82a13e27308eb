"""Pages → `Script`: walk each page once, mark its sentences, and say what is said of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from packager.languages import primary
from packager.model import XHTML, Omission, Page, Region, Script, Sentence, Utterance
from packager.speech.blocks import SENTENCE_PAUSE, Block, blocks_of
from packager.speech.forms import spoken_form
from packager.speech.marking import allowed_starts, mark_sentences
from packager.speech.scripts import by_script
from packager.speech.sentences import sentence_starts
from packager.words import word
from packager.xhtml import local_name, parse, serialise

_SILENT_ROLES = frozenset({"doc-noteref", "doc-backlink"})
"""A note's number and the arrow back to it are places to press; the note itself is said where it stands."""


@dataclass(frozen=True)
class _Part:
    """A stretch of text in one language: whether it is said, and whether it is printed (alternative text is not)."""

    text: str
    language: str
    said: bool = True
    printed: bool = True


def write_script(pages: Iterable[Page], first_number: int = 1) -> Script:
    """Give every sentence of the pages an id, in reading order, and find what is said of it.

    The words of the pages are not changed. What has no spoken form (a row of asterisks) is listed as an omission.
    """
    marked: list[Page] = []
    sentences: list[Sentence] = []
    regions: list[Region] = []
    omissions: list[Omission] = []
    for page in pages:
        body = parse(page.body)
        blocks, found_regions = blocks_of(body, page.language)
        regions += found_regions
        for block in blocks:
            for sentence in _sentences_of(block, page, first_number + len(sentences)):
                if sentence.utterances:
                    sentences.append(sentence)
                else:
                    omissions.append(Omission(f"“{sentence.text}”", "there is nothing in it that a voice could say"))
        marked.append(replace(page, body=serialise(body)))
    return Script(tuple(marked), tuple(sentences), tuple(regions), tuple(omissions))


def _sentences_of(block: Block, page: Page, number: int) -> Iterator[Sentence]:
    if block.is_picture:
        yield from _picture(block, page, number)
        return
    text = "".join(block.element.itertext())
    parts_in_order = list(_parts(block.element, block.language))
    # The number of a note would hide the end of its sentence: "boat.1 The".
    heard = "".join(part.text if part.said else " " * len(part.text) for part in parts_in_order if part.printed)
    starts = allowed_starts(block.element, sentence_starts(heard, block.language))
    ids: list[str] = []
    found: list[Sentence] = []
    lead = block.lead
    for (begin, end), parts in zip(pairwise([*starts, len(text)]), _dealt_out(parts_in_order, starts), strict=True):
        utterances = _utterances(parts, lead)
        name = f"s{number:04}" if utterances else ""
        ids.append(name)
        if utterances:
            number, lead = number + 1, ""
        if utterances or any(part.said and part.printed and part.text.strip() for part in parts):
            found.append(
                Sentence(
                    name,
                    page.name,
                    " ".join(text[begin:end].split()),
                    block.language,
                    utterances,
                    SENTENCE_PAUSE,
                    block.kind,
                    block.level,
                    block.regions,
                )
            )
    mark_sentences(block.element, starts, ids)
    last = max((index for index, sentence in enumerate(found) if sentence.utterances), default=None)
    for index, sentence in enumerate(found):
        yield replace(sentence, pause=block.pause) if index == last else replace(sentence, ends_block=False)


def _picture(block: Block, page: Page, number: int) -> Iterator[Sentence]:
    alt = " ".join((block.element.get("alt") or "").split())
    if not alt:
        return
    intro = "" if block.element.get("class") == "cover" else word("picture", block.language) + ":"
    utterances = _utterances([_Part(alt, block.language)], f"{block.lead} {intro}".strip())
    name = f"s{number:04}" if utterances else ""
    if name:
        _give_id(block.element, name)
    yield Sentence(name, page.name, alt, block.language, utterances, block.pause, "picture", 0, block.regions)


def _give_id(picture: etree._Element, name: str) -> None:
    """Name a picture. The anchor that it has in the source keeps working: it moves to an element around the picture."""
    if old := picture.get("id"):
        around = etree.Element(f"{{{XHTML}}}span", {"id": old})
        around.tail, picture.tail = picture.tail, None
        picture.getparent().replace(picture, around)
        around.append(picture)
    picture.set("id", name)


def _dealt_out(parts: Iterable[_Part], starts: list[int]) -> list[list[_Part]]:
    """For each sentence its parts. A picture goes with the sentence that it stands in, one at the end with the last."""
    dealt: list[list[_Part]] = [[] for _ in starts]
    position = 0
    for part in parts:
        end = position + len(part.text) if part.printed else position
        first, last = bisect_right(starts, position) - 1, bisect_left(starts, end) - 1
        if first >= last:
            dealt[first].append(part)
        else:
            bounds = [position, *starts[first + 1 : last + 1], end]
            for number, (begin, stop) in enumerate(pairwise(bounds), start=first):
                dealt[number].append(replace(part, text=part.text[begin - position : stop - position]))
        position = end
    return dealt


def _parts(element: etree._Element, language: str, said: bool = True) -> Iterator[_Part]:
    """The text of a block in order, and the alternative texts of the pictures between."""
    language = element.get("lang") or language
    said = said and element.get("role") not in _SILENT_ROLES
    if local_name(element) == "img" and element.get("alt"):
        yield _Part(f" {element.get('alt')} ", language, said, printed=False)
    if element.text:
        yield _Part(element.text, language, said)
    for child in element:
        yield from _parts(child, language, said)
        if child.tail:
            yield _Part(child.tail, language, said)


def _utterances(parts: Iterable[_Part], lead: str) -> tuple[Utterance, ...]:
    """What is said of the parts of a sentence, cut where the language or the writing system changes."""
    runs: list[tuple[str, str]] = []
    for part in parts:
        if not part.said:
            continue
        if runs and primary(runs[-1][1]) == primary(part.language):
            runs[-1] = (runs[-1][0] + part.text, runs[-1][1])
        else:
            runs.append((part.text, part.language))
    utterances: list[Utterance] = []
    for text, language in runs:
        for piece, piece_language in by_script(text, language):
            if spoken := spoken_form(piece, piece_language):
                utterances.append(Utterance(spoken, piece_language))
            elif utterances and (stop := piece.strip()) in (".", "!", "?", "…", ",", ";", ":"):
                utterances[-1] = replace(utterances[-1], spoken=utterances[-1].spoken + stop)
    if lead and utterances:
        first = utterances[0]
        utterances[0] = replace(first, spoken=f"{lead} {first.spoken}")
    return tuple(utterances)
