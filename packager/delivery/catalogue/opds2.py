"""OPDS 2.0, the living standard: JSON, with the accessibility metadata in their own place."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

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
from packager.delivery.catalogue.telling import claims_of, described
from packager.delivery.shelf import Book

FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"
_ACQUIRE = "http://opds-spec.org/acquisition/open-access"
_SHOWN_AT_ROOT = 12
_Json = dict[str, Any]


def root_feed(index: Index, links: Links) -> bytes:
    """Where an app begins: the ways on, and the newest books at once."""
    feed = _feed(index, links, index.title, links.root("2"))
    feed["navigation"] = _navigation(links, ways_from_root(index))
    if newest := index.shelf.books[:_SHOWN_AT_ROOT]:
        group = {
            "metadata": {"title": "Newest", "numberOfItems": len(index.shelf.books)},
            "links": [{"rel": "self", "href": links.books("2"), "type": FEED}],
            "publications": [_publication(index, links, book) for book in newest],
        }
        feed["groups"] = [group]
    return _document(feed)


def names_feed(index: Index, links: Links, names: str) -> bytes:
    """All authors, or all languages."""
    feed = _feed(index, links, title_of_names(index, names), links.names("2", names))
    feed["navigation"] = _navigation(links, ways_by_name(index, names)) or _way_to_all(links)
    return _document(feed)


def books_feed(index: Index, links: Links, selection: Selection) -> bytes:
    """One page of books."""

    def page(number: int) -> str:
        return links.books("2", **selection.turned_to(number).parameters)

    found = index.find(selection)
    feed = _feed(index, links, title_of(index, selection), page(selection.page))
    feed["metadata"]["numberOfItems"] = found.total
    if found.last > 1:
        feed["metadata"] |= {"itemsPerPage": PAGE, "currentPage": selection.page}
        turned = {"first": 1, "last": found.last}
        if 1 < selection.page <= found.last:
            turned["previous"] = selection.page - 1
        if selection.page < found.last:
            turned["next"] = selection.page + 1
        feed["links"] += [{"rel": rel, "href": page(number), "type": FEED} for rel, number in turned.items()]
    if facets := facets_of(index, selection):
        feed["facets"] = [
            {"metadata": {"title": group}, "links": [_facet(links, way) for way in ways]} for group, ways in facets
        ]
    if found.books:
        feed["publications"] = [_publication(index, links, book) for book in found.books]
    else:
        # A feed must have something, and a list of books cannot be empty.
        feed["navigation"] = _way_to_all(links)
    return _document(feed)


def book_entry(index: Index, links: Links, book: Book) -> bytes:
    """One book alone."""
    return _document(_publication(index, links, book))


def _feed(index: Index, links: Links, title: str, address: str) -> _Json:
    return {
        "metadata": {"title": title, "modified": timestamp(index.updated)},
        "links": [
            {"rel": "self", "href": address, "type": FEED},
            {"rel": "start", "href": links.root("2"), "type": FEED},
            {"rel": "search", "href": f"{links.books('2')}{{?query}}", "type": FEED, "templated": True},
        ],
    }


def _navigation(links: Links, ways: list[Way]) -> list[_Json]:
    return [
        {
            "title": way.title,
            "rel": way.relation or "subsection",
            "href": links.books("2", **way.selection.parameters) if way.selection else links.names("2", way.names),
            "type": FEED,
            "properties": {"numberOfItems": way.count},
        }
        for way in ways
    ]


def _way_to_all(links: Links) -> list[_Json]:
    return [{"title": "All books", "rel": "subsection", "href": links.books("2"), "type": FEED}]


def _facet(links: Links, way: Way) -> _Json:
    parameters = way.selection.parameters if way.selection else {}
    link: _Json = {"title": way.title, "href": links.books("2", **parameters), "type": FEED}
    if way.is_active:
        link["rel"] = "self"
    if way.count:
        link["properties"] = {"numberOfItems": way.count}
    return link


def _publication(index: Index, links: Links, book: Book) -> _Json:
    offers = [
        {
            "rel": _ACQUIRE,
            "href": links.file(book, offer.name),
            "type": offer.media_type,
            "title": offer.title,
            "size": offer.size,
        }
        for offer in offers_of(book)
    ]
    publication: _Json = {
        "metadata": _metadata(index, book),
        "links": [
            {"rel": "self", "href": links.entry("2", book), "type": PUBLICATION},
            *offers,
            {"rel": "alternate", "href": links.page(book), "type": "text/html"},
        ],
    }
    if "epub" in book.files or "narrated" in book.files:
        publication["images"] = [
            {"rel": "http://opds-spec.org/image", "href": links.cover(book), "type": "image/jpeg"},
            {"rel": "http://opds-spec.org/image/thumbnail", "href": links.thumbnail(book), "type": "image/jpeg"},
        ]
    return publication


def _metadata(index: Index, book: Book) -> _Json:
    known = book.metadata
    found: _Json = {
        "@type": "http://schema.org/Article",
        "title": known.title,
        "subtitle": known.subtitle,
        "identifier": index.identifier(book),
        "modified": timestamp(book.made),
        "published": known.date if _is_day(known.date) else None,
        "language": known.language,
        "author": [{"name": author} for author in known.authors],
        "narrator": [{"name": voice} for voice in book.voices],
        "publisher": known.publisher,
        "subject": list(known.subjects),
        "description": described(book),
        "duration": book.duration,
        "accessibility": _accessibility(book),
    }
    if known.series:
        found["belongsTo"] = {"series": {"name": known.series} | _position(known.series_index)}
    return {name: value for name, value in found.items() if value}


def _accessibility(book: Book) -> _Json:
    """Readium's form of the same terms: what is sufficient only together stands in a list of its own."""
    claims = claims_of(book)
    sufficient: list[str | list[str]] = [
        parts if len(parts := one.replace(" ", "").split(",")) > 1 else one
        for one in claims.get("accessModeSufficient", [])
    ]
    found = {
        "accessMode": claims.get("accessMode"),
        "accessModeSufficient": sufficient,
        "feature": claims.get("accessibilityFeature"),
        "hazard": claims.get("accessibilityHazard"),
        "summary": " ".join(claims.get("accessibilitySummary", [])),
    }
    return {name: value for name, value in found.items() if value}


def _position(number: str | None) -> _Json:
    try:
        position = float(number or "")
    except ValueError:
        return {}
    # JSON has no words for infinity.
    return {"position": position} if math.isfinite(position) else {}


def _is_day(text: str | None) -> bool:
    try:
        # Python reads weeks and dates without hyphens too.
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _document(value: _Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
