"""The step in which every reader ends: an allow-list, then a tree that an EPUB can hold.

Nothing behind it meets a script, an event handler, a remote resource, an unclosed tag or loose text between blocks.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

import nh3
from lxml import etree, html

from packager.languages import normal_tag
from packager.model import XHTML
from packager.patterns import late_pattern
from packager.readers import mathml
from packager.readers.dates import is_iso_date
from packager.readers.numbered_notes import settle_notes
from packager.readers.structure import mend_headings, mend_structure
from packager.readers.tables import mend_tables
from packager.readers.white_space import settle_white_space
from packager.xhtml import PHRASING, anchor_name, elements, local_name, remove, set_language

_BLOCKS = frozenset(
    "article aside blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
_PLAIN_BLOCKS = frozenset("address center dialog dir fieldset footer form header hgroup legend main menu nav".split())
"""Blocks that mean nothing in a book, or may stand in few places: they become `div`, so that their words stay apart."""

_ATTRIBUTES = {
    "*": {"lang", "xml:lang", "dir", "id", "role", "title", "aria-label"},
    "a": {"href"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "img": {"src", "alt"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    **{name: set(mathml.ATTRIBUTES) for name in mathml.ELEMENTS},
}
_VALUES = {
    "dir": frozenset({"ltr", "rtl", "auto"}),
    "reversed": frozenset({"", "reversed"}),
    "scope": frozenset({"row", "col", "rowgroup", "colgroup"}),
    "type": frozenset("1aAiI"),
}
_ROLES = {
    "a": ("doc-noteref", "doc-backlink"),
    "aside": ("note", "doc-footnote", "doc-pullquote"),
    "img": ("presentation",),
    "section": ("doc-endnotes", "doc-epigraph", "doc-pullquote"),
    "table": ("presentation",),
}
"""Roles by the elements that may have them (ARIA in HTML; DPUB-ARIA 1.0)."""

_NUMBERS = {"colspan": (1, 1000), "rowspan": (0, 65534), "start": (-9999, 9999), "value": (-9999, 9999)}
# "data:" gets through the first step for pictures that their address holds; links to it go in the last.
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_XML_UNSAFE = late_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = late_pattern(r'<(?P<end>/?)(?P<name>[a-zA-Z0-9]+)(?:[^>"]|"[^"]*")*>')
_VOID = frozenset("br hr img".split())
_MAX_DEPTH = 120


def clean_body(markup: str) -> etree._Element:
    """Any HTML → a `<body>` tree in the XHTML namespace that holds only allowed elements and attributes.

    Ids get the prefix "n-", so that they never meet those of the sentences, and links inside the text follow.
    Raises nothing for malformed markup: what cannot be understood becomes text.
    """
    safe = _without_depth(_cleaned(markup))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = (
        html.fragment_fromstring(safe, create_parent="body", parser=parser) if safe.strip() else etree.Element("body")
    )
    body = _to_xhtml(tree)
    formulas = mathml.put_aside(body)
    _keep_good_attributes(body)
    mend_structure(body)
    mend_headings(body)
    mend_tables(body)
    settle_notes(body)
    mend_links(body)
    mathml.put_back(body, formulas)
    settle_white_space(body)
    return body


def mend_again(body: etree._Element) -> None:
    """Bring a clean tree into order once more: where a picture has gone, an empty element or loose text may be left."""
    formulas = mathml.put_aside(body)
    mend_structure(body)
    mathml.put_back(body, formulas)


def _cleaned(markup: str) -> str:
    return nh3.clean(
        _XML_UNSAFE.sub("", markup),
        tags=set(PHRASING | _BLOCKS | _PLAIN_BLOCKS | mathml.ELEMENTS) - {"data", "wbr"},
        clean_content_tags={"script", "style", *mathml.DROPPED},
        attributes=_ATTRIBUTES,
        url_schemes={*_LINK_SCHEMES, "data"},
        link_rel=None,
        strip_comments=True,
    )


def _without_depth(markup: str) -> str:
    """Leave out the tags of elements that nest deeper than `_MAX_DEPTH`: behind 2048 libxml2 drops the text as well.

    `markup` is nh3's: every element but the void ones is closed, every attribute stands in double quotes.
    """
    depth = 0

    def shallow(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag["name"] in _VOID:
            return tag[0]
        depth -= bool(tag["end"])
        kept = depth < _MAX_DEPTH
        depth += not tag["end"]
        return tag[0] if kept else "" if tag["name"] in PHRASING else " "

    return _TAG.sub(shallow, markup)


def _to_xhtml(tree: etree._Element) -> etree._Element:
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    pending = [(tree, body)]
    while pending:
        source, target = pending.pop()
        target.text = source.text
        for child in source:
            name = "div" if child.tag in _PLAIN_BLOCKS else child.tag
            copy = etree.SubElement(target, f"{{{XHTML}}}{name}", _html_attributes(child))
            copy.tail = child.tail
            pending.append((child, copy))
    return body


def _html_attributes(element: etree._Element) -> dict[str, str]:
    """Its attributes without prefixes: XHTML has the language as xml:lang, and formulas have what HTML does not know."""
    attributes = {key: value for key, value in element.attrib.items() if ":" not in key}
    if language := element.get("xml:lang"):
        attributes.setdefault("lang", language)
    return attributes


def _keep_good_attributes(body: etree._Element) -> None:
    seen: set[str] = set()
    for element in body.iter():
        attributes, name = element.attrib, local_name(element)
        if language := normal_tag(attributes.pop("lang", "")):
            set_language(element, language)
        if anchor := attributes.pop("id", None):
            anchor = anchor_name(anchor)
            if anchor not in seen:
                seen.add(anchor)
                element.set("id", anchor)
        if attributes.get("href", "").strip().startswith("#"):
            attributes["href"] = "#" + anchor_name(unquote(attributes["href"].strip()[1:]))
        for key in [key for key, value in attributes.items() if not _is_good(name, key, value)]:
            del attributes[key]
        if (name == "time" and "datetime" not in attributes) or (name == "bdo" and "dir" not in attributes):
            element.tag = f"{{{XHTML}}}span"
            attributes.pop("datetime", None)


def _is_good(name: str, attribute: str, value: str) -> bool:
    """Whether an element may have an attribute with this value; those that any value suits are not asked about."""
    if attribute in _VALUES:
        return value in _VALUES[attribute]
    if attribute == "role":
        return value in _ROLES.get(name, ())
    if attribute in _NUMBERS:
        low, high = _NUMBERS[attribute]
        return re.fullmatch(r"-?[0-9]{1,5}", value) is not None and low <= int(value) <= high
    return name != "time" or attribute != "datetime" or is_iso_date(value)


def mend_links(body: etree._Element) -> None:
    """Let links lead to what is there: an anchor of the text, or an address on the network. Others become plain text."""
    anchors = {element.get("id") for element in body.iter() if element.get("id")}
    for link in list(elements(body, "a")):
        href = link.get("href", "").strip()
        address = href if href[:1] == "#" and href[1:] in anchors else _outside_address(href)
        if address:
            link.set("href", address)
        elif link.get("role") == "doc-backlink":
            remove(link)
        else:
            for name in ("href", "role"):
                link.attrib.pop(name, None)
            link.tag = f"{{{XHTML}}}span"


def _outside_address(href: str) -> str | None:
    """An address on the network, spelt as RFC 3986 wants it; None for what is no such address."""
    before, mark, fragment = quote(href, safe="!#$%&'()*+,/:;=?@[]~").partition("#")
    address = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", before + mark + fragment.replace("#", "%23"))
    try:
        parts = urlsplit(address)
        good_host = (
            bool(parts.hostname) and re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc.rpartition("@")[2]) is not None
        )
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and not good_host:
        return None
    if parts.scheme in ("mailto", "tel") and not parts.path:
        return None
    return address.replace("[", "%5B").replace("]", "%5D") if parts.scheme in _LINK_SCHEMES else None
