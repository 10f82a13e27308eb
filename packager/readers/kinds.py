"""What a source is: by its content first, then by the ending of its name."""

from __future__ import annotations

import re
from typing import Literal

from packager.errors import SourceError
from packager.patterns import late_pattern
from packager.readers.source import SourceFile

Kind = Literal["docx", "epub", "feed", "flat-odt", "html", "mail", "markdown", "mhtml", "odt", "pandoc", "pdf", "text"]

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
TEXT_SUFFIXES = frozenset({".txt", ".text", ""})
PANDOC_FORMATS = {
    ".bib": "bibtex",
    ".creole": "creole",
    ".dbk": "docbook",
    ".docbook": "docbook",
    ".fb2": "fb2",
    ".ipynb": "ipynb",
    ".jats": "jats",
    ".latex": "latex",
    ".ltx": "latex",
    ".mediawiki": "mediawiki",
    ".muse": "muse",
    ".opml": "opml",
    ".org": "org",
    ".rest": "rst",
    ".rst": "rst",
    ".rtf": "rtf",
    ".t2t": "t2t",
    ".tex": "latex",
    ".textile": "textile",
    ".typ": "typst",
    ".wiki": "mediawiki",
}
"""Pandoc's names of formats by the endings of files."""

_OTHER_SUFFIXES: dict[str, Kind] = {
    ".atom": "feed",
    ".eml": "mail",
    ".fodt": "flat-odt",
    ".htm": "html",
    ".html": "html",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".rss": "feed",
    ".xht": "html",
    ".xhtml": "html",
}
_ROOTS: dict[str, Kind] = {"rss": "feed", "feed": "feed", "RDF": "feed", "FictionBook": "pandoc", "article": "pandoc"}
_MARKDOWN_SIGNS = late_pattern(
    r"\A(?:---\n.*?\n---\n|\+\+\+\n|#{1,6} )|^#{2,6} \S|^\[\^\w+\]: |\]\(https?://", re.S | re.M
)
_ROOT = late_pattern(
    r"\A\s*(?:<\?(?:(?!\?>).)*\?>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)",
    re.S,
)
_JSON_FEED = late_pattern(r"\A\s*\{.{0,2000}\"version\"\s*:\s*\"https?://jsonfeed\.org/", re.S)
_HEADER = late_pattern(r"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\n")
_MAIL_HEADER = late_pattern(r"^(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To):", re.I | re.M)
_DOCUMENTS = frozenset({".docx", ".epub", ".odt", ".pdf"})
_OPEN_AND_SAVE = "Open it in the program that made it, save it again and try once more."
_READABLE = (
    "Give plain text, Markdown, HTML, a DOCX, ODT, EPUB or PDF document, a mail (.eml), a feed, or a format that "
    "Pandoc reads (.rst, .tex, .org, .rtf …)."
)


def kind_of(source: SourceFile) -> Kind:
    """Which reader reads it. Raises `SourceError` for what none does, with what to do instead."""
    if source.data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(source)
    if b"%PDF-" in source.data[:1024]:
        return "pdf"
    if source.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            f"{source.name} is an old Office file, or one that is locked by a password.",
            "Open it in its program and save it as DOCX or ODT, without a password.",
        )
    if source.data.startswith(b"{\\rtf"):
        return "pandoc"
    start = _start(source.data)
    if source.suffix in MARKDOWN_SUFFIXES:
        return "markdown"
    if source.suffix in PANDOC_FORMATS:
        return "pandoc"
    if source.suffix in _OTHER_SUFFIXES:
        return _OTHER_SUFFIXES[source.suffix]
    if found := _kind_of_markup(start):
        return found
    if source.suffix in TEXT_SUFFIXES:
        return "markdown" if source.name == "Standard input" and _MARKDOWN_SIGNS.search(start) else "text"
    if source.suffix in _DOCUMENTS:
        raise SourceError(
            f"{source.name} is damaged, or no {source.suffix[1:].upper()} document: it does not begin as one.",
            _OPEN_AND_SAVE,
        )
    raise SourceError(f"{source.name} has the ending “{source.suffix}”, which Packager does not read.", _READABLE)


def pandoc_format(source: SourceFile) -> str:
    """Pandoc's name for the format of a file."""
    if source.data.startswith(b"{\\rtf"):
        return "rtf"
    if source.suffix in PANDOC_FORMATS:
        return PANDOC_FORMATS[source.suffix]
    start = _start(source.data)
    return "fb2" if "<FictionBook" in start else "jats" if re.search(r"article-type|jats", start, re.I) else "docbook"


def _kind_of_markup(start: str) -> Kind | None:
    if _JSON_FEED.match(start):
        return "feed"
    head = _HEADER.match(start.replace("\r\n", "\n"))
    if head and _MAIL_HEADER.search(head[0]) and re.search(r"^From:", head[0], re.I | re.M):
        is_page = re.search(
            r"^Content-Type:\s*multipart/related;[^\n]*(?:\n[ \t][^\n]*)*text/html", head[0], re.I | re.M
        )
        return "mhtml" if is_page and "Snapshot-Content-Location" in head[0] else "mail"
    if root := _ROOT.match(start):
        if root["name"] == "document" and "opendocument" in start:
            return "flat-odt"
        if root["name"].lower() == "html" or start.lstrip()[:14].lower() == "<!doctype html":
            return "html"
        if start.lstrip().startswith("<?xml") or root["name"] in ("rss", "feed", "RDF"):
            return _ROOTS.get(root["name"])
    return None


def _kind_of_zip(source: SourceFile) -> Kind:
    from packager.readers.documents.archive import names_in

    names = names_in(source.data)
    if "META-INF/container.xml" in names:
        return "epub"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "content.xml" in names:
        return "odt"
    if source.suffix in (".docx", ".epub", ".odt") and not names:
        raise SourceError(
            f"{source.name} is damaged: it is a zip file that cannot be unpacked.",
            _OPEN_AND_SAVE,
        )
    raise SourceError(
        f"{source.name} is a zip file that is no DOCX, ODT or EPUB document.", "Unpack it and give the document in it."
    )


def _start(data: bytes) -> str:
    """The first characters, enough to tell formats apart."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[:8192].decode("utf-16", "replace").removeprefix("\ufeff")
    return data[:8192].decode("utf-8", "replace").removeprefix("\ufeff")
