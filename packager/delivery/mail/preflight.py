"""What Amazon is known to refuse in an EPUB, or to spoil, looked for before the book is sent to a Kindle.

Amazon answers only "E999", if at all, hours later. The rules are what its help pages say and what senders have found out:
an error has been seen to have a book refused, a warning to cost a part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from packager.delivery.mail.addresses import MAILBOXES, MB
from packager.delivery.mail.archive import Archive, ArchiveError, opened
from packager.delivery.mail.preflight_pages import Page, error, page_of, parsed, resolved, styles_of, warning
from packager.languages import normal_tag, primary
from packager.model import Finding

_CONTAINER, _ENCRYPTION, _MIMETYPE = "META-INF/container.xml", "META-INF/encryption.xml", "mimetype"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGE, _NCX_TYPE, _STYLE = "application/xhtml+xml", "application/x-dtbncx+xml", "text/css"
_PICTURES = {
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
    "image/png": (b"\x89PNG\r\n\x1a\n", (".png",)),
    "image/gif": (b"GIF8", (".gif",)),
}
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._/+@~()-]+")
_ASIN = re.compile(r"(urn:)?asin:.*|B0[0-9A-Z]{8}", re.IGNORECASE)
_MOST_OF_A_KIND = 3
"""Findings of one kind that are told one by one."""

_KINDLE_LANGUAGES = frozenset(
    "af ar br ca co cy da de en es eu fi fo fr frr fy ga gd gl gsw gu gv hi is it ja kw lb ml mr nb nl nn no oc pl pt rm "
    "sco stq sv ta zh".split()
)
"""Primary tags of the languages that Amazon names to publishers for books on Kindles."""

_Findings = Iterator[Finding]


@dataclass(frozen=True)
class _Item:
    """A file of the book as its package names it."""

    name: str
    media_type: str
    properties: tuple[str, ...]


def examine(file: Path) -> list[Finding]:
    """What Amazon would hold against an EPUB, errors first. Nothing found is a good sign, and no promise."""
    findings: list[Finding] = []
    try:
        findings += _size(file.stat().st_size)
        with opened(file) as archive:
            findings += _book(archive)
    except ArchiveError as fault:
        findings.append(error("KDL-002", f"the book cannot be opened: {fault}. Build it again."))
    except OSError as fault:
        findings.append(error("KDL-002", f"the book cannot be read: {fault.strerror}. Build it again."))
    return _shortened(findings)


def _size(size: int) -> _Findings:
    limit = MAILBOXES[0].size or size
    if size > limit:
        yield error(
            "KDL-001",
            f"the book has {size / MB:.1f} MB, and Amazon takes {limit // MB} MB by mail. "
            "Send the text alone, or smaller pictures.",
        )


def _book(archive: Archive) -> _Findings:
    yield from _wrapping(archive)
    name = yield from _package_name(archive)
    if not name:
        return
    package, findings = parsed(archive, name)
    yield from findings
    if package is None:
        return
    items = _items(package, name)
    yield from _languages(package, name)
    yield from _identifiers(package, name)
    yield from _files(archive, items, name)
    pages = [page_of(archive, item.name) for item in items if item.media_type == _PAGE and item.name in archive]
    for page in pages:
        yield from page.findings
    for item in items:
        if item.media_type == _STYLE and item.name in archive:
            yield from styles_of(archive, item.name)
    yield from _contents(archive, items, name)
    yield from _links(archive, items, pages)


def _wrapping(archive: Archive) -> _Findings:
    if _MIMETYPE not in archive or archive.begin(_MIMETYPE, 64).strip() != b"application/epub+zip":
        yield error("KDL-003", "the file does not say that it is an EPUB. Build it again.", _MIMETYPE)
    for name in archive.names:
        if not _PLAIN_NAME.fullmatch(name):
            yield warning(
                "KDL-010",
                "a file inside the book has spaces or letters that are not ASCII in its name. Rename it with plain letters.",
                name,
            )
    if _ENCRYPTION in archive:
        root, findings = parsed(archive, _ENCRYPTION)
        yield from findings
        methods = root.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod") if root is not None else ()
        if any(method.get("Algorithm") not in _OBFUSCATION for method in methods):
            yield error("KDL-004", "parts of the book are locked (DRM). Send a copy that is not.", _ENCRYPTION)


def _package_name(archive: Archive) -> Generator[Finding, None, str]:
    if _CONTAINER not in archive:
        yield error("KDL-003", "the file does not say where its book is. Build it again.", _CONTAINER)
        return ""
    root, findings = parsed(archive, _CONTAINER)
    yield from findings
    found = root.find(".//{*}rootfile") if root is not None else None
    name: str = found.get("full-path", "") if found is not None else ""
    if root is not None and name not in archive:
        yield error("KDL-003", "the file does not hold the book that it names. Build it again.", _CONTAINER)
        return ""
    return name


def _items(package: etree._Element, place: str) -> list[_Item]:
    return [
        _Item(name, item.get("media-type", "").strip().lower(), tuple(item.get("properties", "").split()))
        for item in package.iterfind(f"{_OPF}manifest/{_OPF}item")
        if (name := resolved(place, item.get("href", ""))[0])
    ]


def _languages(package: etree._Element, place: str) -> _Findings:
    tags = [(one.text or "").strip() for one in package.iter(f"{_DC}language")]
    if not any(tags):
        yield error("KDL-020", "the book names no language. Build it with --language.", place)
        return
    for tag in tags[:1]:
        normal = normal_tag(tag)
        if normal is None or primary(normal) not in _known_languages():
            yield error(
                "KDL-021", f"“{tag[:40]}” is no language. Build it with --language, such as en or en-GB.", place
            )
        elif primary(normal) not in _KINDLE_LANGUAGES:
            yield warning(
                "KDL-022",
                f"“{tag[:40]}” is not among the languages that Amazon names for Kindles; the book may be refused or look "
                "wrong. If it does, read it in Amazon's app on a phone, or on another device.",
                place,
            )
    if len(tags) > 1:
        yield warning("KDL-023", "the book names several languages. Name the main one alone.", place)


@cache
def _known_languages() -> frozenset[str]:
    from babel import Locale

    return frozenset(primary(str(tag).replace("_", "-")) for tag in Locale("en").languages) | _KINDLE_LANGUAGES


def _identifiers(package: etree._Element, place: str) -> _Findings:
    for one in package.iter(f"{_DC}identifier"):
        scheme = one.get(f"{_OPF}scheme", "").upper()
        if "ASIN" in scheme or scheme == "AMAZON" or _ASIN.fullmatch((one.text or "").strip()):
            yield warning(
                "KDL-024", "the book has a number of Amazon's shop (ASIN), as a book that it knows. Take it out.", place
            )


def _files(archive: Archive, items: list[_Item], place: str) -> _Findings:
    for item in items:
        if item.name not in archive:
            yield error("KDL-025", f"“{item.name[:80]}” is named and not in the book. Build it again.", place)
    kinds = Counter(_kind(item) for item in items)
    if number := kinds["sound"]:
        yield error(
            "KDL-040",
            f"the book holds sound or film ({number} files), which no Kindle plays. Send the text alone: --product epub",
        )
    if kinds["script"]:
        yield error("KDL-041", "the book holds programs (JavaScript). Take them out.")
    if kinds["font"]:
        yield warning("KDL-042", "the book brings its own typefaces; Amazon may drop or refuse them. Take them out.")
    for item in items:
        if item.media_type.startswith("image/") and item.name in archive:
            yield from _picture(archive, item)


def _kind(item: _Item) -> str:
    kind = item.media_type
    if kind.startswith(("audio/", "video/")) or kind == "application/smil+xml":
        return "sound"
    if "javascript" in kind or "ecmascript" in kind or "scripted" in item.properties:
        return "script"
    return "font" if "font" in kind or "opentype" in kind else ""


def _picture(archive: Archive, item: _Item) -> _Findings:
    if item.media_type == "image/svg+xml":
        yield warning(
            "KDL-050", "a picture is SVG, which Kindles may leave out. Build the book with --for kindle.", item.name
        )
        return
    if item.media_type not in _PICTURES:
        yield error("KDL-051", "a picture is neither JPEG, PNG nor GIF. Change it into one of them.", item.name)
        return
    begin, endings = _PICTURES[item.media_type]
    try:
        is_right = archive.begin(item.name).startswith(begin) and item.name.lower().endswith(endings)
    except ArchiveError as fault:
        yield error("KDL-002", f"a picture cannot be read: {fault}. Build the book again.", item.name)
        return
    if not is_right:
        yield error("KDL-052", "a picture is not what its name or its type say. Name it by what it is.", item.name)


def _contents(archive: Archive, items: list[_Item], place: str) -> _Findings:
    """The two tables of contents: nav for EPUB 3, NCX for older programs, among them Amazon's."""
    nav = any("nav" in item.properties for item in items)
    ncx = [item for item in items if item.media_type == _NCX_TYPE and item.name in archive]
    if not ncx and not nav:
        yield error("KDL-026", "the book has no table of contents. Build it again.", place)
    elif not ncx:
        yield warning("KDL-027", "the book has no NCX, the older table of contents. Build it again.", place)
    for item in ncx:
        root, findings = parsed(archive, item.name)
        yield from findings
        if root is not None and root.find(f".//{_NCX}navPoint") is None:
            yield error("KDL-028", "the NCX leads nowhere. Build the book again.", item.name)


def _links(archive: Archive, items: list[_Item], pages: list[Page]) -> _Findings:
    by_name = {page.name: page for page in pages}
    for page in pages:
        yield from _links_from(page.name, page.links, archive, by_name)
    for item in items:
        if item.media_type == _NCX_TYPE and item.name in archive:
            root, _ = parsed(archive, item.name)
            if root is not None:
                links = tuple(one.get("src", "") for one in root.iter(f"{_NCX}content"))
                yield from _links_from(item.name, links, archive, by_name)


def _links_from(place: str, links: tuple[str, ...], archive: Archive, pages: dict[str, Page]) -> _Findings:
    for link in dict.fromkeys(links):
        name, anchor = resolved(place, link)
        if not name:
            continue
        if name not in archive:
            yield error(
                "KDL-060", f"a link leads to “{link[:80]}”, which is not in the book. Correct or remove it.", place
            )
        elif anchor and name in pages and anchor == pages[name].body_id:
            yield error(
                "KDL-061",
                f"a link leads to the id of a whole page, “{link[:80]}”. Let it lead to the page itself.",
                place,
            )
        elif anchor and name in pages and pages[name].is_whole and anchor not in pages[name].ids:
            yield warning("KDL-062", f"a link leads to “{link[:80]}”, a place that is not there. Correct it.", place)


def _shortened(findings: list[Finding]) -> list[Finding]:
    """Errors first; of many of one kind some, and how many more there are."""
    numbers = Counter(one.code for one in findings)
    told: Counter[str] = Counter()
    short: list[Finding] = []
    for one in sorted(findings, key=lambda one: (one.severity != "error", one.code)):
        told[one.code] += 1
        if told[one.code] <= _MOST_OF_A_KIND:
            short.append(one)
        elif told[one.code] == numbers[one.code]:
            more = numbers[one.code] - _MOST_OF_A_KIND
            rest = error if one.severity == "error" else warning
            short.append(rest(one.code, f"{more} more of the same kind."))
    return short
