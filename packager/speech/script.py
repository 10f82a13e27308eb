"""Pages → `Script`: walk each page once, mark its sentences, and say what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from packager.languages import primary
from packager.model import Omission, Page, Region, Script, Sentence, Utterance
from packager.speech.blocks import SENTENCE_PAUSE, Block, blocks_of
from packager.speech.forms import spoken_form
from packager.speech.marking import allowed_starts, mark_sentences
from packager.speech.scripts import by_script
from packager.speech.sentences import sentence_starts
from packager.words import word
from packager.xhtml import local_name, parse, serialise

_SILENT_ROLES = frozenset({"doc-noteref", "doc-backlink"})
"""A note's number and the arrow back to it are places to press; the note itself is said where it stands."""


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
    pieces = list(_pieces(block.element, block.language))
    starts = allowed_starts(block.element, sentence_starts(text, block.language))
    ids: list[str] = []
    found: list[Sentence] = []
    for begin, end in pairwise([*starts, len(text)]):
        utterances = _utterances(pieces, begin, end, block.lead if begin == starts[0] else "")
        name = f"s{number + len([name for name in ids if name]):04}" if utterances else ""
        ids.append(name)
        printed = " ".join(text[begin:end].split())
        if utterances or _has_text(pieces, begin, end):
            found.append(
                Sentence(
                    name,
                    page.name,
                    printed,
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
    alt = (block.element.get("alt") or "").strip()
    if not alt:
        return
    said = spoken_form(alt, block.language)
    intro = "" if block.element.get("class") == "cover" else word("picture", block.language) + ": "
    name = f"s{number:04}" if said else ""
    if name:
        # The anchor of the source keeps working: it moves to an element around the picture.
        if old := block.element.get("id"):
            block.element.getparent().set("id", old)
        block.element.set("id", name)
    utterances = (Utterance(intro + said, block.language),) if said else ()
    yield Sentence(name, page.name, alt, block.language, utterances, block.pause, "picture", 0, block.regions)


def _pieces(element: etree._Element, language: str) -> Iterator[tuple[str, str, bool]]:
    """The text nodes of a block in order: text, language, and whether it is said. Alt text inside a line comes in as a
    text of length 0, spelt as (alt, language, True) with a marker."""
    language = element.get("lang") or language
    silent = element.get("role") in _SILENT_ROLES
    if local_name(element) == "img":
        yield ("\0" + (element.get("alt") or ""), language, True)
    if element.text:
        yield element.text, language, not silent
    for child in element:
        for text, inner, said in _pieces(child, language):
            yield text, inner, said and not silent
        if child.tail:
            yield child.tail, language, not silent


def _utterances(pieces: list[tuple[str, str, bool]], begin: int, end: int, lead: str) -> tuple[Utterance, ...]:
    """What is said of the text between two offsets, cut where the language or the writing system changes."""
    runs: list[tuple[str, str]] = []
    position = 0
    for text, language, said in pieces:
        if text.startswith("\0"):
            if begin <= position < end and text[1:]:
                _add(runs, f" {text[1:]} ", language)
            continue
        part = text[max(begin - position, 0) : max(end - position, 0)]
        position += len(text)
        if part and said:
            _add(runs, part, language)
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


def _has_text(pieces: list[tuple[str, str, bool]], begin: int, end: int) -> bool:
    """Whether there is text between two offsets that ought to be said."""
    position = 0
    for text, _, said in pieces:
        if text.startswith("\0"):
            continue
        if said and text[max(begin - position, 0) : max(end - position, 0)].strip():
            return True
        position += len(text)
    return False


def _add(runs: list[tuple[str, str]], text: str, language: str) -> None:
    if runs and primary(runs[-1][1]) == primary(language):
        runs[-1] = (runs[-1][0] + text, language)
    else:
        runs.append((text, language))
