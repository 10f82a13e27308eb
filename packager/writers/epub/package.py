"""Pages, pictures and, where there is one, a narration → one EPUB file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ebooklib import epub

from packager.files import write_whole
from packager.languages import is_right_to_left
from packager.model import (
    EMPTY_LEXICON,
    Claims,
    Lexicon,
    Metadata,
    Narration,
    Page,
    Region,
    Resource,
    Sentence,
)
from packager.pls import MEDIA_TYPE as LEXICON_TYPE
from packager.pls import lexicon_document
from packager.writers.epub.documents import document, file_name, lexicon_name
from packager.writers.epub.ebooklib_faults import Book, RawItem, StreamedItem, Writer
from packager.writers.epub.metadata import (
    add_accessibility,
    add_bibliography,
    add_narration,
    modified,
    overlay_id,
)
from packager.writers.epub.navigation import NAV_FILE, nav_document, ncx_entries, table_of_contents
from packager.writers.epub.overlay import audio_name, overlay, overlay_name

_PREFIXES = (
    "a11y: http://www.idpf.org/epub/vocab/package/a11y/#",
    "media: http://www.idpf.org/epub/vocab/overlays/#",
    "schema: http://schema.org/",
)


MATHML = "http://www.w3.org/1998/Math/MathML"


@dataclass(frozen=True)
class Voiced:
    """What a narrated edition has besides a silent one; `sound` gives the bytes of a page's MP3, piece by piece."""

    narration: Narration
    sound: Mapping[str, Callable[[], Iterator[bytes]]]
    sentences: Sequence[Sentence]
    regions: Sequence[Region]
    narrators: Sequence[str]
    disclosure: str


@dataclass(frozen=True)
class Edition:
    """All that goes into one EPUB; `lexicon` holds the pronunciations of words that occur in it.

    `styles` are files beside this one that are appended to the style sheet.
    """

    metadata: Metadata
    pages: Sequence[Page]
    resources: Sequence[Resource]
    cover: Resource
    claims: Claims
    certified_by: str | None = None
    voiced: Voiced | None = None
    lexicon: Lexicon = EMPTY_LEXICON
    styles: tuple[str, ...] = ()


def write_epub(edition: Edition, path: Path) -> None:
    """Put the EPUB at `path`, whole or not at all; the same edition gives the same bytes."""
    book = _book(edition)
    writer = Writer(book, edition.metadata.language, {"mtime": modified(edition.metadata), "epub2_guide": False})

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            writer.write_to(file)

    write_whole(path, write)


def _book(edition: Edition) -> Book:
    metadata, voiced = edition.metadata, edition.voiced
    book = Book()
    book.metadata.clear()
    book.prefixes = [prefix for prefix in _PREFIXES if _is_used(prefix, edition)]
    add_bibliography(book, metadata, narrated=voiced is not None)
    add_accessibility(book, edition.claims, edition.certified_by)
    if is_right_to_left(metadata.language):
        book.set_direction("rtl")
    entries = table_of_contents(edition.pages)
    nav = nav_document(edition.pages, entries, metadata.title, metadata.language)
    book.add_item(RawItem("nav", NAV_FILE, "application/xhtml+xml", nav, properties=("nav",)))
    book.add_item(epub.EpubNcx())
    book.toc = ncx_entries(entries)
    sheets = ("style.css", *(["highlight.css"] if voiced else []), *edition.styles)
    style = "".join((files("packager.writers.epub") / sheet).read_text("utf-8") for sheet in sheets)
    book.add_item(RawItem("style", "style.css", "text/css", style.encode()))
    _add_pages(book, edition)
    _add_lexicons(book, edition.lexicon)
    book.add_item(
        RawItem(
            "cover-image",
            edition.cover.name,
            edition.cover.media_type,
            edition.cover.data,
            properties=("cover-image",),
        )
    )
    for number, resource in enumerate(edition.resources, start=1):
        book.add_item(RawItem(f"picture-{number}", resource.name, resource.media_type, resource.data))
    if voiced:
        _add_narration(book, voiced)
    return book


def _is_used(prefix: str, edition: Edition) -> bool:
    name = prefix.split(":")[0]
    return (
        name == "schema"
        or (name == "a11y" and bool(edition.certified_by))
        or (name == "media" and bool(edition.voiced))
    )


def _add_pages(book: Book, edition: Edition) -> None:
    spoken = {track.page for track in edition.voiced.narration.tracks} if edition.voiced else set()
    for page in edition.pages:
        item = RawItem(
            page.name,
            file_name(page.name),
            "application/xhtml+xml",
            document(page, _languages(edition.lexicon)),
            properties=("mathml",) if MATHML in page.body else (),
            media_overlay=overlay_id(page.name) if page.name in spoken else None,
        )
        book.add_item(item)
        book.spine.append(item)


def _add_lexicons(book: Book, lexicon: Lexicon) -> None:
    """A file a language, as the standard has it."""
    for language in _languages(lexicon):
        lexemes = [lexeme for lexeme in lexicon.lexemes if lexeme.language == language]
        data = lexicon_document(lexemes, language)
        book.add_item(RawItem(f"pronunciation-{language}", lexicon_name(language), LEXICON_TYPE, data))


def _languages(lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lexeme.language for lexeme in lexicon.lexemes))


def _add_narration(book: Book, voiced: Voiced) -> None:
    add_narration(book, voiced.narration, voiced.narrators, voiced.disclosure)
    for track in voiced.narration.tracks:
        regions = {region.id: region for region in voiced.regions if region.page == track.page}
        smil = overlay(track, voiced.sentences, regions)
        book.add_item(RawItem(overlay_id(track.page), overlay_name(track), "application/smil+xml", smil))
        chunks = voiced.sound[track.page]
        book.add_item(StreamedItem(f"audio-{track.page}", audio_name(track), "audio/mpeg", chunks))
