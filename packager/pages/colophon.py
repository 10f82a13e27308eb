"""The colophon: where the text comes from, whose it is, how the book was made, what was left out, who speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from packager import __version__
from packager.dates import readable_date
from packager.model import COLOPHON, XHTML, Article, Claims, Omission, Page
from packager.pages.ledger import Line, ledger_lines
from packager.words import colophon_language, joined_names, own_language, told, word
from packager.xhtml import serialise, set_language, sub

_MOST_LISTED = 12


@dataclass(frozen=True)
class Voices:
    """Who speaks: engines with their versions and voices, named in the language of the colophon."""

    names: tuple[str, ...]
    language: str

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)


def disclosure(voices: Voices) -> str:
    """The one sentence about the synthetic voice that every result carries."""
    names = joined_names(voices.names, voices.language)
    return told("disclosure", len(voices.names), voices.language, voices=names)


def colophon_languages(article: Article, unspoken: Sequence[Omission]) -> tuple[str, ...]:
    """The languages that the colophon is written in, its own first, as far as they are not those of a title."""
    language = colophon_language(article.metadata.language)
    return tuple(dict.fromkeys([language, *(line.language for line in _left_out(article, unspoken)[:_MOST_LISTED])]))


def colophon_page(
    article: Article,
    claims: Claims,
    voices: Sequence[str],
    unspoken: Sequence[Omission],
    certified_by: str | None,
) -> Page:
    """The last page. `voices` is empty in an edition without narration; `unspoken` is what no voice says."""
    language = colophon_language(article.metadata.language)
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    section = sub(body, "section", aria_labelledby="colophon-title", role="doc-colophon")
    set_language(body, language)
    sub(section, "h1", word("about_book", language), id="colophon-title", class_="heading")
    for text in article.texts:
        _add_origin(section, text, language)
    sub(section, "p", word("made", language, version=__version__))
    if lines := _left_out(article, unspoken):
        _add_left_out(section, lines, language)
    sub(section, "h2", word("accessibility", language), id="colophon-accessibility")
    sub(section, "p", claims.summary)
    if certified_by:
        sub(section, "p", word("evaluated", language, name=certified_by))
    if voices:
        # The end, for the ear: who spoke, and what was not read.
        sub(section, "h2", word("voice", language), id="colophon-voice")
        sub(section, "p", disclosure(Voices(tuple(voices), language)))
        if claims.not_read:
            sub(section, "p", claims.not_read)
    title = word("about_book", own_language(article.metadata.language))
    return Page(COLOPHON, title, language, serialise(body))


def _left_out(article: Article, unspoken: Sequence[Omission]) -> list[Line]:
    return list(ledger_lines([*article.omissions, *unspoken], colophon_language(article.metadata.language)))


def _add_left_out(section: etree._Element, lines: Sequence[Line], language: str) -> None:
    sub(section, "h2", word("left_out", language), id="colophon-left-out")
    listing = sub(section, "ul")
    for line in lines[:_MOST_LISTED]:
        item = sub(listing, "li", line.text)
        if line.language != language:
            set_language(item, line.language)
    if len(lines) > _MOST_LISTED:
        sub(listing, "li", word("left_out_more", language, number=str(len(lines) - _MOST_LISTED)))


def _add_origin(section: etree._Element, article: Article, language: str) -> None:
    metadata = article.metadata
    publisher = metadata.publisher if metadata.publisher not in metadata.authors else None
    known = {"by": metadata.authors, "published": publisher, "dated": metadata.date}
    before, _, after = word(
        "_".join(["origin", *(name for name, value in known.items() if value)]),
        language,
        title="{title}",
        names=joined_names(metadata.authors, language),
        publisher=publisher or "",
        date=readable_date(metadata.date, language) if metadata.date else "",
    ).partition("{title}")
    origin = sub(section, "p", before)
    title = sub(origin, "cite", metadata.title)
    set_language(title, metadata.language)
    title.tail = after
    if metadata.source:
        sub(section, "p", word("source", language, source=metadata.source))
    if metadata.rights:
        sub(section, "p", word("rights", language, rights=metadata.rights))
