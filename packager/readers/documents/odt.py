"""OpenDocument text, zipped (ODT) or in one XML file (FODT) → `Draft`."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote

from lxml import etree

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.documents.archive import Archive, open_archive
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_languages,
    fields_of,
    mend_captions,
    parse_xml,
    without_head,
)
from packager.readers.documents.odt_body import OdtBody
from packager.readers.documents.odt_styles import q, read_odt_styles
from packager.readers.documents.office import good_names, good_subjects, good_title, properties_of
from packager.readers.draft import Draft
from packager.readers.source import SourceFile
from packager.xhtml import text_of

_ENCRYPTED = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"
_REMEDY = "Open it in the program that made it, save it again as ODT and try once more."


def read_odt(source: SourceFile) -> Draft:
    """The text of an ODT as its author last accepted it, with notes, tables and pictures."""
    archive = open_archive(source.name, source.data)
    manifest = _part(source.name, archive, "META-INF/manifest.xml")
    if manifest is not None and any(True for _ in manifest.iter(_ENCRYPTED)):
        raise SourceError(f"{source.name} is locked by a password.", "Save it without a password and try again.")
    content = _part(source.name, archive, "content.xml")
    if content is None:
        raise SourceError(f"{source.name} is damaged: it has no text.", _REMEDY)
    styles = _part(source.name, archive, "styles.xml")
    meta = _part(source.name, archive, "meta.xml")

    def picture(frame: etree._Element) -> tuple[str, bytes] | None:
        name = posixpath.normpath(unquote(frame.get(q("xlink:href"), "")))
        return (name, archive.read(name)) if name in archive else None

    def formula(frame: etree._Element) -> etree._Element | None:
        name = posixpath.normpath(unquote(frame.get(q("xlink:href"), ""))) + "/content.xml"
        root = _part(source.name, archive, name)
        return root if root is not None and etree.QName(root).localname == "math" else None

    return _draft(
        source.name, content, [part for part in (styles, content) if part is not None], meta, picture, formula
    )


def read_flat_odt(source: SourceFile) -> Draft:
    """The same, of a document whose parts are in one XML file."""
    root = parse_xml(source.name, "the document", source.data)
    count = Counter[str]()

    def picture(frame: etree._Element) -> tuple[str, bytes] | None:
        data = frame.find(q("office:binary-data"))
        if data is None or not data.text:
            return None
        count["pictures"] += 1
        try:
            return f"picture-{count['pictures']}", base64.b64decode(data.text)
        except binascii.Error:
            return None

    def formula(frame: etree._Element) -> etree._Element | None:
        return frame.find("{http://www.w3.org/1998/Math/MathML}math")

    return _draft(source.name, root, [root], root.find(q("office:meta")), picture, formula)


def _part(called: str, archive: Archive, name: str) -> etree._Element | None:
    return parse_xml(called, name, archive.read(name)) if name in archive else None


def _draft(
    called: str,
    content: etree._Element,
    parts: list[etree._Element],
    meta: etree._Element | None,
    picture: Callable[[etree._Element], tuple[str, bytes] | None],
    formula: Callable[[etree._Element], etree._Element | None],
) -> Draft:
    text = content.find(f"{q('office:body')}/{q('office:text')}")
    if text is None:
        raise SourceError(f"{called} is an OpenDocument file of another kind than text.", "Save it as ODT or PDF.")
    styles = read_odt_styles(parts)
    body = OdtBody(styles, picture, formula)
    root = body.read(text)
    mend_captions(root)
    properties = properties_of(meta)
    fields = {
        "title": " ".join(body.printed["title"]) or good_title(properties.get("title", [])),
        "subtitle": " ".join(body.printed["subtitle"]),
        "authors": good_names(body.printed["author"])
        or good_names([*properties.get("initial-creator", []), *properties.get("creator", [])][:1]),
        "date": next(iter(body.printed["date"]), None),
        "description": next(iter(properties.get("description", [])), None),
        "subjects": good_subjects(properties, "keyword"),
        "publisher": next(iter(properties.get("publisher", [])), None),
        "rights": next(iter(properties.get("rights", [])), None),
    }
    without_head(root, fields)
    declared = next(iter(properties.get("language", [])), None) or styles.language
    fields["language"], notes = confirmed_language(declared, text_of(root))
    drop_languages(root, fields["language"])
    if not fields["date"] and (made := properties.get("creation-date")):
        notes += (f"the file was made on {made[0][:10]}, which need not be the date of the article",)
    omissions = [*body.omissions(), *_edges(parts)]
    return Draft(as_markup(root), fields_of(**fields), tuple(omissions), notes, body.pictures)


def _edges(parts: list[etree._Element]) -> list[Omission]:
    lines = dict.fromkeys(
        text_of(edge)
        for part in parts
        for edge in part.iter(q("style:header"), q("style:footer"))
        if any(map(str.isalpha, text_of(edge)))
    )
    return [Omission(f"Line at the edge of the page: “{line[:80]}”", "a book has no such pages") for line in lines]
