"""The colophon: where the text comes from, whose it is, how the book was made, what was left out, who speaks."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from packager import __version__
from packager.model import COLOPHON, XHTML, Article, Claims, Omission, Page
from packager.pages.article import readable_date
from packager.pages.ledger import ledger_lines
from packager.words import joined_names, own_language, word
from packager.xhtml import serialise, set_language, sub

LANGUAGE = "en"
"""The colophon is written in English, and says so to screen readers and voices."""

_MOST_LISTED = 12


def disclosure(voices: Sequence[str]) -> str:
    """The one sentence about the synthetic voice that every result carries."""
    many = len(voices) > 1
    return (
        f"The {'voices' if many else 'voice'} in this edition {'are' if many else 'is'} synthetic, "
        f"made by {joined_names(voices, LANGUAGE)}; no person recorded {'them' if many else 'it'}."
    )


def colophon_page(
    article: Article,
    claims: Claims,
    voices: Sequence[str],
    unspoken: Sequence[Omission],
    certified_by: str | None,
) -> Page:
    """The last page. `voices` is empty in an edition without narration; `unspoken` is what no voice says."""
    metadata = article.metadata
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    section = sub(body, "section", aria_labelledby="colophon-title", role="doc-colophon")
    set_language(body, LANGUAGE)
    sub(section, "h1", word("about_book", LANGUAGE), id="colophon-title", class_="heading")
    for text in article.texts:
        _add_origin(section, text)
    sub(section, "p", f"Made into a book by Packager {__version__}. The author’s words were not changed.")
    left_out = [*article.omissions, *unspoken]
    if left_out:
        sub(section, "h2", "What was left out", id="colophon-left-out")
        listing = sub(section, "ul")
        lines = list(ledger_lines(left_out))
        for line in lines[:_MOST_LISTED]:
            sub(listing, "li", line)
        if len(lines) > _MOST_LISTED:
            sub(listing, "li", f"And {len(lines) - _MOST_LISTED} more.")
    sub(section, "h2", "Accessibility", id="colophon-accessibility")
    sub(section, "p", claims.summary)
    if certified_by:
        sub(section, "p", f"Evaluated against EPUB Accessibility 1.1 and WCAG 2.2 Level AA by {certified_by}.")
    if voices:
        # The end, for the ear: who spoke, and what was not read.
        sub(section, "h2", "The voice", id="colophon-voice")
        sub(section, "p", disclosure(voices))
        if claims.not_read:
            sub(section, "p", claims.not_read)
    title = word("about_book", own_language(metadata.language))
    return Page(COLOPHON, title, LANGUAGE, serialise(body))


def _add_origin(section: etree._Element, article: Article) -> None:
    metadata = article.metadata
    origin = sub(section, "p", "“")
    title = sub(origin, "cite", metadata.title)
    set_language(title, metadata.language)
    sentence = "”"
    if metadata.authors:
        sentence += f", by {joined_names(metadata.authors, LANGUAGE)}"
    if metadata.publisher and metadata.publisher not in metadata.authors:
        sentence += f", published by {metadata.publisher}"
    if metadata.date:
        sentence += f", {readable_date(metadata.date, LANGUAGE)}"
    title.tail = sentence + "."
    if metadata.source:
        sub(section, "p", f"Source: {metadata.source}")
    if metadata.rights:
        sub(section, "p", f"Rights: {metadata.rights}")
