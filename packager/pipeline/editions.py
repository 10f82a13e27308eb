"""Article → the editions of the book, silent and narrated, as the writers want them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packager.model import EMPTY_LEXICON, Article, Claims, Lexicon, Listening, Omission, Page, Resource
from packager.pages.article import article_page
from packager.pages.claims import derive_claims
from packager.pages.colophon import colophon_page
from packager.pages.cover import can_draw, cover_page, cover_picture
from packager.pipeline.listening import listening_plan
from packager.pipeline.settings import Settings
from packager.writers.epub.package import Edition, write_epub
from packager.writers.epub.pictures import Fit, fitted

_WISHES = "The front matter or an option"


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


def silent_claims(front: Front, certified_by: str | None) -> Claims:
    """What the book without sound claims of its accessibility."""
    pronouncing = bool(front.lexicon.lexemes)
    return derive_claims(front.article, narrated=False, certified_by=certified_by, pronounced=pronouncing)


def write_silent_edition(front: Front, certified_by: str | None, path: Path, fit: Fit | None = None) -> None:
    """The EPUB for every e-reader: text, pictures, no sound. `fit` says what pictures the devices show that it is for."""
    edition = _silent_edition(front, certified_by)
    write_epub(fitted(edition, fit) if fit else edition, path)


def write_kobo_edition(front: Front, settings: Settings, path: Path, fit: Fit | None = None) -> None:
    """The same book as a kepub, its sentences marked as in the narrated edition; no voice is needed for that."""
    from packager.writers.epub.kepub import write_kepub

    edition = _silent_edition(front, settings.certified_by)
    edition = replace(edition, pages=_marked(edition.pages, front, settings))
    write_kepub(fitted(edition, fit) if fit else edition, path)


def listening_of_pages(front: Front, settings: Settings) -> list[Listening]:
    """The listening plan of each page: that of the cover, then that of each text."""
    wishes = [dict(text.listening) for text in front.article.texts]
    return [Listening(), *(listening_plan(settings.listening, wish, _WISHES) for wish in wishes)]


def _silent_edition(front: Front, certified_by: str | None) -> Edition:
    article = front.article
    claims = silent_claims(front, certified_by)
    nothing_unspoken: tuple[Omission, ...] = ()
    colophon = pronounced(colophon_page(article, claims, (), nothing_unspoken, certified_by), front.lexicon)
    return Edition(
        article.metadata,
        (*front.pages, colophon),
        article.resources,
        front.picture,
        claims,
        certified_by,
        lexicon=front.lexicon,
    )


def _marked(pages: Sequence[Page], front: Front, settings: Settings) -> tuple[Page, ...]:
    """Cover, texts and colophon with an id on every sentence, each text by its own listening plan."""
    from packager.speech.script import write_script

    marked: list[Page] = []
    number = 1
    for page, listening in zip(pages, [*listening_of_pages(front, settings), Listening()], strict=True):
        script = write_script([page], listening, front.lexicon, number)
        marked += script.pages
        number += len(script.sentences)
    return tuple(marked)
