"""The table of contents: one tree of entries, from which the nav document and the NCX are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ebooklib import epub
from lxml import etree

from packager.languages import is_right_to_left
from packager.model import COLOPHON, COVER, XHTML, Page
from packager.words import own_language, word
from packager.writers.epub.documents import EPUB, TYPE, file_name, serialised
from packager.xhtml import elements, local_name, parse, set_language, sub, text_of

NAV_FILE = "nav.xhtml"


@dataclass
class Entry:
    """A line of the table of contents, and those below it."""

    title: str
    href: str
    below: list[Entry] = field(default_factory=list)


def table_of_contents(pages: Sequence[Page]) -> list[Entry]:
    """The pages but the cover, the article's headings nested below it in reading order."""
    entries = []
    for page in pages:
        if page.name == COVER:
            continue
        entry = Entry(page.title, file_name(page.name))
        entries.append(entry)
        if page.name != COLOPHON:
            _add_headings(entry, parse(page.body), file_name(page.name))
    return entries


def nav_document(pages: Sequence[Page], entries: Sequence[Entry], title: str, language: str) -> bytes:
    """The EPUB navigation document: toc and landmarks."""
    own = own_language(language)
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": EPUB})
    set_language(root, own)
    head = sub(root, "head")
    sub(head, "meta", charset="utf-8")
    sub(head, "title", word("contents", own))
    sub(head, "link", rel="stylesheet", type="text/css", href="style.css")
    body = sub(root, "body")
    toc = sub(body, "nav", id="toc", role="doc-toc", aria_labelledby="toc-title")
    toc.set(TYPE, "toc")
    sub(toc, "h1", word("contents", own), id="toc-title")
    listing = _listed(toc, entries)
    if own != language:
        set_language(listing, language)
    if is_right_to_left(language):
        listing.set("dir", "rtl")
    landmarks = sub(body, "nav", id="landmarks", aria_labelledby="landmarks-title", hidden="hidden")
    landmarks.set(TYPE, "landmarks")
    sub(landmarks, "h2", word("landmarks", own), id="landmarks-title")
    marks = sub(landmarks, "ol")
    text_begins = next((page for page in pages if page.name not in (COVER, COLOPHON)), None)
    for page in pages:
        if page.name == COVER:
            _landmark(marks, file_name(COVER), "cover", word("cover", own, title=title))
        elif page.name == COLOPHON:
            _landmark(marks, file_name(COLOPHON), "backmatter", word("about_book", own))
        elif page is text_begins:
            _landmark(marks, file_name(page.name), "bodymatter", word("begin", own))
    return serialised(root)


def ncx_entries(entries: Sequence[Entry]) -> list[object]:
    """The same tree as EbookLib's NCX wants it, for reading systems of EPUB 2."""
    numbers = iter(range(1, 1_000_000))

    def converted(entry: Entry) -> object:
        link = epub.Link(entry.href, entry.title, f"np-{next(numbers)}")
        return (epub.Section(entry.title, entry.href), [converted(one) for one in entry.below]) if entry.below else link

    return [converted(entry) for entry in entries]


def _add_headings(entry: Entry, body: etree._Element, file: str) -> None:
    open_entries = [entry]
    for heading in elements(body, "h2", "h3", "h4", "h5", "h6"):
        level = int(local_name(heading)[1])
        while len(open_entries) >= level:
            open_entries.pop()
        below = Entry(_label(heading), f"{file}#{heading.get('id')}")
        open_entries[-1].below.append(below)
        open_entries.append(below)


def _label(heading: etree._Element) -> str:
    """The words of a heading, or those that stand for its picture."""
    return text_of(heading) or " ".join(filter(None, (image.get("alt") for image in elements(heading, "img"))))


def _listed(parent: etree._Element, entries: Sequence[Entry]) -> etree._Element:
    listing = sub(parent, "ol")
    for entry in entries:
        item = sub(listing, "li")
        sub(item, "a", entry.title, href=entry.href)
        if entry.below:
            _listed(item, entry.below)
    return listing


def _landmark(listing: etree._Element, href: str, semantics: str, label: str) -> None:
    link = sub(sub(listing, "li"), "a", label, href=href)
    link.set(TYPE, semantics)
