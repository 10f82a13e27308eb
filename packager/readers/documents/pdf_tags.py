"""A tagged PDF: its own tree of headings, paragraphs, lists and tables (ISO 32000-1, 14.8) as HTML."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pypdfium2
from lxml import etree
from pypdfium2 import raw

from packager.model import Omission
from packager.readers.documents.pdf_pages import PageText, wide_string
from packager.readers.documents.pdf_words import joined
from packager.xhtml import append_text, text_of

_NAMES = {
    "Aside": "aside",
    "BlockQuote": "blockquote",
    "Caption": "p",
    "Em": "em",
    "H": "h2",
    "L": "ul",
    "LI": "li",
    "P": "p",
    "Quote": "q",
    "Sect": "section",
    "Strong": "strong",
    "TBody": "tbody",
    "TD": "td",
    "TFoot": "tfoot",
    "TH": "th",
    "THead": "thead",
    "TR": "tr",
    "Table": "table",
    "Title": "h1",
    **{f"H{level}": f"h{level}" for level in range(1, 7)},
}
_LEFT_OUT = {"Artifact": "", "TOC": "Table of contents", "Index": "Index", "Form": "Form"}
_REASONS = {
    "Table of contents": "the book that is made has its own",
    "Index": "it counts pages, which a book for an e-reader has not",
    "Form": "a book cannot be filled in",
}
_BLOCKS = frozenset("blockquote h1 h2 h3 h4 h5 h6 li p section table ul aside".split())
_DEEPEST = 80
_ENDS = re.compile(r"[.!?:;…。！？]['\"”’»)\]]*$")


class TaggedBody:
    """Gathers the trees of the pages, one after the other. `letters` counts those that the tags have reached."""

    def __init__(self) -> None:
        self.letters = 0
        self._body = etree.Element("body")
        self._known: list[str] = []
        self._left_out: Counter[str] = Counter()

    def add_page(self, page: pypdfium2.PdfPage, text: PageText) -> None:
        """Add what the tags make of a page; a paragraph or list that the page has cut goes on."""
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            return
        self._known.append(text.text)
        holder = etree.Element("body")
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            child = raw.FPDF_StructTree_GetChildAtIndex(tree, index)
            if child:
                self._element(child, holder, text.marked, 0)
        raw.FPDF_StructTree_Close(tree)
        _unwrap_sections(holder)
        self._wrap_loose_text(holder)
        if len(self._body) and len(holder):
            _join(self._body[-1], holder)
        self._body.extend(list(holder))

    def markup(self) -> str:
        """The HTML of all pages."""
        known = "\n".join(self._known)
        for element in self._body.iter():
            element.text = _mended(element.text, known)
            element.tail = _mended(element.tail, known)
        for block in self._body.iter(*_BLOCKS):
            _trim(block)
        return str(etree.tostring(self._body, encoding="unicode", method="html"))

    def omissions(self) -> list[Omission]:
        """What the tags say is not part of the text."""
        return [Omission(what, _REASONS[what]) for what in self._left_out]

    def _element(self, source: Any, target: etree._Element, marked: dict[int, str], depth: int) -> None:
        kind = wide_string(raw.FPDF_StructElement_GetType, source)
        if kind in _LEFT_OUT or depth > _DEEPEST:
            if _LEFT_OUT.get(kind):
                self._left_out[_LEFT_OUT[kind]] += 1
            self._count(source, marked, depth)
            return
        if kind == "Lbl" and any(outer.tag == "li" for outer in (target, *target.iterancestors())):
            self._label(source, target, marked)
            return
        if kind in _NAMES:
            target = etree.SubElement(target, _NAMES[kind])
            if language := wide_string(raw.FPDF_StructElement_GetLang, source):
                target.set("lang", language)
        if said := wide_string(raw.FPDF_StructElement_GetActualText, source):
            append_text(target, said)
            self._count(source, marked, depth)
            return
        if kind == "Formula" and (said := wide_string(raw.FPDF_StructElement_GetAltText, source)):
            append_text(target, said)
            self._count(source, marked, depth)
            return
        self._children(source, target, marked, depth)

    def _wrap_loose_text(self, holder: etree._Element) -> None:
        """Text that no tag makes a paragraph becomes one, and does not speak for the tags."""
        for element in [holder, *holder]:
            text = element.text if element is holder else element.tail
            if text and text.strip():
                self.letters -= sum(map(str.isalnum, text))
                paragraph = etree.Element("p")
                paragraph.text = text
                holder.insert(0 if element is holder else holder.index(element) + 1, paragraph)
            if element is holder:
                element.text = None
            else:
                element.tail = None

    def _children(self, source: Any, target: etree._Element, marked: dict[int, str], depth: int) -> None:
        for index in range(raw.FPDF_StructElement_CountChildren(source)):
            child = raw.FPDF_StructElement_GetChildAtIndex(source, index)
            if child:
                self._element(child, target, marked, depth + 1)
                continue
            text = marked.get(raw.FPDF_StructElement_GetChildMarkedContentID(source, index), "")
            self.letters += sum(map(str.isalnum, text))
            append_text(target, text)

    def _label(self, source: Any, target: etree._Element, marked: dict[int, str]) -> None:
        """The sign before an item: a number makes the list a numbered one."""
        holder = etree.Element("span")
        self._children(source, holder, marked, _DEEPEST - 2)
        listing = next((outer for outer in target.iterancestors("ul", "ol")), None)
        if listing is not None and re.match(r"\W*[0-9a-zA-Z]{1,4}[.)\]]", text_of(holder)):
            listing.tag = "ol"

    def _count(self, source: Any, marked: dict[int, str], depth: int) -> None:
        """Count the letters of a part that is not printed as it stands, so that the tags are not believed less for it."""
        if depth <= _DEEPEST:
            self._children(source, etree.Element("span"), marked, depth)


def _unwrap_sections(holder: etree._Element) -> None:
    """Sections only group: without them a page's last block and the next page's first are neighbours."""
    for section in list(holder.iter("section")):
        parent = section.getparent()
        if parent is None:
            continue
        if section.text and section.text.strip():
            paragraph = etree.Element("p")
            paragraph.text = section.text
            section.insert(0, paragraph)
        for child in list(section):
            section.addprevious(child)
        section.tail = None
        parent.remove(section)


def _join(last: etree._Element, page: etree._Element) -> None:
    """Let what a page has cut go on: the same kind of list, or a paragraph without an end."""
    first = page[0]
    if first.tag != last.tag:
        return
    if last.tag in ("ul", "ol", "table"):
        last.extend(list(first))
        page.remove(first)
    elif last.tag == "p" and text_of(last) and not _ENDS.search(text_of(last)):
        append_text(last, "\n" + (first.text or ""))
        last.extend(list(first))
        page.remove(first)


def _trim(block: etree._Element) -> None:
    """The space that ends the last line of a block."""
    if len(block):
        block[-1].tail = (block[-1].tail or "").rstrip() or None
    elif block.text:
        block.text = block.text.rstrip()


def _mended(text: str | None, known: str) -> str | None:
    if not text:
        return text
    edges = (" " if text[0].isspace() else "", " " if text[-1].isspace() else "")
    return edges[0] + joined(text, known) + edges[1]
