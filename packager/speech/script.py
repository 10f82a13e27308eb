"""Pages → `Script`: walk each page once, mark its sentences, and say what is said of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lxml import etree

from packager.languages import primary
from packager.model import (
    EMPTY_LEXICON,
    XHTML,
    Lexicon,
    Listening,
    Omission,
    OmissionKind,
    Page,
    Region,
    Script,
    Sentence,
    Span,
    Utterance,
)
from packager.speech.blocks import SENTENCE_PAUSE, Block, blocks_of
from packager.speech.forms import spoken_form
from packager.speech.marking import allowed_starts, mark_sentences
from packager.speech.parts import Part, dealt_out, parts_of
from packager.speech.sentences import sentence_starts
from packager.speech.treatments import Treated, treated_picture
from packager.speech.utterances import Said, said_of, tied_spans
from packager.words import own_language, word
from packager.xhtml import elements, local_name, parse, serialise, spaced_text_of

_ORNAMENTS = frozenset("*•·∙◦—–―-_~=#+⁂❦❧☙✽✻✦✧◆◇●○■□★☆.…|/\\ ")


def write_script(
    pages: Iterable[Page], listening: Listening, lexicon: Lexicon = EMPTY_LEXICON, first_number: int = 1
) -> Script:
    """Give every sentence of the pages an id, in reading order, and find what is said of it by the listening plan.

    Words of the lexicon are said as it wants them. The words of the pages are not changed. What is not read is listed as
    an omission.
    """
    marked: list[Page] = []
    sentences: list[Sentence] = []
    regions: list[Region] = []
    omissions: list[Omission] = []
    for page in pages:
        body = parse(page.body)
        blocks, found_regions = blocks_of(body, page, listening)
        regions += found_regions
        for block in blocks:
            for sentence, left_out in _sentences_of(block, page, first_number + len(sentences), listening, lexicon):
                sentences.append(sentence)
                omissions += left_out
        marked.append(replace(page, body=serialise(body)))
    return Script(tuple(marked), tuple(sentences), tuple(regions), tuple(omissions))


def joined_scripts(scripts: Sequence[Script]) -> Script:
    """One script of several, in this order."""
    return Script(
        tuple(page for script in scripts for page in script.pages),
        tuple(sentence for script in scripts for sentence in script.sentences),
        tuple(region for script in scripts for region in script.regions),
        tuple(omission for script in scripts for omission in script.omissions),
    )


def _sentences_of(
    block: Block, page: Page, number: int, listening: Listening, lexicon: Lexicon
) -> Iterator[tuple[Sentence, list[Omission]]]:
    if block.treated:
        yield _treated(block, block.treated, page, number)
    elif block.is_picture:
        if alt := " ".join((block.element.get("alt") or "").split()):
            yield _picture(block, alt, page, number, listening, lexicon)
    else:
        yield from _text(block, page, number, listening, lexicon)


def _text(
    block: Block, page: Page, number: int, listening: Listening, lexicon: Lexicon
) -> Iterator[tuple[Sentence, list[Omission]]]:
    text = "".join(block.element.itertext())
    parts = parts_of(block.element, block.language, pictures=listening.pictures == "read")
    starts = allowed_starts(block.element, _starts(parts, block.language))
    ends = [*starts[1:], len(text)]
    said = [
        said_of(dealt, start, listening, lexicon) for dealt, start in zip(dealt_out(parts, starts), starts, strict=True)
    ]
    ids = [f"s{one:04}" for one in range(number, number + len(starts))]
    mark_sentences(block.element, starts, ids)
    speaking = [index for index, one in enumerate(said) if one.utterances]
    if speaking and block.lead:
        said[speaking[0]].add_lead(_spoken(block.lead))
    for picture in elements(block.element, "img"):
        if treated := treated_picture(picture, block.language, listening):
            said[0].omissions += treated.omissions
    for index, (name, start, end, one) in enumerate(zip(ids, starts, ends, said, strict=True)):
        is_last = bool(speaking) and index == speaking[-1]
        sentence = _sentence(name, block, page, text[start:end], one)
        after = "\n" if end == len(text) else " " if text[start:end][-1:].isspace() or text[end].isspace() else ""
        yield (
            replace(
                sentence,
                pause=block.pause if is_last else SENTENCE_PAUSE if one.utterances else 0,
                ends_block=is_last,
                after=after,
            ),
            [*one.omissions, *_unsayable(sentence, one)],
        )


def _starts(parts: list[Part], language: str) -> list[int]:
    """Where the sentences of a block begin: a passage in another language has its own way to end them."""
    # The number of a note would hide the end of its sentence: "boat.1 The".
    heard = "".join(part.text if part.said else " " * len(part.text) for part in parts if part.printed)
    # Nor does a line of the source end one.
    heard = re.sub(r"\s", " ", heard)
    starts = sentence_starts(heard, language)
    for tag, run in groupby((part for part in parts if part.printed), key=lambda part: part.language):
        passage = list(run)
        begin, end = passage[0].begin, passage[-1].begin + len(passage[-1].text)
        if primary(tag) != primary(language):
            inside = [begin + start for start in sentence_starts(heard[begin:end], tag)[1:]]
            starts = sorted({*(start for start in starts if not begin < start < end), *inside})
    return starts


def _picture(
    block: Block, alt: str, page: Page, number: int, listening: Listening, lexicon: Lexicon
) -> tuple[Sentence, list[Omission]]:
    said = said_of([Part(alt, block.language)], 0, listening, lexicon)
    if said.utterances:
        if block.element.get("class") != "cover":
            own = own_language(block.language)
            said.add_lead(Utterance(word("picture", own) + ":", own))
        if block.lead:
            said.add_lead(_spoken(block.lead))
    name = f"s{number:04}"
    _give_id(block.element, name)
    sentence = _sentence(name, block, page, alt, said)
    return sentence, [*said.omissions, *_unsayable(sentence, said)]


def _treated(block: Block, treated: Treated, page: Page, number: int) -> tuple[Sentence, list[Omission]]:
    """What stands for the whole block: an announcement, a summary, or nothing."""
    name = f"s{number:04}"
    _give_id(block.element, name)
    text = " ".join((block.element.get("alt") or "").split()) if block.is_picture else spaced_text_of(block.element)
    # Sentence by sentence: a column's letter at the end of one is no initial of a name that follows.
    spoken = " ".join(spoken_form(one, treated.language) for one in treated.announcement)
    utterances = [Utterance(spoken, treated.language)] if spoken else []
    said = Said(utterances, [Span((0, len(text)), (0, len(spoken)))])
    if utterances and block.lead:
        said.add_lead(_spoken(block.lead))
    return replace(_sentence(name, block, page, text, said), treatment=treated.treatment), list(treated.omissions)


def _sentence(name: str, block: Block, page: Page, printed: str, said: Said) -> Sentence:
    text = " ".join(printed.split())
    utterances = tuple(said.utterances)
    spoken_in = {utterance.language for utterance in utterances}
    language = spoken_in.pop() if len(spoken_in) == 1 else block.language
    sentence = Sentence(
        *(name, page.name, text, language, utterances, block.pause if utterances else 0, block.kind),
        *(block.level, block.regions),
    )
    return replace(sentence, spans=tied_spans(said, printed, sentence.spoken))


def _spoken(utterance: Utterance) -> Utterance:
    return Utterance(spoken_form(utterance.spoken, utterance.language), utterance.language)


def _unsayable(sentence: Sentence, said: Said) -> list[Omission]:
    """A sentence that nobody can say is listed, unless all of it was left out on purpose."""
    if sentence.utterances or said.omissions or not said.is_to_be_said:
        return []
    is_ornament = sentence.kind != "cell" and set(sentence.text) <= _ORNAMENTS
    kind: OmissionKind = "ornament" if is_ornament else "passage"
    return [Omission(f"“{sentence.text}”", "there is nothing in it that a voice could say", kind)]


def _give_id(element: etree._Element, name: str) -> None:
    """Name an element. The anchor that it has in the source keeps working: it moves to an element around it."""
    if old := element.get("id"):
        around = etree.Element(f"{{{XHTML}}}{'span' if local_name(element) == 'img' else 'div'}", {"id": old})
        around.tail, element.tail = element.tail, None
        element.getparent().replace(element, around)
        around.append(element)
    element.set("id", name)
