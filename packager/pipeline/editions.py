"""Article → the editions of the book, silent and narrated, as the writers want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.model import EMPTY_LEXICON, Article, Lexicon, Omission, Page, Resource
from packager.pages.article import article_page
from packager.pages.claims import derive_claims
from packager.pages.colophon import colophon_page
from packager.pages.cover import can_draw, cover_page, cover_picture
from packager.writers.epub.package import Edition, write_epub


@dataclass(frozen=True)
class Front:
    """What all editions of an article begin with: the pages of the cover and the article, and the cover's picture."""

    article: Article
    pages: tuple[Page, ...]
    picture: Resource
    lexicon: Lexicon = EMPTY_LEXICON


def front_of(article: Article, lexicon: Lexicon = EMPTY_LEXICON) -> Front:
    """Make it once for all editions: drawing the cover is a good part of the work.

    Of the lexicon only what occurs in the article is kept.
    """
    picture = cover_picture(article)
    pages: tuple[Page, ...] = (cover_page(article, picture), *_text_pages(article))
    if lexicon.lexemes:
        from packager.speech.pronunciation import occurring

        lexicon = occurring(lexicon, pages)
    return Front(article, tuple(pronounced(page, lexicon) for page in pages), picture, lexicon)


def _text_pages(article: Article) -> Iterator[Page]:
    """The page of the article, or one for each chapter."""
    if not article.chapters:
        yield article_page(article)
    for number, chapter in enumerate(article.chapters, start=1):
        yield article_page(chapter, f"chapter-{number:03}")


def pronounced(page: Page, lexicon: Lexicon) -> Page:
    """The page with the sounds of the words that the lexicon knows them of."""
    if not lexicon.lexemes:
        return page
    from packager.speech.pronunciation import with_phonemes

    return with_phonemes(page, lexicon)


def cover_notes(article: Article) -> tuple[str, ...]:
    """What is to be said about the cover."""
    if article.cover or can_draw(article.metadata.title):
        return ()
    return ("no font at hand has the letters of the title, so the cover shows none (give a picture with --cover)",)


def write_silent_edition(front: Front, certified_by: str | None, path: Path) -> None:
    """The EPUB for every e-reader: text, pictures, no sound."""
    article = front.article
    pronouncing = bool(front.lexicon.lexemes)
    claims = derive_claims(article, narrated=False, certified_by=certified_by, pronounced=pronouncing)
    nothing_unspoken: tuple[Omission, ...] = ()
    colophon = pronounced(colophon_page(article, claims, (), nothing_unspoken, certified_by), front.lexicon)
    edition = Edition(
        article.metadata,
        (*front.pages, colophon),
        article.resources,
        front.picture,
        claims,
        certified_by,
        lexicon=front.lexicon,
    )
    write_epub(edition, path)
