"""Article → the editions of the book, silent and narrated, as the writers want them."""

from __future__ import annotations

from pathlib import Path

from packager.model import Article, Omission, Page, Resource
from packager.pages.article import article_page
from packager.pages.claims import derive_claims
from packager.pages.colophon import colophon_page
from packager.pages.cover import can_draw, cover_page, cover_picture
from packager.writers.epub.package import Edition, write_epub


def front_pages(article: Article) -> tuple[tuple[Page, Page], Resource]:
    """The cover and the article as pages, and the cover's picture."""
    picture = cover_picture(article)
    return (cover_page(article, picture), article_page(article)), picture


def cover_notes(article: Article) -> tuple[str, ...]:
    """What is to be said about the cover."""
    if article.cover or can_draw(article.metadata.title):
        return ()
    return ("no font at hand has the letters of the title, so the cover shows none (give a picture with --cover)",)


def write_silent_edition(article: Article, certified_by: str | None, path: Path) -> None:
    """The EPUB for every e-reader: text, pictures, no sound."""
    pages, picture = front_pages(article)
    claims = derive_claims(article, narrated=False)
    nothing_unspoken: tuple[Omission, ...] = ()
    colophon = colophon_page(article, claims, (), nothing_unspoken, certified_by)
    write_epub(Edition(article.metadata, (*pages, colophon), article.resources, picture, claims, certified_by), path)
