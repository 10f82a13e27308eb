"""The first page of the site: the list of articles, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml import etree

from packager.dates import readable_date
from packager.delivery.shelf import Book
from packager.delivery.web.downloads import download_list
from packager.delivery.web.interface import interface_language, language_name, length, words
from packager.delivery.web.markup import E, accessibility_note, direction_of, hidden_title, joined, page
from packager.words import joined_names

INDEX = "index.html"
_MANY = 8
"""From so many articles on there is a field to search in."""


def list_name(number: int) -> str:
    """The file of a page of the list, counted from 1."""
    return INDEX if number == 1 else f"list-{number}.html"


def shelf_page(books: Sequence[Book], number: int = 1, count: int = 1) -> bytes:
    """A page of the list as HTML, in the language that most of its articles have, as far as the page speaks it."""
    counted = Counter(interface_language(book.metadata.language) for book in books)
    language = counted.most_common(1)[0][0] if counted else "en"
    own = words(language)
    listing = E.ol({"class": "shelf", "id": "shelf"}, *(_entry(book, language) for book in books))
    main = E.main({"class": "shelf-page"}, E.h1(own["articles"]))
    if not books:
        main.append(E.p(own["no_articles"]))
    if count == 1 and len(books) >= _MANY:
        main.append(_search(own))
    main.append(listing)
    if count > 1:
        main.append(_pages(number, count, own))
    footer = E.footer({"class": "foot"}, E.p(own["made_by"]))
    styles = ("base.css", "shelf.css")
    return page(own["articles"], language, "", styles, ("shelf.js",), E.body(main, footer))


def _pages(number: int, count: int, own: dict[str, str]) -> etree._Element:
    """The way to the other pages of the list."""
    listing = E.ul()
    for other in sorted({1, number - 1, number, number + 1, count} & set(range(1, count + 1))):
        link = E.a({"href": list_name(other), "aria-label": own["page"].format(n=other)}, str(other))
        if other == number:
            link.set("aria-current", "page")
        listing.append(E.li(link))
    return E.nav({"class": "pages", "aria-label": own["pages"]}, listing)


def _search(own: dict[str, str]) -> etree._Element:
    return E.p(
        {"class": "search needs-script"},
        E.label({"for": "find"}, own["find"]),
        E.input({"type": "search", "id": "find", "autocomplete": "off"}),
        E.span({"role": "status", "id": "found", "data-text": own["found"]}),
    )


def _entry(book: Book, language: str) -> etree._Element:
    own, metadata = words(language), book.metadata
    folder = f"{book.slug}/"
    local = {"lang": metadata.language, "dir": direction_of(metadata.language)}
    text = E.div(
        {"class": "about"},
        E.h2(local, E.a({"href": f"{folder}index.html"}, metadata.title)),
    )
    if metadata.subtitle:
        text.append(E.p({"class": "subtitle", **local}, metadata.subtitle))
    if metadata.authors:
        names = joined_names(metadata.authors, language)
        text.append(E.p({"class": "byline"}, own["by"].format(names=names)))
    facts = (
        readable_date(metadata.date, interface_language(language)) if metadata.date else "",
        own["listen"].format(length=length(book.duration, language)) if book.duration else "",
        language_name(metadata.language, language),
    )
    text.append(E.p({"class": "facts"}, joined(facts)))
    if metadata.description:
        text.append(E.p({"class": "description", **local}, metadata.description))
    text.append(download_list(book, language, folder))
    if (note := accessibility_note(book, with_voices=True)) is not None:
        label = E.summary(own["accessibility"], hidden_title(metadata))
        text.append(E.details({"class": "claims"}, label, note))
    cover = E.img({"src": f"{folder}cover.jpg", "alt": "", "width": "120", "height": "180", "loading": "lazy"})
    return E.li(E.article({"class": "entry"}, E.div({"class": "cover"}, cover), text))
