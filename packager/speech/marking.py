"""Spans with ids around the sentences of a block, without breaking the markup inside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from lxml import etree

from packager.model import SSML, XHTML
from packager.xhtml import append_text, elements, local_name

_SPLITTABLE = frozenset("em strong i b u s small mark cite span bdi ins del dfn var samp font".split())
"""Inline elements that may become two without changing what they mean. A link or a term stays one, and a transcribed word."""

_SPAN = f"{{{XHTML}}}span"

PHONEMES = f"{{{SSML}}}ph"
ALPHABET = f"{{{SSML}}}alphabet"
"""Attributes of an element that tell how its words are pronounced (EPUB 3 Text-to-Speech Enhancements 1.0, section 2)."""


def allowed_starts(block: etree._Element, starts: list[int]) -> list[int]:
    """The sentence starts at which the block can be cut: not inside a link, an abbreviation, a ruby and the like."""
    refused: set[int] = set()
    for element, begin, end in _extents(block):
        if local_name(element) not in _SPLITTABLE or element.get(PHONEMES):
            refused.update(_inside(starts, begin, end))
    return [start for start in starts if start not in refused]


def mark_sentences(block: etree._Element, starts: list[int], ids: list[str]) -> None:
    """Wrap the text between each start and the next into a span with the next id. White space at the ends stays outside.

    `starts` are offsets into the block's text, `allowed_starts` of it; "" as id leaves a piece as it is.
    """
    position = len(block.text or "")
    for child in list(block):
        length, tail = _length(child), len(child.tail or "")
        # From the last to the first, so that the offsets before a cut stay right.
        for start in reversed(_inside(starts, position, position + length)):
            _split(child, start - position)
            _divide(child, start - position)
        position += length + tail
    _wrap(block, starts, ids)


def _inside(starts: list[int], begin: int, end: int) -> list[int]:
    """Those of the ascending `starts` that lie strictly between two offsets."""
    return starts[bisect_right(starts, begin) : bisect_left(starts, end)]


def _extents(block: etree._Element) -> Iterator[tuple[etree._Element, int, int]]:
    """Every element inside the block with the offsets at which its text begins and ends."""

    def walk(element: etree._Element, offset: int) -> Iterator[tuple[etree._Element, int, int]]:
        end = offset + len(element.text or "")
        for child in element:
            inner = end
            yield from walk(child, inner)
            end = inner + _length(child)
            yield child, inner, end
            end += len(child.tail or "")

    return walk(block, 0)


def _length(element: etree._Element) -> int:
    return sum(map(len, element.itertext())) if isinstance(element.tag, str) else 0


def _split(element: etree._Element, offset: int) -> None:
    """Cut every inline element that has `offset` strictly inside it in two."""
    position = len(element.text or "")
    for child in list(element):
        length = _length(child)
        if position < offset < position + length:
            _split(child, offset - position)
            _divide(child, offset - position)
            return
        position += length + len(child.tail or "")


def _divide(element: etree._Element, offset: int) -> None:
    """Make two of one: the text up to `offset` stays, what follows moves to a twin without the id."""
    twin = etree.Element(
        element.tag,
        {name: value for name, value in element.attrib.items() if name != "id"},
        nsmap=element.nsmap,
    )
    twin.tail, element.tail = element.tail, None
    element.addnext(twin)
    position = len(element.text or "")
    if offset <= position:
        text = element.text or ""
        element.text, twin.text = text[:offset], text[offset:]
        twin.extend(list(element))
        return
    for child in list(element):
        position += _length(child)
        tail = child.tail or ""
        if offset <= position + len(tail):
            child.tail, twin.text = tail[: offset - position], tail[offset - position :]
            twin.extend(list(element)[element.index(child) + 1 :])
            return
        position += len(tail)


def _wrap(block: etree._Element, starts: list[int], ids: list[str]) -> None:
    pieces = _top_level_pieces(block)
    block.text = None
    for child in list(block):
        block.remove(child)
    bounds = [*starts[1:], None]
    position = 0
    number = 0
    span: etree._Element | None = None
    for piece in pieces:
        texts = [piece] if isinstance(piece, etree._Element) else _cut(piece, position, starts)
        for part in texts:
            while (bound := bounds[number]) is not None and position >= bound:
                number, span = number + 1, None
            if isinstance(part, str):
                _place_text(block, span, part, starts_sentence=span is None, sentence_id=ids[number])
                if span is None and part.strip() and ids[number]:
                    span = block[-1]
                position += len(part)
            else:
                if span is None and ids[number] and _has_words(part):
                    span = etree.SubElement(block, _SPAN, {"id": ids[number]})
                (block if span is None else span).append(part)
                position += _length(part)
    names = set(filter(None, ids))
    for marked in block:
        if marked.tag == _SPAN and marked.get("id") in names:
            _release_trailing_space(marked)


def _has_words(element: etree._Element) -> bool:
    """Whether there is something to say: text, or what stands for a picture."""
    return bool("".join(element.itertext()).strip()) or any(image.get("alt") for image in elements(element, "img"))


def _top_level_pieces(block: etree._Element) -> list[str | etree._Element]:
    pieces: list[str | etree._Element] = [block.text] if block.text else []
    for child in block:
        tail, child.tail = child.tail, None
        pieces.append(child)
        if tail:
            pieces.append(tail)
    return pieces


def _cut(text: str, position: int, starts: list[int]) -> list[str]:
    cuts = [start - position for start in _inside(starts, position, position + len(text))]
    return [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _place_text(
    block: etree._Element, span: etree._Element | None, text: str, starts_sentence: bool, sentence_id: str
) -> None:
    if not starts_sentence and span is not None:
        append_text(span, text)
    elif not sentence_id or not text.strip():
        append_text(block, text)
    else:
        stripped = text.lstrip()
        append_text(block, text[: len(text) - len(stripped)])
        etree.SubElement(block, _SPAN, {"id": sentence_id}).text = stripped


def _release_trailing_space(span: etree._Element) -> None:
    text = span[-1].tail if len(span) else span.text
    if not text or text == (stripped := text.rstrip()):
        return
    if len(span):
        span[-1].tail = stripped
    else:
        span.text = stripped
    span.tail = text[len(stripped) :] + (span.tail or "")
