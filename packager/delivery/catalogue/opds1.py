"""OPDS 1.2: Atom feeds, which nearly every reading app takes. (OPDS Catalog 1.2; RFC 4287; OpenSearch 1.1)"""

from __future__ import annotations

from lxml import etree

from packager.delivery.catalogue.elements import add, document, set_attribute
from packager.delivery.catalogue.index import PAGE, Index, Selection
from packager.delivery.catalogue.links import Links
from packager.delivery.catalogue.lists import (
    Way,
    facets_of,
    timestamp,
    title_of,
    title_of_names,
    ways_by_name,
    ways_from_root,
)
from packager.delivery.catalogue.products import offers_of
from packager.delivery.catalogue.telling import claims_of, described, series_of
from packager.delivery.shelf import Book

NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
OPEN_SEARCH = "application/opensearchdescription+xml"
_ACQUIRE = "http://opds-spec.org/acquisition/open-access"

# Some apps look for these very prefixes.
_NAMESPACES = {
    None: "http://www.w3.org/2005/Atom",
    "dcterms": "http://purl.org/dc/terms/",
    "opds": "http://opds-spec.org/2010/catalog",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "schema": "http://schema.org/",
    "thr": "http://purl.org/syndication/thread/1.0",
}


def root_feed(index: Index, links: Links) -> bytes:
    """Where an app begins."""
    feed = _feed(index, links, "root", index.title, links.root("1"), NAVIGATION)
    _add_ways(feed, index, links, ways_from_root(index))
    return document(feed)


def names_feed(index: Index, links: Links, names: str) -> bytes:
    """All authors, or all languages."""
    feed = _feed(index, links, names, title_of_names(index, names), links.names("1", names), NAVIGATION)
    _link(feed, "up", links.root("1"), NAVIGATION)
    _add_ways(feed, index, links, ways_by_name(index, names))
    return document(feed)


def books_feed(index: Index, links: Links, selection: Selection) -> bytes:
    """One page of books."""

    def page(number: int) -> str:
        return links.books("1", **selection.turned_to(number).parameters)

    found = index.find(selection)
    name = f"books {sorted(selection.parameters.items())}"
    feed = _feed(index, links, name, title_of(index, selection), page(selection.page), ACQUISITION)
    _link(feed, "up", links.root("1"), NAVIGATION)
    add(feed, "opensearch:totalResults", str(found.total))
    if found.last > 1:
        add(feed, "opensearch:itemsPerPage", str(PAGE))
        add(feed, "opensearch:startIndex", str((selection.page - 1) * PAGE + 1))
        _link(feed, "first", page(1), ACQUISITION)
        _link(feed, "last", page(found.last), ACQUISITION)
    if 1 < selection.page <= found.last:
        _link(feed, "previous", page(selection.page - 1), ACQUISITION)
    if selection.page < found.last:
        _link(feed, "next", page(selection.page + 1), ACQUISITION)
    for group, ways in facets_of(index, selection):
        for way in ways:
            _add_facet(feed, links, group, way)
    for book in found.books:
        _fill_entry(add(feed, "entry"), index, links, book)
    return document(feed)


def book_entry(index: Index, links: Links, book: Book) -> bytes:
    """One book alone."""
    entry = etree.Element(f"{{{_NAMESPACES[None]}}}entry", nsmap=_NAMESPACES)
    _fill_entry(entry, index, links, book)
    _link(entry, "self", links.entry("1", book), ENTRY)
    return document(entry)


def search_description(index: Index, links: Links) -> bytes:
    """How the catalogue is searched."""
    space = "http://a9.com/-/spec/opensearch/1.1/"
    root = etree.Element(f"{{{space}}}OpenSearchDescription", nsmap={None: space})
    # 16 and 1024 characters are the most that the specification allows.
    add(root, "ShortName", index.title[:16])
    add(root, "Description", f"Searches titles, authors, subjects and descriptions in {index.title}."[:1024])
    add(root, "InputEncoding", "UTF-8")
    add(root, "OutputEncoding", "UTF-8")
    add(root, "Url", type=ACQUISITION, template=f"{links.books('1')}?query={{searchTerms}}")
    return document(root)


def _feed(index: Index, links: Links, name: str, title: str, address: str, kind: str) -> etree._Element:
    feed = etree.Element(f"{{{_NAMESPACES[None]}}}feed", nsmap=_NAMESPACES)
    add(feed, "id", index.own_identifier(f"opds1 {name}"))
    add(feed, "title", title)
    add(feed, "updated", timestamp(index.updated))
    add(add(feed, "author"), "name", "Packager")
    _link(feed, "self", address, kind)
    _link(feed, "start", links.root("1"), NAVIGATION)
    _link(feed, "search", links.search_description(), OPEN_SEARCH)
    return feed


def _add_ways(feed: etree._Element, index: Index, links: Links, ways: list[Way]) -> None:
    for way in ways:
        address = links.books("1", **way.selection.parameters) if way.selection else links.names("1", way.names)
        noun = "book" if way.selection else way.names.removesuffix("s")
        entry = add(feed, "entry")
        add(entry, "id", index.own_identifier(f"opds1 way {way.title}"))
        add(entry, "title", way.title)
        add(entry, "updated", timestamp(index.updated))
        add(entry, "content", f"{way.count} {noun}{'' if way.count == 1 else 's'}", type="text")
        kind = ACQUISITION if way.selection else NAVIGATION
        link = _link(entry, way.relation or "subsection", address, kind)
        set_attribute(link, "thr:count", str(way.count))


def _add_facet(feed: etree._Element, links: Links, group: str, way: Way) -> None:
    if way.selection is None:
        return
    address = links.books("1", **way.selection.parameters)
    link = _link(feed, "http://opds-spec.org/facet", address, ACQUISITION, title=way.title)
    set_attribute(link, "opds:facetGroup", group)
    if way.is_active:
        set_attribute(link, "opds:activeFacet", "true")
    if way.count:
        set_attribute(link, "thr:count", str(way.count))


def _fill_entry(entry: etree._Element, index: Index, links: Links, book: Book) -> None:
    known = book.metadata
    add(entry, "id", index.identifier(book))
    add(entry, "title", known.title)
    add(entry, "updated", timestamp(book.made))
    for author in known.authors:
        add(add(entry, "author"), "name", author)
    for subject in known.subjects:
        add(entry, "category", term=subject, label=subject)
    if known.rights:
        add(entry, "rights", known.rights)
    if known.description or known.subtitle:
        add(entry, "summary", known.description or known.subtitle or "", type="text")
    add(entry, "content", described(book), type="text")
    add(entry, "dcterms:identifier", index.identifier(book))
    add(entry, "dcterms:language", known.language)
    further = {
        "issued": known.date,
        "publisher": known.publisher,
        "source": known.source,
        "isPartOf": series_of(book),
    }
    for name, value in further.items():
        if value:
            add(entry, f"dcterms:{name}", value)
    for name, values in claims_of(book).items():
        for value in values:
            add(entry, f"schema:{name}", value)
    _link(entry, "alternate", links.entry("1", book), ENTRY)
    _link(entry, "alternate", links.page(book), "text/html", title="Read and listen in the browser")
    for offer in offers_of(book):
        address = links.file(book, offer.name)
        _link(entry, _ACQUIRE, address, offer.media_type, title=offer.title, length=str(offer.size))
    if "epub" in book.files or "narrated" in book.files:
        _link(entry, "http://opds-spec.org/image", links.cover(book), "image/jpeg")
        _link(entry, "http://opds-spec.org/image/thumbnail", links.thumbnail(book), "image/jpeg")


def _link(parent: etree._Element, relation: str, address: str, media_type: str, **more: str) -> etree._Element:
    return add(parent, "link", rel=relation, href=address, type=media_type, **more)
