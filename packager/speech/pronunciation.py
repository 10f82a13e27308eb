"""The pronunciation lexicon in a page: which of its words occur, and their sounds as marks for reading systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from packager.model import SSML, XHTML, Lexicon, Page
from packager.speech.lexicon import matches, pieces_of
from packager.speech.marking import ALPHABET, PHONEMES
from packager.xhtml import PHRASING, local_name, parse, serialise

_VERBATIM = frozenset("code kbd samp pre".split())


@dataclass(frozen=True)
class _Piece:
    """The text before the first child of an element, or the text behind it (`is_tail`)."""

    element: etree._Element
    is_tail: bool
    text: str
    language: str
    is_verbatim: bool


def occurring(lexicon: Lexicon, pages: Iterable[Page]) -> Lexicon:
    """The lexemes that occur in the pages or in the alternative texts of their pictures."""
    found = {
        match.lexeme
        for text, language in {heard for page in pages for heard in _texts(page)}
        for piece, piece_language in ((text, language), *pieces_of(text, language, lexicon))
        for match in matches(lexicon, piece, piece_language)
    }
    return replace(lexicon, lexemes=tuple(lexeme for lexeme in lexicon.lexemes if lexeme in found))


def with_phonemes(page: Page, lexicon: Lexicon) -> Page:
    """The page with a mark around each word whose sounds the lexicon has: `<span ssml:ph="…" ssml:alphabet="ipa">`.

    Words that an element begins or ends within and words in code stay as they are.
    """
    if not any(lexeme.ipa for lexeme in lexicon.lexemes):
        return page
    body = parse(page.body)
    for run in _runs(body, page.language):
        _mark(run, lexicon)
    return replace(page, body=serialise(body))


def _mark(run: list[_Piece], lexicon: Lexicon) -> None:
    text = "".join(piece.text for piece in run)
    words = [word for word in matches(lexicon, text, run[0].language) if word.ipa]
    end = len(text)
    for piece in reversed(run):
        begin = end - len(piece.text)
        # From the last to the first, so that the offsets before a mark stay right.
        for word in reversed(words):
            stop, ipa = word.end, word.ipa
            if stop > end and word.lexeme and word.lexeme.ipa != ipa:
                # The possessive stands behind the element that holds the word.
                stop, ipa = stop - 2, word.lexeme.ipa
            if begin <= word.begin and stop <= end and not piece.is_verbatim:
                _wrap(piece, word.begin - begin, stop - begin, ipa or "")
        end = begin


def _wrap(piece: _Piece, begin: int, end: int, ipa: str) -> None:
    element = piece.element
    text = (element.tail if piece.is_tail else element.text) or ""
    span = etree.Element(f"{{{XHTML}}}span", {PHONEMES: ipa, ALPHABET: "ipa"}, nsmap={None: XHTML, "ssml": SSML})
    span.text = text[begin:end]
    if piece.is_tail:
        element.tail = text[:begin]
        element.addnext(span)
    else:
        element.text = text[:begin]
        element.insert(0, span)
    span.tail = text[end:]


def _texts(page: Page) -> Iterator[tuple[str, str]]:
    body = parse(page.body)
    for run in _runs(body, page.language):
        yield "".join(piece.text for piece in run), run[0].language
    for picture in body.iter(f"{{{XHTML}}}img"):
        yield picture.get("alt") or "", _language_at(picture, page.language)


def _language_at(element: etree._Element, default: str) -> str:
    around = (outer.get("lang") for outer in (element, *element.iterancestors()))
    return next(filter(None, around), default)


def _runs(body: etree._Element, language: str) -> Iterator[list[_Piece]]:
    """Text that is read in one go: up to where a block or a line begins or ends, or the language changes."""
    run: list[_Piece] = []
    for piece in _pieces(body, language, is_verbatim=False):
        if run and (piece is None or piece.language != run[0].language):
            yield run
            run = []
        if piece is not None:
            run.append(piece)
    if run:
        yield run


def _pieces(element: etree._Element, language: str, is_verbatim: bool) -> Iterator[_Piece | None]:
    """The texts in an element, in order; None where a block or a line begins or ends."""
    own_language = element.get("lang") or language
    verbatim = is_verbatim or local_name(element) in _VERBATIM or element.get(PHONEMES) is not None
    is_break = local_name(element) not in PHRASING or local_name(element) == "br"
    if is_break:
        yield None
    if element.text and isinstance(element.tag, str):
        yield _Piece(element, False, element.text, own_language, verbatim)
    for child in element.iterchildren(etree.Element):
        yield from _pieces(child, own_language, verbatim)
        if child.tail:
            yield _Piece(child, True, child.tail, own_language, verbatim)
    if is_break:
        yield None
