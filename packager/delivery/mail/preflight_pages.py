"""What Amazon is known to refuse in the pages and style sheets of an EPUB."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from packager.delivery.mail.archive import Archive, ArchiveError
from packager.model import XHTML, Finding

_TOOL = "Kindle"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_XML_DECLARATION = re.compile(rb"<\?xml\s")
_BOM = b"\xef\xbb\xbf"
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)
_VARIABLE = re.compile(r"(?:^|[;{\s])--[A-Za-z_][\w-]*\s*:|\bvar\(\s*--")


@dataclass(frozen=True)
class Page:
    """A page of the book: the ids in it, that of its body, and where its links lead. `is_whole` when it could be read."""

    name: str
    findings: tuple[Finding, ...]
    ids: frozenset[str] = frozenset()
    body_id: str = ""
    links: tuple[str, ...] = ()
    is_whole: bool = False


def error(code: str, message: str, place: str = "") -> Finding:
    """Something that has books refused."""
    return Finding(_TOOL, code, "error", _sentence(message), _printable(place[:200]))


def warning(code: str, message: str, place: str = "") -> Finding:
    """Something that costs a part of the book, or that some books with it were refused for."""
    return Finding(_TOOL, code, "warning", _sentence(message), _printable(place[:200]))


def resolved(place: str, link: str) -> tuple[str, str]:
    """The file in the book that a link in the file `place` leads to, and the anchor in it; "" when it leads elsewhere."""
    path, _, anchor = link.strip().partition("#")
    if _ELSEWHERE.match(path):
        return "", ""
    path = unquote(path.partition("?")[0])
    name = posixpath.normpath(posixpath.join(posixpath.dirname(place), path)) if path else place
    return name, unquote(anchor)


def parsed(archive: Archive, name: str) -> tuple[etree._Element | None, list[Finding]]:
    """The tree of an XML file in the book, None with the finding that says why there is none."""
    try:
        return _tree(archive.read(name), name)
    except ArchiveError as fault:
        return None, [error("KDL-002", f"a file in the book cannot be read: {fault}. Build it again.", name)]


def page_of(archive: Archive, name: str) -> Page:
    """A page and what is wrong with it by itself."""
    try:
        data = archive.read(name)
    except ArchiveError as fault:
        return Page(name, (error("KDL-002", f"a page cannot be read: {fault}. Build the book again.", name),))
    findings = list(_encoding(data, name))
    root, faults = _tree(data, name)
    findings += faults
    if root is None:
        return Page(name, tuple(findings))
    findings += _elements(root, archive, name)
    body = root.find(f"{{{XHTML}}}body")
    return Page(
        name=name,
        findings=tuple(findings),
        ids=frozenset(str(one) for one in root.xpath("//@id")),
        body_id=body.get("id", "") if body is not None else "",
        links=tuple(one.get("href", "") for one in root.iter(f"{{{XHTML}}}a") if one.get("href")),
        is_whole=True,
    )


def styles_of(archive: Archive, name: str) -> Iterator[Finding]:
    """What is wrong with a style sheet."""
    try:
        yield from _styles(archive.read(name).decode("utf-8", "replace"), name)
    except ArchiveError as fault:
        yield error("KDL-002", f"a style sheet cannot be read: {fault}. Build the book again.", name)


def _tree(data: bytes, name: str) -> tuple[etree._Element | None, list[Finding]]:
    try:
        return etree.fromstring(data, _PARSER), []
    except etree.XMLSyntaxError as fault:
        if len(_XML_DECLARATION.findall(data)) > 1:
            return None, [error("KDL-031", "the XML declaration stands there twice. Remove the second.", name)]
        if fault.code == etree.ErrorTypes.ERR_HYPHEN_IN_COMMENT:
            return None, [error("KDL-032", "a comment has “--” in it. Take the comment out.", name)]
        return None, [error("KDL-033", f"a file is no well-formed XML: {str(fault)[:150]}. Correct it.", name)]


def _encoding(data: bytes, name: str) -> Iterator[Finding]:
    found = _DECLARATION.match(data.removeprefix(_BOM))
    if found is None:
        message = "a page does not declare its encoding, and Amazon then reads it as Latin-1. Begin it with an XML declaration."
        yield warning("KDL-030", message, name) if data.isascii() else error("KDL-030", message, name)
    elif found[1].lower() not in (b"utf-8", b"us-ascii"):
        yield warning("KDL-034", "a page is not encoded as UTF-8. Save it as UTF-8.", name)


def _elements(root: etree._Element, archive: Archive, name: str) -> Iterator[Finding]:
    for picture in root.iter(f"{{{XHTML}}}img"):
        source = picture.get("src", "").strip()
        if not source:
            yield error("KDL-053", "a picture has no source. Give it one or take it out.", name)
        elif not (target := resolved(name, source)[0]):
            yield error("KDL-054", "a picture is not in the book but elsewhere. Put it into the book.", name)
        elif target not in archive:
            yield error(
                "KDL-055", f"the picture “{source[:80]}” is not in the book. Put it there or take it out.", name
            )
    if next(root.iter(f"{{{XHTML}}}script"), None) is not None or root.xpath("//@*[starts-with(local-name(), 'on')]"):
        yield error("KDL-041", "a page holds programs (JavaScript). Take them out.", name)
    if next(root.iter(f"{{{XHTML}}}audio", f"{{{XHTML}}}video"), None) is not None:
        yield error(
            "KDL-040", "a page plays sound or film, which no Kindle does. Send the text alone: --product epub", name
        )
    for style in root.iter(f"{{{XHTML}}}style"):
        yield from _styles("".join(style.itertext()), name)
    if any("var(" in str(one) for one in root.xpath("//@style")):
        yield _variables(name)


def _styles(css: str, name: str) -> Iterator[Finding]:
    css = _COMMENT.sub(" ", css)
    if "@font-face" in css.lower():
        yield warning("KDL-042", "a style sheet brings its own typefaces (@font-face). Take them out.", name)
    if _VARIABLE.search(css):
        yield _variables(name)


def _variables(name: str) -> Finding:
    return warning(
        "KDL-043", "a style uses variables (--name), which Amazon's converter trips over. Write them out.", name
    )


def _sentence(message: str) -> str:
    return _printable(message[:1].upper() + message[1:])


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)
