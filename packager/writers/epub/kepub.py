"""The EPUB for a Kobo: the same pages, with the spans by which its reader keeps places, highlights and notes.

A Kobo shows a file called “.kepub.epub” with its own software, which finds a place again by the span it is in:
`<span class="koboSpan" id="kobo.P.S">`, where P counts paragraphs and S the spans inside one. They stand inside the spans
of our sentences, so a sentence without markup in it is one of Kobo's as well. (The rules are those that kepubify found in
books from Kobo's shop.)
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import etree

from packager.model import XHTML, Page
from packager.writers.epub.package import Edition, write_epub
from packager.xhtml import local_name, parse, serialise

SPAN_CLASS = "koboSpan"

_PARAGRAPHS = frozenset("p ol ul table h1 h2 h3 h4 h5 h6".split())
_LEFT_ALONE = frozenset("script style pre audio video rp".split())
"""What keeps its text as it is: what is no text, what is set character by character, and what may hold text alone."""

_SPAN = f"{{{XHTML}}}span"


def write_kepub(edition: Edition, path: Path) -> None:
    """Put the kepub at `path`, whole or not at all; the pages of `edition` may have their sentences marked or not."""
    pages = [with_kobo_spans(page) for page in edition.pages]
    write_epub(replace(edition, pages=pages, styles=(*edition.styles, "kepub.css")), path)


def with_kobo_spans(page: Page) -> Page:
    """The page with every piece of text and every picture in a span of Kobo's; its words stay as they are."""
    body = parse(page.body)
    _Spans().put_inside(body)
    _wrap_for_margins(body)
    return replace(page, body=serialise(body))


class _Spans:
    """Numbers the spans: a paragraph counts when the first span is put into it."""

    def __init__(self) -> None:
        self._paragraph = 0
        self._segment = 0
        self._begins_paragraph = False

    def put_inside(self, element: etree._Element) -> None:
        """Wrap the texts and pictures inside an element, in reading order."""
        if etree.QName(element).namespace != XHTML or local_name(element) in _LEFT_ALONE:
            return
        if local_name(element) in _PARAGRAPHS:
            self._begins_paragraph = True
        children = list(element)
        if _is_to_wrap(element.text, element):
            span = self._span(element.text)
            element.text = None
            element.insert(0, span)
        for child in children:
            after = child
            if local_name(child) == "img":
                after = self._around_picture(child)
            elif isinstance(child.tag, str):
                self.put_inside(child)
            if _is_to_wrap(after.tail, element):
                span = self._span(after.tail)
                after.tail = None
                after.addnext(span)

    def _around_picture(self, picture: etree._Element) -> etree._Element:
        """A picture is a paragraph of its own."""
        self._begins_paragraph = True
        span = self._span(None)
        span.tail, picture.tail = picture.tail, None
        picture.getparent().replace(picture, span)
        span.append(picture)
        return span

    def _span(self, text: str | None) -> etree._Element:
        if self._begins_paragraph:
            self._paragraph, self._segment, self._begins_paragraph = self._paragraph + 1, 0, False
        self._segment += 1
        span = etree.Element(_SPAN, {"class": SPAN_CLASS, "id": f"kobo.{self._paragraph}.{self._segment}"})
        span.text = text
        return span


def _is_to_wrap(text: str | None, parent: etree._Element) -> bool:
    """White space between sentences counts; elsewhere it only separates elements, and few may hold a span there."""
    return bool(text) and (not str(text).isspace() or local_name(parent) == "p")


def _wrap_for_margins(body: etree._Element) -> None:
    """The two boxes that Kobo's software sets pages and margins by."""
    inner = etree.Element(f"{{{XHTML}}}div", {"id": "book-inner"})
    inner.text, body.text = body.text, None
    inner.extend(list(body))
    columns = etree.SubElement(body, f"{{{XHTML}}}div", {"id": "book-columns"})
    columns.append(inner)
