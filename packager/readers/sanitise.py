"""The step in which every reader ends: an allow-list, then a tree that an EPUB can hold.

Nothing behind it meets a script, an event handler, a remote resource, an unclosed tag or loose text between blocks.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import nh3
from lxml import etree, html

from packager.model import XHTML
from packager.readers.tables import mend_tables
from packager.xhtml import PHRASING, append_text, elements, local_name, remove

_BLOCKS = frozenset(
    "address article aside blockquote body caption col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HOLDS_PHRASING_ALONE = frozenset("p h1 h2 h3 h4 h5 h6 dt figcaption caption summary pre address".split())
_HOLDS_BLOCKS_ALONE = frozenset("body blockquote section article aside div footer header main details".split())
_STRUCTURE_ALONE = frozenset("table thead tbody tfoot tr ol ul dl colgroup".split())
_ATTRIBUTES = {
    "*": {"lang", "dir", "id", "role", "title", "aria-label"},
    "a": {"href"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "data": {"value"},
    "del": {"datetime", "cite"},
    "img": {"src", "alt"},
    "ins": {"datetime", "cite"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
}
_LANGUAGE_TAG = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
_KEPT_ROLES = frozenset(
    "doc-noteref doc-endnotes doc-footnote doc-backlink doc-epigraph doc-pullquote note presentation".split()
)
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_XML_UNSAFE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_DEPTH = 120


def clean_body(markup: str) -> etree._Element:
    """Any HTML → a `<body>` tree in the XHTML namespace that holds only allowed elements and attributes.

    Ids get the prefix "n-", so that they never meet those of the sentences, and links inside the text follow.
    Raises nothing for malformed markup: what cannot be understood becomes text.
    """
    safe = nh3.clean(
        _XML_UNSAFE.sub("", markup),
        tags=set(PHRASING | _BLOCKS) - {"body"},
        attributes=_ATTRIBUTES,
        url_schemes=set(_LINK_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = (
        html.fragment_fromstring(safe, create_parent="body", parser=parser) if safe.strip() else etree.Element("body")
    )
    body = _to_xhtml(tree)
    _keep_good_attributes(body)
    _wrap_loose_text(body)
    _drop_empty(body)
    _mend_headings(body)
    mend_tables(body)
    return body


def _to_xhtml(tree: etree._Element) -> etree._Element:
    body = etree.Element(f"{{{XHTML}}}body", nsmap={None: XHTML})
    # An explicit stack: input nests deeper than Python's.
    pending = [(tree, body, 0)]
    while pending:
        source, target, depth = pending.pop()
        target.text = source.text
        flattened = depth >= _MAX_DEPTH
        for child in source:
            if not isinstance(child.tag, str) or flattened:
                text = ("" if not isinstance(child.tag, str) else "".join(child.itertext())) + (child.tail or "")
                append_text(target, text)
                continue
            copy = etree.SubElement(target, f"{{{XHTML}}}{child.tag}", dict(child.attrib))
            copy.tail = child.tail
            pending.append((child, copy, depth + 1))
    return body


def _keep_good_attributes(body: etree._Element) -> None:
    seen: set[str] = set()
    for element in body.iter():
        attributes = element.attrib
        if (language := attributes.pop("lang", None)) and _LANGUAGE_TAG.match(language):
            element.set("lang", language)
            element.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        if attributes.get("dir", "ltr") not in ("ltr", "rtl", "auto"):
            del attributes["dir"]
        if "role" in attributes and attributes["role"] not in _KEPT_ROLES:
            del attributes["role"]
        if anchor := attributes.pop("id", None):
            name = anchor_name(anchor)
            if name not in seen:
                seen.add(name)
                element.set("id", name)
        for number in ("colspan", "rowspan", "start", "value"):
            if (
                number in attributes
                and not re.fullmatch(r"-?\d{1,4}", attributes[number])
                and local_name(element) != "data"
            ):
                del attributes[number]
        if local_name(element) == "ol" and attributes.get("type", "1") not in ("1", "a", "A", "i", "I"):
            del attributes["type"]
        if attributes.get("scope", "col") not in ("row", "col", "rowgroup", "colgroup"):
            del attributes["scope"]
    for link in list(elements(body, "a")):
        _keep_good_link(link, seen)


def anchor_name(anchor: str) -> str:
    """The id that an id of the source gets: an XML name that no generated id can equal."""
    return "n-" + re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"_{ord(found[0]):x}", anchor)


def _keep_good_link(link: etree._Element, anchors: set[str]) -> None:
    href = link.get("href", "").strip()
    if href.startswith("#") and anchor_name(href[1:]) in anchors:
        link.set("href", "#" + anchor_name(href[1:]))
    elif _is_outside_address(href):
        link.set("href", href)
    else:
        link.attrib.clear()
        link.tag = f"{{{XHTML}}}span"


def _is_outside_address(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if not re.fullmatch(r"[!-~]+", href) or re.search(r'[<>"\\^`{|}\[\]]', href):
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname) and re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc.rpartition("@")[2]) is not None
    return parts.scheme in ("mailto", "tel") and bool(parts.path)


def _wrap_loose_text(body: etree._Element) -> None:
    """Give every run of text that stands beside blocks a paragraph of its own."""
    for parent in [body, *body.iterdescendants()]:
        name = local_name(parent)
        if name in _STRUCTURE_ALONE:
            parent.text = None
            for child in parent:
                child.tail = None
        elif name in _HOLDS_BLOCKS_ALONE or (
            name not in PHRASING and name not in _HOLDS_PHRASING_ALONE and any(map(_is_block, parent))
        ):
            _group_phrasing(parent)


def _is_block(element: etree._Element) -> bool:
    return local_name(element) not in PHRASING


def _group_phrasing(parent: etree._Element) -> None:
    children = list(parent)
    text, parent.text = parent.text, None
    for child in children:
        parent.remove(child)
    paragraph: etree._Element | None = None

    def add_text(loose: str | None) -> None:
        nonlocal paragraph
        if not loose or (paragraph is None and not loose.strip()):
            return
        if paragraph is None:
            paragraph = etree.SubElement(parent, f"{{{XHTML}}}p")
        append_text(paragraph, loose)

    add_text(text)
    for child in children:
        tail, child.tail = child.tail, None
        if _is_block(child) or (
            local_name(child) == "img" and local_name(parent) == "figure" and not (tail or "").strip()
        ):
            paragraph = None
            parent.append(child)
        else:
            if paragraph is None:
                paragraph = etree.SubElement(parent, f"{{{XHTML}}}p")
            paragraph.append(child)
        add_text(tail)


def _drop_empty(body: etree._Element) -> None:
    """Take out elements that hold nothing: they are silent stops for a screen reader."""
    keep = {"img", "hr", "br", "td", "th", "col", "wbr"}
    for element in reversed(list(body.iterdescendants())):
        name = local_name(element)
        if name in keep or len(element) or (element.text or "").strip():
            continue
        parent = element.getparent()
        if parent is None or (name in PHRASING and (element.text or element.get("id"))):
            continue
        remove(element)


def _mend_headings(body: etree._Element) -> None:
    """Shift headings so that the first level is h2 (the title is h1) and none is skipped on the way down."""
    open_levels: list[int] = []
    for heading in elements(body, "h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(local_name(heading)[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading.tag = f"{{{XHTML}}}h{min(len(open_levels) + 1, 6)}"
