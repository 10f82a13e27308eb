"""A tidied page as a row of blocks, and how much of each element is text, link, and article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from packager.readers.html.evidence import letters
from packager.readers.html.tidy import block_elements

_LONG = 32
"""Letters from which on a block is told apart by its words alone."""

_NEAR = 300
"""Letters within which a shorter block must stand, in the evidence, behind the one before it."""

_PIECE = 30
_NEARLY_ALL = 0.8
_NO_CONTAINERS = frozenset(
    "p h1 h2 h3 h4 h5 h6 pre blockquote ul ol li dl dt dd table thead tbody tfoot tr th figure figcaption a".split()
)

_TEXT_WITHOUT_READINGS = etree.XPath(".//text()[not(ancestor::rt or ancestor::rp)]")


@dataclass(slots=True)
class Weight:
    """How many letters an element holds: all, those in links, those of the article, those in long blocks."""

    text: int = 0
    linked: int = 0
    found: int = 0
    prose: int = 0
    blocks: int = 0
    outer: Weight | None = None


@dataclass(eq=False, slots=True)
class Block:
    """An element that holds lines of text and no other blocks."""

    element: etree._Element
    letters: str
    linked: int


class Weights(dict[etree._Element, Weight]):
    """The weight of every block of a page and of everything around it."""

    def __init__(self, body: etree._Element, row: Iterable[Block]) -> None:
        super().__init__()
        self.body = body
        self[body] = Weight()
        for block in row:
            self._enter(block)
        # Whatever is around another was entered before it: backwards, each is whole when it weighs in the next one out.
        for weight in reversed(self.values()):
            if outer := weight.outer:
                outer.text += weight.text
                outer.linked += weight.linked
                outer.prose += weight.prose
                outer.blocks += weight.blocks

    def _enter(self, block: Block) -> None:
        """The weight of a block, and none yet for what is new around it."""
        new: list[etree._Element] = []
        place = block.element
        while place not in self:
            new.append(place)
            place = place.getparent()
        weight = self[place]
        for element in reversed(new):
            weight = self[element] = Weight(outer=weight)
        weight.text = len(block.letters)
        weight.linked = min(block.linked, weight.text)
        weight.prose = weight.text if weight.text > 2 * _LONG and 2 * weight.linked < weight.text else 0
        weight.blocks = int(weight.text > 0)

    def find(self, block: Block) -> None:
        """Let a block weigh as the article's."""
        weight: Weight | None = self[block.element]
        while weight is not None:
            weight.found += len(block.letters)
            weight = weight.outer

    def container(self) -> etree._Element:
        """The smallest element that holds nearly all that was found."""
        whole = self[self.body].found
        place = self.body
        while True:
            children = [child for child in place if child in self]
            inner = max(children, key=lambda child: self[child].found, default=None)
            if inner is None or self[inner].found < _NEARLY_ALL * whole:
                break
            place = inner
        while place.tag in _NO_CONTAINERS and place is not self.body:
            place = place.getparent()
        return place


def blocks(body: etree._Element) -> Iterator[Block]:
    """All blocks of a page, in document order."""
    holders, innermost = block_elements(body)
    linked = {block for link in body.iter("a") if link in holders for block in link.iter()}
    words = _without_readings if next(body.iter("rt"), None) is not None else _all_words
    for element in innermost:
        text = letters(words(element))
        if element in linked:
            yield Block(element, text, len(text))
        elif len(element):
            inside = "".join(part for link in element.iter("a") for part in link.itertext())
            yield Block(element, text, len(letters(inside)))
        else:
            yield Block(element, text, 0)


def _all_words(element: etree._Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _without_readings(element: etree._Element) -> str:
    """The text of a block without the readings above it (`<rt>`), which the library leaves out as well."""
    return "".join(_TEXT_WITHOUT_READINGS(element))


def weigh(body: etree._Element, evidence: str) -> tuple[Weights, etree._Element]:
    """The weights of a page's elements, and the smallest element that holds nearly all of the article.

    A long block is the article's when its words are in the evidence. One that stands in several places of the page (a
    teaser that repeats the first paragraph) is so only inside the container of the others; and so is a short one, of which
    a page has many alike, if the evidence has it between those that the long blocks before and behind it have found.
    """
    row = list(blocks(body))
    weights = Weights(body, row)
    spans = {block: span for block in row if len(block.letters) >= _LONG and (span := _span(block.letters, evidence))}
    claims = Counter(span[0] for span in spans.values())
    for block, span in spans.items():
        if claims[span[0]] == 1:
            weights.find(block)
    if not weights[body].found:
        claims.clear()
        for block in spans:
            weights.find(block)
    container = weights.container() if weights[body].found else body
    inside = set(container.iter())
    for block, span in spans.items():
        if claims[span[0]] > 1 and block.element in inside:
            weights.find(block)
    begin = 0
    ends = _next_begins(row, spans, len(evidence))
    for block, end in zip(row, ends, strict=True):
        if block in spans:
            begin = spans[block][1]
        elif block.letters and block.element in inside:
            end = end if end >= begin else begin + _NEAR
            if evidence.find(block.letters, begin, end) >= 0:
                weights.find(block)
    return weights, container


def _next_begins(row: list[Block], spans: Mapping[Block, tuple[int, int]], length: int) -> list[int]:
    """For each block where, in the evidence, the next long one begins."""
    ends, end = [], length
    for block in reversed(row):
        ends.append(end)
        end = spans.get(block, (end, end))[0]
    return ends[::-1]


def _span(text: str, evidence: str) -> tuple[int, int] | None:
    """Where the evidence has a block, from and to; None when it has less than half of it."""
    position = evidence.find(text)
    if position >= 0:
        return position, position + len(text)
    if len(text) < 2 * _PIECE:
        return None
    places = [
        (place, place + len(text[begin : begin + _PIECE]))
        for begin in range(0, len(text), _PIECE)
        if (place := evidence.find(text[begin : begin + _PIECE])) >= 0
    ]
    found = sum(end - begin for begin, end in places)
    return (places[0][0], places[-1][1]) if 2 * found >= len(text) else None
