"""The blocks of a page in reading order: what each holds, what it stands in, and how long the pause behind it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from packager.model import Listening, Page, Region, Utterance
from packager.speech.tables import headers_of_cells
from packager.speech.treatments import Treated, treated_code, treated_notes, treated_picture, treated_table
from packager.words import own_language, word
from packager.xhtml import PHRASING, local_name, text_of

SENTENCE_PAUSE = 380
SECTION_PAUSE = 1400
_PAUSES = {
    "title": 1200,
    "subtitle": 900,
    "byline": 900,
    "heading": 900,
    "paragraph": 750,
    "quotation": 850,
    "item": 550,
    "term": 400,
    "definition": 600,
    "cell": 400,
    "row end": 650,
    "caption": 750,
    "picture": 750,
    "note": 650,
    "code": 750,
    "table": 750,
}
"""Milliseconds of silence behind the last sentence of a block, by what the block is."""

_KINDS = {
    "li": "item",
    "dt": "term",
    "dd": "definition",
    "td": "cell",
    "th": "cell",
    "caption": "caption",
    "figcaption": "caption",
    "pre": "code",
    "aside": "note",
}
_COMPUTER_TEXT = frozenset({"code", "samp", "kbd"})
_REGIONS = {"table": "table", "ul": "list", "ol": "list", "dl": "list", "figure": "figure", "aside": "aside"}


@dataclass(frozen=True)
class Block:
    """An element whose text is one run, a picture, or what is `treated` as a whole instead of being read.

    `lead` is said before its first sentence (a cell's header).
    """

    element: etree._Element
    kind: str
    language: str
    pause: int
    level: int = 0
    regions: tuple[str, ...] = ()
    lead: Utterance | None = None
    treated: Treated | None = None

    @property
    def is_picture(self) -> bool:
        """Whether the block is an `img` that stands alone."""
        return local_name(self.element) == "img"


@dataclass(frozen=True)
class _Around:
    kind: str
    language: str
    regions: tuple[str, ...] = ()
    lead: Utterance | None = None


def blocks_of(body: etree._Element, page: Page, listening: Listening) -> tuple[list[Block], list[Region]]:
    """All blocks of a page, and the regions (skippable or escapable elements) that they lie in.

    Regions without an id get one: an overlay names them by it.
    """
    walk = _Walk(page.name, listening)
    blocks = list(walk.inside(body, _Around("paragraph", page.language)))
    return _with_section_pauses(blocks), walk.regions


class _Walk:
    def __init__(self, page: str, listening: Listening) -> None:
        self._page = page
        self._listening = listening
        self.regions: list[Region] = []

    def inside(self, element: etree._Element, around: _Around) -> Iterator[Block]:
        name = local_name(element)
        if treated := self._treated(element, name, element.get("lang") or around.language):
            yield self._treated_block(element, name, treated, around)
            return
        around = self._entered(element, name, around)
        if name == "img":
            yield self._block(element, replace(around, kind="picture"))
        elif _is_leaf(element):
            pictures = list(element.iter(f"{{{etree.QName(element).namespace}}}img"))
            if text_of(element):
                yield self._block(element, around)
            else:
                for picture in pictures:
                    tagged = (outer.get("lang") for outer in picture.iterancestors() if outer.get("lang"))
                    yield from self.inside(picture, replace(around, language=next(tagged, around.language)))
        elif name == "table":
            yield from self._table(element, around)
        else:
            for number, child in enumerate(_elements_in(element), start=1):
                if local_name(element) == "ol" and "endnotes" in around.kind:
                    own = own_language(around.language)
                    lead = Utterance(word("note", own, number=str(number)) + ".", own)
                    yield from self._note(child, replace(around, kind="note", lead=lead))
                else:
                    yield from self.inside(child, around)

    def _treated(self, element: etree._Element, name: str, language: str) -> Treated | None:
        if name == "img":
            return treated_picture(element, language, self._listening)
        if name == "pre" and any(local_name(inner) in _COMPUTER_TEXT for inner in element.iter()):
            return treated_code(element, language, self._listening)
        if name == "table":
            return treated_table(element, language, self._listening)
        if element.get("role") in ("doc-endnotes", "doc-footnote"):
            return treated_notes(element, language, self._listening)
        return None

    def _treated_block(self, element: etree._Element, name: str, treated: Treated, around: _Around) -> Block:
        kind = {"img": "picture", "pre": "code", "table": "table", "section": "note"}.get(name, around.kind)
        around = replace(around, kind=kind, language=element.get("lang") or around.language)
        return replace(self._block(element, around), treated=treated)

    def _entered(self, element: etree._Element, name: str, around: _Around) -> _Around:
        if language := element.get("lang"):
            around = replace(around, language=language)
        if name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            around = replace(around, kind="heading")
        elif name == "blockquote":
            around = replace(around, kind="quotation")
        elif name in _KINDS and not (name == "li" and around.kind == "note"):
            around = replace(around, kind=_KINDS[name])
        if element.get("class") in _PAUSES:
            around = replace(around, kind=element.get("class"))
        if element.get("role") == "doc-endnotes":
            around = replace(around, kind="endnotes", regions=(*around.regions, self._region(element, "endnotes")))
        elif name in _REGIONS and around.kind != "endnotes":
            around = replace(around, regions=(*around.regions, self._region(element, _REGIONS[name])))
        return around

    def _note(self, element: etree._Element, around: _Around) -> Iterator[Block]:
        around = replace(around, regions=(*around.regions, self._region(element, "footnote")))
        yield from _led_once(self.inside(element, around))

    def _table(self, table: etree._Element, around: _Around) -> Iterator[Block]:
        leads = headers_of_cells(table)
        for part in table.iter():
            name = local_name(part)
            if name not in ("caption", "td", "th") or next(part.iterancestors(table.tag)) is not table:
                continue
            if name == "caption":
                yield from self.inside(part, around)
            else:
                lead = Utterance(leads[part], around.language) if part in leads else None
                blocks = list(_led_once(self.inside(part, replace(around, lead=lead))))
                last_in_row = part.getnext() is None
                for index, block in enumerate(blocks):
                    pause = _PAUSES["row end"] if last_in_row and index == len(blocks) - 1 else block.pause
                    yield replace(block, pause=pause)

    def _block(self, element: etree._Element, around: _Around) -> Block:
        name = local_name(element)
        level = int(name[1]) if around.kind in ("heading", "title") and name[1:].isdigit() else 0
        pause = _PAUSES.get(around.kind, _PAUSES["paragraph"])
        return Block(element, around.kind, around.language, pause, level, around.regions, around.lead)

    def _region(self, element: etree._Element, semantics: str) -> str:
        name = element.get("id") or f"r{len(self.regions) + 1:03}-{semantics}"
        element.set("id", name)
        self.regions.append(Region(self._page, name, semantics))
        return name


def _led_once(blocks: Iterator[Block]) -> Iterator[Block]:
    """Leave the lead to the first block that has words; what stands before it is not said."""
    led = False
    for block in blocks:
        yield replace(block, lead=None) if led else block
        led = led or any(map(str.isalnum, block.element.get("alt") or text_of(block.element)))


def _elements_in(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _is_leaf(element: etree._Element) -> bool:
    return all(local_name(child) in PHRASING for child in _elements_in(element)) and local_name(element) not in (
        "body",
        "figure",
        "table",
        "tr",
    )


def _with_section_pauses(blocks: list[Block]) -> list[Block]:
    """A longer pause before a heading and at a thematic break."""
    paused = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        new_section = following is not None and (following.kind == "heading" or _break_between(block, following))
        paused.append(
            replace(block, pause=max(block.pause, SECTION_PAUSE)) if new_section and block.kind != "heading" else block
        )
    return paused


def _break_between(block: Block, following: Block) -> bool:
    before = following.element.getprevious()
    return before is not None and local_name(before) == "hr" and block.element is not following.element
