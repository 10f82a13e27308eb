"""The article's page: a header with title, subtitle, byline and date, then the body with an anchor on every heading."""

from __future__ import annotations

from lxml import etree

from packager.dates import readable_date
from packager.model import XHTML, Article, Metadata, Page
from packager.words import has_words, joined_names, own_language, word
from packager.xhtml import elements, parse, serialise, set_language, sub

TITLE_ANCHOR = "title"


def article_page(article: Article, name: str = "article") -> Page:
    """The page of an article: what the spine is about."""
    metadata = article.metadata
    content = parse(article.body)
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    if direction := content.get("dir"):
        body.set("dir", direction)
    main = sub(body, "article", aria_labelledby=TITLE_ANCHOR)
    _add_header(main, metadata)
    main.extend(list(content))
    for note in main.iter(f"{{{XHTML}}}aside"):
        if note.get("role") == "note":
            note.set("aria-label", word("about_author", metadata.language))
    for number, section in enumerate(main.iter(f"{{{XHTML}}}section"), start=1):
        if section.get("role") == "doc-endnotes":
            _title_notes(section, metadata.language, number)
    for number, heading in enumerate(elements(body, "h2", "h3", "h4", "h5", "h6"), start=1):
        if heading.get("id") is None:
            heading.set("id", f"h{number:03}")
    return Page(name, metadata.title, metadata.language, serialise(body))


def _add_header(main: etree._Element, metadata: Metadata) -> None:
    header = sub(main, "header", class_="title-page")
    sub(header, "h1", metadata.title, class_="title", id=TITLE_ANCHOR)
    if metadata.subtitle:
        sub(header, "p", metadata.subtitle, class_="subtitle", role="doc-subtitle")
    if metadata.authors:
        language = own_language(metadata.language)
        names = joined_names(metadata.authors, language)
        line = sub(header, "p", class_="byline")
        if has_words(metadata.language):
            line.text = word("by", language, names=names)
        else:
            line.text = ", ".join(metadata.authors)
    if metadata.date:
        dated = sub(header, "p", class_="byline")
        sub(dated, "time", readable_date(metadata.date, metadata.language), datetime=metadata.date)


def _title_notes(section: etree._Element, language: str, number: int) -> None:
    heading = etree.Element(f"{{{XHTML}}}h2", {"id": f"notes-{number}"})
    heading.text = word("notes", language)
    if not has_words(language):
        set_language(heading, "en")
    section.insert(0, heading)
    section.set("aria-labelledby", f"notes-{number}")
