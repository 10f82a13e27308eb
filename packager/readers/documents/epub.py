"""EPUB 2 and 3 → `Draft`: the documents of the spine in one body, links between them made links inside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urlsplit

from lxml import etree

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.documents.archive import Archive, open_archive
from packager.readers.documents.epub_package import Item, Package, read_package
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_embedded,
    drop_languages,
    parse_page,
    parse_xml,
    without_head,
)
from packager.readers.draft import Draft
from packager.readers.notes import find_notes
from packager.readers.source import SourceFile
from packager.xhtml import remove, text_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TYPE = "{http://www.idpf.org/2007/ops}type"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_ENCRYPTED = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"
_MOST_TEXT = 60_000_000
"""Bytes of all chapters together."""

_MUCH_TEXT = 5_000
"""Characters that outweigh the language that a book declares: unlike an office file, its maker had to choose it."""

_ROLES = {
    "noteref": ("a", "doc-noteref"),
    "backlink": ("a", "doc-backlink"),
    "footnote": ("aside", "doc-footnote"),
    "endnote": ("aside", "doc-footnote"),
    "rearnote": ("aside", "doc-footnote"),
    "endnotes": ("section", "doc-endnotes"),
    "footnotes": ("section", "doc-endnotes"),
    "rearnotes": ("section", "doc-endnotes"),
    "epigraph": ("section", "doc-epigraph"),
    "pullquote": ("aside", "doc-pullquote"),
}
"""Structural semantics and the role that says the same, on the element that may have it."""


@dataclass
class _Book:
    """What is gathered while the spine is walked: chapters by path, pictures by path, what was left out."""

    name: str
    archive: Archive
    package: Package
    chapters: dict[str, tuple[int, etree._Element]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    omissions: list[Omission] = field(default_factory=list)
    drawn: int = 0


def read_epub(source: SourceFile) -> Draft:
    """All chapters of a book in reading order, its metadata and cover. Raises `SourceError`, also for a locked book."""
    archive = open_archive(source.name, source.data)
    package = read_package(source.name, archive)
    book = _Book(source.name, archive, package)
    _refuse_locked(book)
    _load_chapters(book)
    body = etree.Element("body")
    for path, (number, chapter) in book.chapters.items():
        _mend_chapter(book, path, number, chapter)
        body.append(_section(book, path, number, chapter, alone=len(book.chapters) == 1))
    book.omissions += drop_embedded(body)
    find_notes(body)
    fields = dict(package.fields)
    if subtitle := _subtitle(body):
        fields.setdefault("subtitle", subtitle)
    without_head(body, fields)
    language, notes = confirmed_language(str(fields.get("language") or "") or None, text_of(body), _MUCH_TEXT)
    if language:
        fields["language"] = language
        drop_languages(body, language)
    if package.cover and (cover := archive.find(package.cover)):
        book.pictures[cover] = archive.read(cover)
        fields["cover"] = cover
    return Draft(as_markup(body), fields, tuple(book.omissions), (*package.notes, *notes), book.pictures)


def _refuse_locked(book: _Book) -> None:
    part = "META-INF/encryption.xml"
    if part not in book.archive:
        return
    locked = {
        unquote(reference.get("URI", ""))
        for reference in parse_xml(book.name, part, book.archive.read(part)).iter(_ENCRYPTED)
    }
    if locked & {item.path for item in book.package.spine}:
        raise SourceError(
            f"{book.name} is locked by its publisher (DRM).", "Get a copy without a lock from where you bought it."
        )


def _subtitle(body: etree._Element) -> str | None:
    """What the title page has under its title; many books do not say it anywhere else."""
    named = (block for block in body[0].iter("p", *_HEADINGS) if "subtitle" in (block.get("class") or "").split())
    return next((text_of(block) for block in named if text_of(block)), None)


def _load_chapters(book: _Book) -> None:
    """The pages of the spine that have words; a table of contents, a cover and missing pages are listed."""
    missing = []
    read = 0
    for item in book.package.spine:
        path = book.archive.find(item.path)
        read += book.archive.size(path) if path else 0
        if read > _MOST_TEXT:
            raise SourceError(
                f"{book.name} has more than {_MOST_TEXT // 1_000_000} MB of text.",
                "Split it into parts and build each.",
            )
        if path is None:
            missing.append(item.path)
        elif item.path == book.package.navigation:
            book.omissions.append(Omission("Table of contents", "the book that is made has its own"))
        elif path not in book.chapters and (body := _body(book, path, item)) is not None:
            book.chapters[path] = len(book.chapters) + 1, body
    if missing:
        names = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
        book.omissions.append(Omission(f"Chapters: {len(missing)} ({names})", "they are missing in the file"))
    if not book.chapters:
        what = "its pages are missing" if missing else "it has no pages"
        raise SourceError(f"{book.name} is damaged: {what}.", "Get the book anew from where you have it.")


def _body(book: _Book, path: str, item: Item) -> etree._Element | None:
    if item.media_type.startswith("image/"):
        body = etree.Element("body")
        etree.SubElement(body, "img", src=posixpath.basename(path), alt="")
        return body
    root = parse_page(book.name, path, book.archive.read(path))
    body = root if root.tag == "body" else root.find(".//body")
    if body is None:
        return None
    if language := body.get("lang") or root.get("lang"):
        body.set("lang", language)
    for outer in list(body.iter("nav")):
        if set((outer.get(_TYPE) or "").split()) & {"toc", "landmarks", "page-list"}:
            remove(outer)
    pictures = [image for image in body.iter("img", "image") if image.getparent() is not None]
    named = {_resolved(path, image.get("src") or image.get(_XLINK) or "") for image in pictures}
    is_cover = item.is_cover or "cover" in (body.get(_TYPE) or "").split() or named <= {book.package.cover}
    return None if is_cover and not text_of(body) else body


def _section(book: _Book, path: str, number: int, body: etree._Element, alone: bool) -> etree._Element:
    """A chapter as a section that begins with a heading of its depth in the table of contents."""
    depth, title = book.package.contents.get(path, (1, ""))
    headings = [heading for heading in body.iter(*_HEADINGS) if text_of(heading)]
    if headings:
        shift = depth - min(int(heading.tag[1]) for heading in headings)
        for heading in headings:
            heading.tag = f"h{min(max(int(heading.tag[1]) + shift, 1), 6)}"
    elif title and not alone:
        heading = etree.Element(f"h{min(depth, 6)}")
        heading.text, heading.tail = title, body.text
        body.text = None
        body.insert(0, heading)
    body.tag = "section"
    body.attrib.pop("role", None)
    body.set("id", body.get("id") or f"c{number}-top")
    return body


def _mend_chapter(book: _Book, path: str, number: int, body: etree._Element) -> None:
    for element in list(body.iter(etree.Element)):
        kinds = (element.get(_TYPE) or "").split()
        if "pagebreak" in kinds or element.get("role") == "doc-pagebreak":
            element.text = None
            remove(element)
            continue
        for name, role in (_ROLES[kind] for kind in kinds if kind in _ROLES):
            if element.tag == name or (element.tag in ("div", "section", "aside", "p") and name != "a"):
                element.tag = name
                element.set("role", role)
        if anchor := element.get("id") or (element.get("name") if element.tag == "a" else None):
            element.set("id", f"c{number}-{anchor}")
        if href := element.get("href"):
            element.set("href", _address(book, path, number, href))
        if element.tag == "img":
            _take_picture(book, path, element, element.get("src", ""))
    for drawing in list(body.iter("svg")):
        _take_drawing(book, path, drawing)


def _address(book: _Book, path: str, number: int, href: str) -> str:
    """Where a link leads in the one body that the chapters become."""
    if _leads_out(href):
        return href
    page, anchor = urldefrag(href)
    target = book.archive.find(_resolved(path, page)) if page else path
    if target not in book.chapters:
        return ""
    number, body = book.chapters[target] if page else (number, book.chapters[path][1])
    return f"#c{number}-{unquote(anchor)}" if anchor else f"#{body.get('id') or f'c{number}-top'}"


def _leads_out(href: str) -> bool:
    """Whether an address leads out of the book."""
    try:
        return bool(urlsplit(href).scheme)
    except ValueError:
        return True


def _take_picture(book: _Book, path: str, image: etree._Element, address: str) -> None:
    if _leads_out(address) or not address:
        return
    name = book.archive.find(_resolved(path, address))
    if name is None:
        book.pictures[_resolved(path, address)] = b""
    elif name not in book.pictures:
        book.pictures[name] = book.archive.read(name)
    image.set("src", name or _resolved(path, address))


def _take_drawing(book: _Book, path: str, drawing: etree._Element) -> None:
    """A drawing in the page becomes a picture; one that only frames a picture gives way to it."""
    image = etree.Element("img", alt=_description(drawing))
    inner = list(drawing.iter("image"))
    shapes = [part for part in drawing.iter(etree.Element) if part.tag not in ("svg", "image", "title", "desc", "g")]
    if len(inner) == 1 and not shapes:
        _take_picture(book, path, image, inner[0].get(_XLINK) or inner[0].get("href") or "")
    else:
        book.drawn += 1
        name = f"drawing-{book.drawn}.svg"
        book.pictures[name] = _standing_alone(drawing)
        image.set("src", name)
    image.tail = drawing.tail
    parent = drawing.getparent()
    if parent is not None:
        parent.replace(drawing, image)


def _standing_alone(drawing: etree._Element) -> bytes:
    tail, drawing.tail = drawing.tail, None
    for element in drawing.iter(etree.Element):
        element.tag = "{http://www.w3.org/2000/svg}" + element.tag
    data = bytes(etree.tostring(drawing, encoding="utf-8"))
    drawing.tail = tail
    return data


def _description(drawing: etree._Element) -> str:
    given = drawing.get("aria-label") or next(_texts(drawing, "desc"), "") or next(_texts(drawing, "title"), "")
    return " ".join(given.split())


def _texts(drawing: etree._Element, name: str) -> Iterator[str]:
    return (text_of(element) for element in drawing.iter(name) if text_of(element))


def _resolved(path: str, address: str) -> str:
    """The path in the archive that an address in a page names."""
    plain = unquote(re.sub(r"[?#].*", "", address, flags=re.S))
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), plain)).lstrip("/")
