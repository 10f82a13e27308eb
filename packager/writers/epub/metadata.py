"""What the package document says of the book (EPUB 3.3, section 5; schema.org and a11y vocabularies)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from packager import __version__
from packager.identity import identifier
from packager.model import Claims, Metadata, Narration
from packager.words import has_words, own_language
from packager.writers.epub.ebooklib_faults import Book
from packager.writers.epub.overlay import clock
from packager.xhtml import XML_LANG

ACTIVE_CLASS = "-epub-media-overlay-active"
PLAYING_CLASS = "-epub-media-overlay-playing"
CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


def modified(metadata: Metadata) -> datetime:
    """`SOURCE_DATE_EPOCH`, which the settings have examined, else the article's date: the clock would change every build."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    year, month, day, *_ = [*(int(part) for part in (metadata.date or "2000").split("-")), 1, 1]
    return datetime(max(year, 1), month, day, tzinfo=UTC)


def add_bibliography(book: Book, metadata: Metadata, narrated: bool) -> None:
    """Title, authors, date and the rest, refined as EPUB 3 does it."""
    book.set_identifier(identifier(metadata, narrated))
    book.set_title(metadata.title)
    book.metadata["http://purl.org/dc/elements/1.1/"]["title"] = [(metadata.title, {"id": "title"})]
    _refine(book, "title", "title-type", "main")
    book.set_language(metadata.language)
    if metadata.subtitle:
        book.add_metadata("DC", "title", metadata.subtitle, {"id": "subtitle"})
        _refine(book, "subtitle", "title-type", "subtitle")
    for number, author in enumerate(metadata.authors, start=1):
        book.add_metadata("DC", "creator", author, {"id": f"author-{number}"})
        _refine(book, f"author-{number}", "role", "aut", scheme="marc:relators")
        _refine(book, f"author-{number}", "file-as", sorting_name(author))
        _refine(book, f"author-{number}", "display-seq", str(number))
    simple = {
        "date": metadata.date,
        "description": metadata.description,
        "publisher": metadata.publisher,
        "source": metadata.source,
        "rights": metadata.rights,
    }
    for name, value in simple.items():
        if value:
            book.add_metadata("DC", name, value)
    for subject in metadata.subjects:
        book.add_metadata("DC", "subject", subject)
    if metadata.series:
        _meta(book, "belongs-to-collection", metadata.series, id="series")
        _refine(book, "series", "collection-type", "series")
        if metadata.series_index:
            _refine(book, "series", "group-position", metadata.series_index)
    book.add_metadata("DC", "contributor", f"Packager {__version__}", {"id": "maker"})
    _refine(book, "maker", "role", "bkp", scheme="marc:relators")


def add_accessibility(book: Book, claims: Claims, certified_by: str | None) -> None:
    """The claims, and a conformance only where somebody is named who examined it."""
    values = {
        "accessMode": claims.access_modes,
        "accessModeSufficient": claims.sufficient,
        "accessibilityFeature": claims.features,
        "accessibilityHazard": claims.hazards,
    }
    for name, entries in values.items():
        for entry in entries:
            _meta(book, f"schema:{name}", entry)
    # What is not tagged is in the language of the package, which is the article's.
    tag = {} if has_words(book.language) else {XML_LANG: own_language(book.language)}
    _meta(book, "schema:accessibilitySummary", f"{claims.summary} {claims.not_read}".strip(), **tag)
    if certified_by:
        _meta(book, "dcterms:conformsTo", CONFORMANCE, id="conformance")
        _refine(book, "conformance", "a11y:certifiedBy", certified_by)


def add_narration(book: Book, narration: Narration, narrators: Sequence[str], disclosure: str) -> None:
    """Durations, narrator, the class that marks the spoken sentence, and that the voice is synthetic."""
    for track in narration.tracks:
        _refine(book, overlay_id(track.page), "media:duration", clock(track.samples))
    _meta(book, "media:duration", clock(narration.samples))
    for name in narrators:
        _meta(book, "media:narrator", name)
    _meta(book, "media:active-class", ACTIVE_CLASS)
    _meta(book, "media:playback-active-class", PLAYING_CLASS)
    book.add_metadata("DC", "description", disclosure)


def overlay_id(page: str) -> str:
    """The manifest id of a page's overlay."""
    return f"overlay-{page}"


def sorting_name(name: str) -> str:
    """ "Helen Adams Keller" → "Keller, Helen Adams"; names of institutions ("The …") and single names stay."""
    words = name.split()
    if (
        len(words) < 2
        or words[0].lower() in ("the", "der", "die", "das", "la", "le", "les", "el", "los")
        or "," in name
    ):
        return name
    if not all(word[0].isupper() for word in words if word[0].isalpha()) or (
        not name.isascii() and not _is_latin(name)
    ):
        return name
    return f"{words[-1]}, {' '.join(words[:-1])}"


def _is_latin(name: str) -> bool:
    return all(ord(char) < 0x250 or not char.isalpha() for char in name)


def _meta(book: Book, name: str, value: str, **attributes: str) -> None:
    book.add_metadata("OPF", name, value, {"property": name, **attributes})


def _refine(book: Book, target: str, name: str, value: str, **attributes: str) -> None:
    book.add_metadata("OPF", f"{target}-{name}", value, {"refines": f"#{target}", "property": name, **attributes})
