"""The text of a built book, out of its EPUB, as HTML for one page: ids that are its own, links that lead inside it, no code."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from lxml import etree

from packager.delivery.shelf import Book
from packager.delivery.web.markup import direction_of
from packager.errors import SourceError
from packager.model import COVER, XHTML
from packager.xhtml import XML_LANG, local_name, parse, remove
from packager.zip_faults import ZIP_FAULTS

_FOLDER = "EPUB"
_PACKAGE = f"{_FOLDER}/content.opf"
_OPF = "{http://www.idpf.org/2007/opf}"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_TYPE = "{http://www.idpf.org/2007/ops}type"

_LARGEST_DOCUMENT = 64_000_000
_LARGEST_PICTURE = 100_000_000
_MOST_ENTRIES = 20_000
_PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"})

# The readers let none of these into a book; a damaged or foreign file shall not bring them onto the page either.
_DROPPED = frozenset("script style iframe frame object embed form base link meta title template noscript".split())
_IDREFS = frozenset("aria-labelledby aria-describedby headers for".split())
_SCHEMES = ("http://", "https://", "mailto:", "tel:")

_NAME = re.compile(r"[\w.-]+")

_FIRST_TURNED = 5
"""From this EXIF orientation on a picture is shown lying on its side."""

PART = 60
"""Blocks that a browser lays out together; what is far from the screen waits (`content-visibility`)."""


@dataclass(frozen=True)
class Chapter:
    """A document of the book: its name, and its blocks as a `<section>` of HTML that says its language and direction."""

    name: str
    section: etree._Element


@dataclass(frozen=True)
class Text:
    """All that the page takes out of the book; `contents` is the list of its headings as an `<ol>`."""

    identifier: str
    chapters: tuple[Chapter, ...]
    contents: etree._Element | None


Times = Mapping[tuple[str, str], tuple[float, float]]
"""Page and id of a sentence → where it begins and ends in the MP3, in seconds."""


def epub_of(book: Book) -> Path | None:
    """The EPUB that the text is taken from: the narrated one has ids on its sentences."""
    return book.files.get("narrated") or book.files.get("epub")


def read_text(book: Book, times: Times) -> Text:
    """The text of a book, each sentence that has a time marked with it. Raises `SourceError` for a damaged EPUB."""
    with _opened(book) as archive:
        package = parse(_read(archive, _PACKAGE, _LARGEST_DOCUMENT).decode("utf-8"))
        hrefs = {item.get("id"): item.get("href", "") for item in package.iter(f"{_OPF}item")}
        names = [hrefs[item.get("idref")].removesuffix(".xhtml") for item in package.iter(f"{_OPF}itemref")]
        read = [name for name in names if name != COVER]
        only_article = len([name for name in read if name.startswith("chapter-")]) == 0
        chapters = []
        for place, name in enumerate(read):
            document = parse(_read(archive, f"{_FOLDER}/{name}.xhtml", _LARGEST_DOCUMENT).decode("utf-8"))
            # The page has one heading of the first level: the article's own, or the title of the whole book.
            below = 0 if only_article and place == 0 else 1
            chapter = _chapter(document, name, below, times)
            _say_sizes(chapter.section, archive)
            chapters.append(chapter)
        identifier = package.findtext(f".//{_IDENTIFIER}") or book.slug
        return Text(identifier, tuple(chapters), _contents(archive))


def picture_types(book: Book) -> dict[str, str]:
    """The pictures inside the EPUB by their path in it, with their media types. Raises `SourceError` for a damaged EPUB."""
    with _opened(book) as archive:
        package = parse(_read(archive, _PACKAGE, _LARGEST_DOCUMENT).decode("utf-8"))
        there = set(archive.namelist())
        return {
            item.get("href", ""): item.get("media-type", "")
            for item in package.iter(f"{_OPF}item")
            if item.get("media-type") in _PICTURE_TYPES and f"{_FOLDER}/{item.get('href')}" in there
        }


def read_picture(book: Book, name: str) -> bytes:
    """One of `picture_types`. Raises `SourceError` for a damaged EPUB."""
    with _opened(book) as archive:
        return _read(archive, f"{_FOLDER}/{name}", _LARGEST_PICTURE)


@contextmanager
def _opened(book: Book) -> Iterator[ZipFile]:
    path = epub_of(book)
    if path is None:
        raise SourceError(f"“{book.folder}” holds no EPUB to show.", "Build that article again.")
    try:
        with ZipFile(path) as archive:
            if len(archive.infolist()) > _MOST_ENTRIES:
                raise ValueError(f"more than {_MOST_ENTRIES} files in it")
            yield archive
    except (BadZipFile, etree.XMLSyntaxError) as error:
        raise SourceError(f"“{path}” is damaged ({error}).", "Build that article again.") from None
    except (*ZIP_FAULTS, KeyError) as error:
        raise SourceError(f"“{path}” cannot be read ({error}).", "Build that article again.") from None


def _read(archive: ZipFile, name: str, most: int) -> bytes:
    if archive.getinfo(name).file_size > most:
        raise ValueError(f"“{name}” in it has more than {most // 1_000_000} MB")
    return archive.read(name)


def _chapter(document: etree._Element, name: str, below: int, times: Times) -> Chapter:
    body = document.find(f"{{{XHTML}}}body")
    if body is None:
        raise ValueError(f"“{name}” in it has no body")
    language = body.get("lang") or document.get("lang") or "und"
    direction = body.get("dir") or direction_of(language)
    etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    for element in list(body.iter(etree.Element)):
        if local_name(element) in _DROPPED:
            remove(element)
        else:
            _make_html(element, name, below, times)
    for table in list(body.iter("table")):
        _wrap([table], "wide")
    for block in list(body.iter("article", "section")):
        _part(block)
    body.tag = "section"
    body.attrib.clear()
    body.set("class", "chapter")
    body.set("id", name)
    body.set("lang", language)
    body.set("dir", direction)
    return Chapter(name, body)


def _make_html(element: etree._Element, page: str, below: int, times: Times) -> None:
    """One element of XHTML as HTML: names without namespaces, ids with the page before them, attributes that are safe."""
    name = local_name(element)
    element.tag = f"h{min(6, int(name[1]) + below)}" if name in ("h1", "h2", "h3", "h4", "h5", "h6") else name
    attributes = element.attrib
    own_id = attributes.get("id", "")
    language = attributes.get(XML_LANG)
    for key in [key for key in attributes if key[0] == "{" or key.startswith("on") or key in ("style", "srcset")]:
        del attributes[key]
    if language and "lang" not in attributes:
        attributes["lang"] = language
    if own_id:
        attributes["id"] = f"{page}-{own_id}"
    for key in _IDREFS & set(attributes):
        attributes[key] = " ".join(f"{page}-{one}" for one in attributes[key].split())
    if "href" in attributes:
        attributes["href"] = _link(attributes["href"], page)
    if name == "img":
        attributes["src"] = _inside(attributes.get("src", ""))
        attributes["loading"] = "lazy"
    if name == "aside" and "role" not in attributes:
        attributes["role"] = "note"
    if span := times.get((page, own_id)):
        attributes["data-begin"], attributes["data-end"] = (f"{second:.3f}" for second in span)


def _link(href: str, page: str) -> str:
    """Where a link of one document leads on the page that has all of them; "#" for what leads nowhere good."""
    if href.lower().startswith(_SCHEMES):
        return href
    target, _, anchor = href.partition("#")
    target = target.removesuffix(".xhtml") or page
    if not _NAME.fullmatch(target):
        return "#"
    return f"#{target}-{anchor}" if anchor else f"#{target}"


def _inside(source: str) -> str:
    """The path of a picture inside the book; "" for any other address."""
    path = posixpath.normpath(unquote(source))
    return source if path.startswith("pictures/") else ""


def _say_sizes(section: etree._Element, archive: ZipFile) -> None:
    """Say how large its pictures are: so the text below them stays where it is when they come."""
    from PIL import ExifTags, Image

    for element in section.iter("img"):
        if {"width", "height"} & set(element.attrib):
            continue
        # A drawing has no size of its own, and a damaged picture none that is known.
        with (
            suppress(OSError, ValueError, KeyError, Image.DecompressionBombError),
            archive.open(f"{_FOLDER}/{unquote(element.get('src', ''))}") as file,
            Image.open(file) as picture,
        ):
            # To look for it in a PNG would be to decode all of it, and cameras make none.
            turned = 1 if picture.format == "PNG" else picture.getexif().get(ExifTags.Base.Orientation, 1)
            is_turned = turned >= _FIRST_TURNED
            width, height = reversed(picture.size) if is_turned else picture.size
            element.set("width", str(width))
            element.set("height", str(height))


def _part(block: etree._Element) -> None:
    """Gather the many blocks of a long text into parts."""
    blocks = list(block)
    if len(blocks) < 3 * PART:
        return
    for start in range(0, len(blocks), PART):
        _wrap(blocks[start : start + PART], "part")


def _wrap(elements: list[etree._Element], kind: str) -> None:
    """Put neighbours into a `<div>` of this class."""
    wrapper = etree.Element("div", {"class": kind})
    elements[0].addprevious(wrapper)
    if len(elements) == 1:
        wrapper.tail, elements[0].tail = elements[0].tail, None
    wrapper.extend(elements)


def _contents(archive: ZipFile) -> etree._Element | None:
    """The list of the navigation document, its links turned to the page."""
    document = parse(_read(archive, f"{_FOLDER}/nav.xhtml", _LARGEST_DOCUMENT).decode("utf-8"))
    for nav in document.iter(f"{{{XHTML}}}nav"):
        listing = nav.find(f"{{{XHTML}}}ol")
        if nav.get(_TYPE) == "toc" and listing is not None:
            for element in listing.iter(etree.Element):
                _make_html(element, "", 0, {})
            return listing
    return None
