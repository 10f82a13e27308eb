"""The package of an EPUB: its metadata, the order of its pages, its table of contents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from packager.errors import SourceError
from packager.readers.documents.archive import Archive
from packager.readers.documents.markup import fields_of, parse_html, parse_page, parse_xml, said
from packager.readers.documents.office import good_names, good_title
from packager.xhtml import local_name, text_of

_OPF = "{http://www.idpf.org/2007/opf}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_REMEDY = "Open it in the program that made it, save it again and try once more."
_DEEPEST = 20
"""Levels of a table of contents that are looked at."""


@dataclass(frozen=True)
class Item:
    """A page of the book, by its path in the archive."""

    path: str
    media_type: str
    is_cover: bool = False


@dataclass(frozen=True)
class Package:
    """What the book says of itself. `contents` gives depth and title of pages by path, `cover` and `navigation` are paths."""

    fields: dict[str, object]
    spine: tuple[Item, ...]
    contents: dict[str, tuple[int, str]]
    cover: str | None
    navigation: str | None
    notes: tuple[str, ...] = ()


def read_package(called: str, archive: Archive) -> Package:
    """Read the package document, wherever the container says it is, and the table of contents in it."""
    path = _package_path(called, archive)
    root = parse_xml(called, path, archive.read(path))
    for element in root.iter(etree.Element):
        element.tag = local_name(element)
    folder = posixpath.dirname(path)
    items = {item.get("id", ""): item for item in root.iter("item")}
    paths = {name: _joined(folder, item.get("href", "")) for name, item in items.items()}
    navigation = next((paths[name] for name, item in items.items() if "nav" in _words(item, "properties")), None)
    spine, notes = _spine(root, items, paths)
    cover = _cover(root, items, paths)
    ncx = next(
        (paths[name] for name, item in items.items() if item.get("media-type") == "application/x-dtbncx+xml"), ""
    )
    contents = dict(_contents_of_nav(called, archive, navigation) if navigation else ())
    contents = contents or dict(_contents_of_ncx(called, archive, ncx))
    return Package(_metadata(root), spine, contents, cover, navigation, notes)


def _package_path(called: str, archive: Archive) -> str:
    container = "META-INF/container.xml"
    if container in archive:
        for file in parse_xml(called, container, archive.read(container)).iter("{*}rootfile"):
            if path := archive.find(unquote(file.get("full-path", ""))):
                return path
    found = next((name for name in archive.names if name.lower().endswith(".opf")), None)
    if found is None:
        raise SourceError(f"{called} is damaged: it has no list of its pages.", _REMEDY)
    return found


def _spine(
    root: etree._Element, items: dict[str, etree._Element], paths: dict[str, str]
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The pages in reading order; those outside of it (notes, answers) at the end."""
    guide = {
        reference.get("href", "").partition("#")[0]
        for reference in root.iter("reference")
        if reference.get("type") == "cover"
    }
    ordered: list[Item] = []
    aside: list[Item] = []
    for reference in root.iter("itemref"):
        name = reference.get("idref", "")
        if name in items:
            href = items[name].get("href", "")
            item = Item(paths[name], items[name].get("media-type", ""), href in guide)
            (aside if reference.get("linear") == "no" else ordered).append(item)
    aside = [item for item in aside if not item.is_cover]
    notes = (f"pages outside the reading order are put at the end: {len(aside)}",) if aside else ()
    return (*ordered, *aside), notes


def _cover(root: etree._Element, items: dict[str, etree._Element], paths: dict[str, str]) -> str | None:
    marked = [name for name, item in items.items() if "cover-image" in _words(item, "properties")]
    named = [meta.get("content", "") for meta in root.iter("meta") if meta.get("name") == "cover"]
    return next((paths[name] for name in (*marked, *named) if name in items), None)


def _metadata(root: etree._Element) -> dict[str, object]:
    holder = next(root.iter("metadata"), None)
    found = list(holder.iter(etree.Element)) if holder is not None else []
    refined: dict[str, dict[str, str]] = {}
    for meta in found:
        if meta.tag == "meta" and meta.get("refines", "").startswith("#"):
            refined.setdefault(meta.get("refines", "")[1:], {})[meta.get("property", "")] = text_of(meta)

    def named(name: str) -> list[etree._Element]:
        return [element for element in found if element.tag == name and text_of(element)]

    def about(element: etree._Element, what: str) -> str:
        return refined.get(element.get("id", ""), {}).get(what, "")

    titles = named("title")
    subtitle = next((title for title in titles if about(title, "title-type") == "subtitle"), None)
    main = next((title for title in titles if about(title, "title-type") == "main"), None)
    if main is None:
        main = next((title for title in titles if title is not subtitle), None)
    creators = [
        creator
        for creator in named("creator")
        if (about(creator, "role") or creator.get(f"{_OPF}role") or "aut") in ("aut", "cre", "ctb", "oth")
    ]
    creators.sort(key=lambda creator: int(number) if (number := about(creator, "display-seq")).isdigit() else 999)
    dates = named("date")
    published = next((date for date in dates if date.get(f"{_OPF}event") in ("publication", None)), None)
    description = next((text_of(parse_html(text_of(element))) for element in named("description")), None)
    collection = next((meta for meta in found if meta.get("property") == "belongs-to-collection"), None)
    calibre = {
        meta.get("name"): meta.get("content") for meta in found if (meta.get("name") or "").startswith("calibre:")
    }
    source = next((text_of(element) for element in named("source")), "")
    return dict(
        fields_of(
            title=good_title([text_of(main)]) if main is not None else None,
            subtitle=text_of(subtitle) if subtitle is not None else None,
            authors=good_names([text_of(creator) for creator in creators]),
            date=_date(text_of(published)) if published is not None else None,
            language=next((text_of(element) for element in named("language")), None),
            publisher=next((text_of(element) for element in named("publisher")), None),
            description=description,
            rights=next((text_of(element) for element in named("rights")), None),
            source=source if re.match(r"https?://", source) else None,
            subjects=said(text_of(element) for element in named("subject")),
            series=text_of(collection) if collection is not None else calibre.get("calibre:series"),
            series_index=about(collection, "group-position")
            if collection is not None
            else calibre.get("calibre:series_index"),
        )
    )


def _date(text: str) -> str | None:
    """A date of the precision that it is given in; some programs write the year 0101 where they know none."""
    found = re.match(r"(?!0)\d{4}(?:-\d\d(?:-\d\d)?)?(?=T|$)", text)
    return found[0] if found else None if re.match(r"0\d{3}", text) else text


def _contents_of_nav(called: str, archive: Archive, navigation: str) -> Iterator[tuple[str, tuple[int, str]]]:
    path = archive.find(navigation)
    if path is None:
        return
    root = parse_page(called, path, archive.read(path))
    holders = [nav for nav in root.iter("nav") if "toc" in (nav.get(_TYPE) or "").split()] or list(root.iter("nav"))
    seen: set[str] = set()
    for holder in holders[:1]:
        for link in holder.iter("a"):
            target = _joined(posixpath.dirname(path), link.get("href", "").partition("#")[0])
            depth = sum(1 for _ in link.iterancestors("ol"))
            if target not in seen and text_of(link):
                seen.add(target)
                yield target, (max(1, min(depth, _DEEPEST)), text_of(link))


def _contents_of_ncx(called: str, archive: Archive, ncx: str) -> Iterator[tuple[str, tuple[int, str]]]:
    path = archive.find(ncx) if ncx else None
    if path is None:
        return
    root = parse_xml(called, path, archive.read(path))
    seen: set[str] = set()
    for point in root.iter("{*}navPoint"):
        content, label = point.find("{*}content"), point.find("{*}navLabel")
        target = _joined(
            posixpath.dirname(path), (content.get("src", "") if content is not None else "").partition("#")[0]
        )
        depth = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
        if target not in seen and label is not None and text_of(label):
            seen.add(target)
            yield target, (min(depth, _DEEPEST), text_of(label))


def _words(element: etree._Element, attribute: str) -> list[str]:
    return str(element.get(attribute, "")).split()


def _joined(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href))).lstrip("/")
