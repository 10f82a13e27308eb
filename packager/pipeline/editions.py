"""Article → the editions of the book, silent and narrated, as the writers want them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packager.model import Article, Omission, Page, Resource
from packager.pages.article import article_page
from packager.pages.claims import derive_claims
from packager.pages.colophon import colophon_page
from packager.pages.cover import can_draw, cover_page, cover_picture
from packager.writers.epub.package import Edition, write_epub


@dataclass(frozen=True)
class Front:
    """What all editions of an article begin with: the pages of the cover and the article, and the cover's picture."""

    article: Article
    pages: tuple[Page, Page]
    picture: Resource


def front_of(article: Article) -> Front:
    """Make it once for all editions: drawing the cover is a good part of the work."""
    picture = cover_picture(article)
    return Front(article, (cover_page(article, picture), article_page(article)), picture)


def cover_notes(article: Article) -> tuple[str, ...]:
    """What is to be said about the cover."""
    if article.cover or can_draw(article.metadata.title):
        return ()
    return ("no font at hand has the letters of the title, so the cover shows none (give a picture with --cover)",)


def write_silent_edition(front: Front, certified_by: str | None, path: Path) -> None:
    """The EPUB for every e-reader: text, pictures, no sound."""
    article = front.article
    claims = derive_claims(article, narrated=False, certified_by=certified_by)
    nothing_unspoken: tuple[Omission, ...] = ()
    colophon = colophon_page(article, claims, (), nothing_unspoken, certified_by)
    write_epub(
        Edition(article.metadata, (*front.pages, colophon), article.resources, front.picture, claims, certified_by),
        path,
    )
