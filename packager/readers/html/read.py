"""A web page → the draft of its article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.cssselect import CSSSelector

from packager.errors import UsageError
from packager.languages import primary
from packager.model import Omission
from packager.readers.draft import Draft
from packager.readers.html.choice import Dropped, choose
from packager.readers.html.evidence import ask_library, letters, plain_evidence
from packager.readers.html.figures import mend_figures
from packager.readers.html.masthead import take_masthead
from packager.readers.html.metadata import PageData, base_of, page_data, same_language
from packager.readers.html.page import decoded, parsed
from packager.readers.html.pictures import absolute, settle_pictures
from packager.readers.html.refusal import may_be_none, refuse_no_article
from packager.readers.html.tidy import drop_silent, tidy, unwrap
from packager.readers.language import detect_language
from packager.readers.notes import find_notes
from packager.xhtml import remove, spaced_text_of, text_of

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_LINE_END = re.compile(r"</p>|<br\s*/?>|\n+")
_REASON = "it is not part of the article"
_MOST_LISTED = 20


@dataclass(frozen=True)
class HtmlPage(Draft):
    """The draft of a page's article, with the address of the page and of the picture that stands for it."""

    address: str | None = None
    lead_picture: str | None = None


def read_html_page(
    data: bytes,
    declared_charset: str | None = None,
    address: str | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    name: str = "The page",
) -> HtmlPage:
    """Find the article in the bytes of a page.

    `declared_charset` is what the server said, `address` where the page was fetched or saved from, `name` what to call
    it in messages. `keep` and `drop` are CSS selectors of what is kept or dropped whatever it looks like. Pictures are
    left as addresses, absolute where that is known. Raises `SourceError` for what is no article, `UsageError` for what is
    no selector.
    """
    kept, dropped = [_selector(text, "--keep") for text in keep], [_selector(text, "--drop") for text in drop]
    text, encoding = decoded(data, declared_charset)
    address = address or _saved_from(text)
    root = parsed(text)
    page = page_data(root, address)
    notes = [] if encoding in ("utf-8", "utf-8-sig") else [f"text encoding: {encoding}"]
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    left_out = Dropped()
    for selector, how in zip(dropped, drop, strict=True):
        notes += _drop(root, selector, how, left_out)
    wanted = [element for selector in kept for element in selector(root) if body in element.iterancestors()]
    notes += [
        f"--keep “{how}” matches nothing in the page"
        for selector, how in zip(kept, keep, strict=True)
        if not selector(root)
    ]
    base = base_of(root, address)
    drop_silent(root)
    found = ask_library(root)
    tidy(body)
    find_notes(body)
    if not found.letters:
        found = plain_evidence(body)
    if not choose(body, found, wanted, left_out):
        body = _paragraphs(_LINE_END.split(page.text) if page.text else found.lines())
        notes.append("only the words of this page could be read; headings, links and pictures are lost")
    subtitle = take_masthead(body, _said(page, "title"), _authors(page))
    if page.text and not wanted and len(letters(text_of(body))) * 2 < len(letters(page.text)):
        body = _paragraphs(_LINE_END.split(page.text))
    settle_pictures(body, base)
    mend_figures(body)
    _settle_links(body, base)
    unwrap(body)
    plain = spaced_text_of(body)
    if not wanted and may_be_none(plain, page.is_article):
        whole = parsed(text)
        for selector, how in zip(dropped, drop, strict=True):
            _drop(whole, selector, how, Dropped())
        refuse_no_article(whole, name, _said(page, "title") or "", plain, page.is_article, page.is_free)
    if not page.is_free:
        notes.append("the page says that not all of it is free to read: see whether the text is whole")
    if page.modified and page.modified != page.fields.get("date"):
        notes.append(f"modified: {page.modified}")
    fields = {key: value for key, value in page.fields.items() if key != "cover"}
    if subtitle and "subtitle" not in fields:
        fields["subtitle"] = subtitle
    fields["language"] = _language(page, plain, notes)
    return HtmlPage(
        _markup(body, root),
        {key: value for key, value in fields.items() if value},
        _omissions(left_out),
        tuple(notes),
        address=address,
        lead_picture=_said(page, "cover"),
    )


def _selector(text: str, option: str) -> CSSSelector:
    from cssselect import SelectorError

    try:
        return CSSSelector(text, translator="html")
    except (SelectorError, etree.XPathError) as error:
        raise UsageError(
            f"{option} “{text}” is not a CSS selector: {error}.",
            "Write it as in a style sheet, such as .note or #comments.",
        ) from None


def _saved_from(text: str) -> str | None:
    """The address that browsers write at the head of a page they save."""
    found = _SAVED_FROM.search(text[:4000])
    return found[1] if found and found[1].startswith(("http://", "https://")) else None


def _drop(root: etree._Element, selector: CSSSelector, how: str, left_out: Dropped) -> list[str]:
    matches = [element for element in selector(root) if element.getparent() is not None and element.tag != "body"]
    for element in matches:
        left_out.count(f"Dropped by --drop {how}", element)
        remove(element)
    return [] if matches else [f"--drop “{how}” matches nothing in the page"]


def _paragraphs(lines: Sequence[str]) -> etree._Element:
    """The article where a page gives its words alone, outside the tree or torn apart."""
    body = etree.Element("body")
    for line in lines:
        if words := " ".join(re.sub(r"<[^>]{0,400}>", " ", line).split()):
            etree.SubElement(body, "p").text = words
    return body


def _settle_links(body: etree._Element, base: str | None) -> None:
    here = (base or "").partition("#")[0]
    for link in list(body.iter("a")):
        href = link.get("href", "").strip()
        if href.startswith(("#", "mailto:", "tel:")) or not href:
            continue
        full = absolute(href, base)
        if full is None:
            del link.attrib["href"]
        elif here and full.startswith(here + "#"):
            link.set("href", full[len(here) :])
        else:
            link.set("href", full)


def _said(page: PageData, field: str) -> str | None:
    value = page.fields.get(field)
    return value if isinstance(value, str) else None


def _authors(page: PageData) -> list[str]:
    value = page.fields.get("authors")
    return [str(name) for name in value] if isinstance(value, list) else []


def _language(page: PageData, text: str, notes: list[str]) -> str | None:
    declared = _said(page, "language")
    found = detect_language(text)
    if declared and found and primary(declared) != primary(found):
        half = len(text) // 2
        found = found if {detect_language(text[:half]), detect_language(text[half:])} == {found} else None
    language = same_language(declared, found, len(text))
    if declared and language != declared:
        notes.append(f"the page says that its language is {declared}, its text is in {language}")
    return language


def _markup(body: etree._Element, root: etree._Element) -> str:
    """The inside of the body, with the direction that the page has as a whole."""
    direction = body.get("dir") or root.get("dir") or ""
    body.attrib.clear()
    whole = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
    inside = whole.removeprefix("<body>").removesuffix("</body>")
    return f'<div dir="rtl">{inside}</div>' if direction.lower() == "rtl" else inside


def _omissions(left_out: Dropped) -> tuple[Omission, ...]:
    return tuple(Omission(what, _REASON) for what in left_out.lines()[:_MOST_LISTED])
