"""A `Page` as a content document of the book."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from packager.languages import is_right_to_left
from packager.model import COLOPHON, COVER, SSML, XHTML, Page
from packager.pls import MEDIA_TYPE as LEXICON_TYPE
from packager.xhtml import XML_LANG, parse

EPUB = "http://www.idpf.org/2007/ops"
TYPE = f"{{{EPUB}}}type"

_SEMANTICS = {COVER: "cover", COLOPHON: "backmatter"}
"""EPUB structural semantics (`epub:type`) of the pages."""

_TYPE_OF_ROLE = {
    "doc-noteref": "noteref",
    "doc-endnotes": "endnotes",
    "doc-colophon": "colophon",
    "doc-epigraph": "epigraph",
    "doc-pullquote": "pullquote",
}
# Roles that HTML allows on the element already, or that say less than the element does.
_ROLES_FOR_EPUB_TYPE_ALONE = frozenset({"doc-footnote", "note"})


def semantics(page: str) -> str:
    """What the page of this name is in the book (EPUB Structural Semantics Vocabulary)."""
    return _SEMANTICS.get(page, "bodymatter")


def file_name(page: str) -> str:
    """Where in the book the document is."""
    return f"{page}.xhtml"


def lexicon_name(language: str) -> str:
    """Where in the book the pronunciations of a language's words are."""
    return f"pronunciation-{language}.pls"


def document(page: Page, spoken_languages: Sequence[str] = ()) -> bytes:
    """The XHTML file of a page: language on the root, title, style, roles said in both vocabularies.

    `spoken_languages` are those that the book has a pronunciation lexicon of.
    """
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": EPUB})
    root.set("lang", page.language)
    root.set(XML_LANG, page.language)
    if is_right_to_left(page.language):
        root.set("dir", "rtl")
    head = etree.SubElement(root, f"{{{XHTML}}}head")
    etree.SubElement(head, f"{{{XHTML}}}meta", charset="utf-8")
    etree.SubElement(head, f"{{{XHTML}}}title").text = page.title
    etree.SubElement(head, f"{{{XHTML}}}link", rel="stylesheet", type="text/css", href="style.css")
    for language in spoken_languages:
        etree.SubElement(
            head,
            f"{{{XHTML}}}link",
            rel="pronunciation",
            type=LEXICON_TYPE,
            hreflang=language,
            href=lexicon_name(language),
        )
    body = parse(page.body)
    body.set(TYPE, semantics(page.name))
    for element in body.iter(etree.Element):
        role = element.get("role")
        if role in _TYPE_OF_ROLE:
            element.set(TYPE, _TYPE_OF_ROLE[role])
        if role in _ROLES_FOR_EPUB_TYPE_ALONE:
            del element.attrib["role"]
    root.append(body)
    etree.cleanup_namespaces(root, top_nsmap={None: XHTML, "epub": EPUB, "ssml": SSML})
    return serialised(root)


def serialised(root: etree._Element) -> bytes:
    """A whole XHTML file."""
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>"))
