"""From the bytes of a web page to a tree that nothing hostile can make slow.

The order of encodings is that of the HTML standard (13.2.3.2): byte order mark, what the server says, what the page says
in its first bytes, what the text looks like.
"""

from __future__ import annotations

import codecs
import re

import nh3
from lxml import etree, html

from packager.errors import SourceError

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}encoding=["']([\w.:-]{2,40})""", re.I
)
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
"""Browsers read these encodings as the wider ones that their pages are really written in (WHATWG Encoding, 4.2)."""

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_NUMBER = re.compile(r"&#(?:x0*(?P<hex>[0-9a-f]{1,8})|0*(?P<decimal>[0-9]{1,9}))(?![0-9a-f]);?", re.I)
_TOO_MANY_ATTRIBUTES = re.compile(
    r"""(<[a-zA-Z][^\s<>/]*+(?:\s++[^\s=<>/"']++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>]++))?+){200})[^>]*"""
)
_KIND = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_MAX_DEPTH = 200
_IS_DEEP = etree.XPath("boolean(" + "/*" * (_MAX_DEPTH + 2) + ")")
_MAX_ELEMENTS = 400_000
_IS_HUGE = etree.XPath(f"boolean(descendant::*[{_MAX_ELEMENTS}])")
_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-zA-Z0-9]+)(?:[^>"]|"[^"]*")*>')
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def decoded(data: bytes, declared_charset: str | None) -> tuple[str, str]:
    """The text of a page and the encoding it was in, as Python names it."""
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            return data.decode(name, "replace"), name
    found = _DECLARED.search(data[:4096])
    in_page = (found[1] or found[2]).decode("ascii") if found else None
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    for declared in filter(None, (_codec(declared_charset), _codec(in_page))):
        text = data.decode(declared, "replace")
        # A broken byte or two do not make it another encoding.
        if text.count("\ufffd") <= len(text) // 2000:
            return text, declared
    from packager.readers.encoding import guess_encoding

    guessed = guess_encoding(data)
    return (data.decode(guessed), guessed) if guessed else (data.decode("utf-8", "replace"), "utf-8")


def _codec(name: str | None) -> str | None:
    try:
        known = codecs.lookup((name or "").strip().lower()).name
    except LookupError:
        return None
    # A page that could be read so far as to find "utf-16" in it is not in UTF-16.
    return "utf-8" if known.startswith(("utf-16", "utf-32")) else _WIDER.get(known, known)


def parsed(text: str) -> etree._Element:
    """The tree of a page, its root `<html>`.

    It lacks what makes parsers slow: more than 200 attributes, elements more than 200 deep. Raises
    `SourceError` when the page has no element, or more than any article has.
    """
    text = _TOO_MANY_ATTRIBUTES.sub(r"\1", _NUMBER.sub(_character, _for_xml(text)))
    root = tree_of(text)
    if root is not None and _IS_DEEP(root):
        text = _shallow(text)
        root = tree_of(text)
    if root is None or root.tag != "html":
        raise SourceError("The page is empty.", "Save the page in the browser and give the file.")
    if _IS_HUGE(root):
        raise SourceError(
            f"The page has more than {_MAX_ELEMENTS:,} elements, too many for one article.",
            "Save the part that you want as a page of its own.",
        )
    return root


def tree_of(text: str) -> etree._Element | None:
    """The tree of some HTML, its root `<html>`; None when there is no element in it."""
    # Not lxml.html's parser: its elements are looked up in Python, which makes every step through the tree slow. They are of
    # its kind all the same, for libraries that take no other.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_KIND)
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None


def _for_xml(text: str) -> str:
    """A text without the characters that XML has not."""
    # Nearly no page has one, which is seen twice as fast in bytes.
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        return _NOT_IN_XML.sub("", text)
    clean = len(data.translate(None, _CONTROLS)) == len(data) and "\ufffe" not in text and "\uffff" not in text
    return text if clean else _NOT_IN_XML.sub("", text)


def _character(reference: re.Match[str]) -> str:
    """A character by its number, as browsers take it (HTML, 13.2.5.80): old pages mean cp1252; "" where XML has no such."""
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["decimal"])
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "ignore")
    return "" if code > 0x10FFFF or _NOT_IN_XML.match(chr(code)) else reference[0]


def _shallow(text: str) -> str:
    """The page with the tags of its deepest elements left out: libxml2 drops the text behind level 2048."""
    attributes = {"*": {"class", "id", "lang", "dir", "role", "src", "alt", "href", "title"}}
    balanced = nh3.clean(text, attributes=attributes, link_rel=None)
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag["name"] in _VOID:
            return tag[0]
        depth -= bool(tag["end"])
        shallow = depth < _MAX_DEPTH // 2
        depth += not tag["end"]
        return tag[0] if shallow else " "

    return _TAG.sub(kept, balanced)
