"""A page's tree brought into a shape that can be judged block by block: every run of text stands in a block of its own."""

from __future__ import annotations

from lxml import etree

from packager.readers.html.page import tree_of
from packager.xhtml import PHRASING, append_text, remove

INLINE = PHRASING | frozenset(
    "acronym big blink button font label nobr strike tt math svg picture input select audio video".split()
)
"""What stands inside a line, in pages of any age."""

_DEAD = frozenset(
    "script style template link meta base title embed canvas area frame param annotation annotation-xml".split()
)
_FEW_WORDS = 100
_WHOLE = frozenset("pre math svg table tbody thead tfoot tr ul ol dl select ruby picture".split())
"""What has children of its own kinds, and is not to be filled up with paragraphs."""


def drop_silent(root: etree._Element) -> None:
    """Take out of a page what prints nothing, so that all that follows need not pass it.

    Linked data stays: the library looks for the article in it.
    """
    etree.strip_elements(root, "link", "meta", with_tail=False)
    for element in list(root.iter("script", "style")):
        if element.get("type") != "application/ld+json" and next(element.iterancestors("svg"), None) is None:
            remove(element)


def tidy(body: etree._Element) -> None:
    """Take out what can hold no text of an article, unfold `<noscript>`, put loose text into paragraphs."""
    # The parser does not know that these are empty, and takes what follows for their content.
    etree.strip_tags(body, "track", "wbr")
    for element in list(body.iter("noscript")):
        _unfold(element)
    for element in body.iter("iframe"):
        # Markup that no browser shows; an open one swallows all that follows it.
        element.text = None
    for element in list(body.iterdescendants(*_DEAD)):
        if next(element.iterancestors("svg"), None) is None:
            remove(element)
    holders, innermost = block_elements(body)
    blocks = holders.union(innermost)
    for container in holders.union(element.getparent() for element in body.iter("br")):
        if container.tag not in INLINE and container.tag not in _WHOLE:
            _split(container, blocks)


def unwrap(body: etree._Element) -> None:
    """Take away the boxes that mean nothing: each `div` without a language that no link leads to, what is put around all."""
    ends = {(link.get("href") or "")[1:] for link in body.iter("a") if (link.get("href") or "").startswith("#")}
    for box in list(body.iter("div", "center", "main", "article", "section")):
        around_all = box.tag != "div" and box.getparent() is body and len(body) == 1
        if (box.tag in ("div", "center", "main") or around_all) and _means_nothing(box, ends):
            outer = box.getparent()
            place = outer.index(box)
            outer[place : place + 1] = list(box)


def _has_loose_text(box: etree._Element) -> bool:
    """Whether words stand in an element beside its children."""
    return any(map(str.strip, filter(None, [box.text, *(child.tail for child in box)])))


def _means_nothing(box: etree._Element, ends: set[str]) -> bool:
    return (
        box.getparent().tag in ("body", "div", "center", "main", "article", "section")
        and len(box) > 0
        and box.get("id") not in ends
        and not {"lang", "dir", "role", "title", "aria-label"} & set(box.attrib)
        and all(child.tag not in INLINE for child in box)
        and not (box.tail or "").strip()
        and not _has_loose_text(box)
    )


def _unfold(noscript: etree._Element) -> None:
    """Put the pictures that are shown without scripts in the place of a `<noscript>`, or its text if that is long."""
    # Its content is a tree or, in other places, the text of one.
    inner = noscript if len(noscript) else tree_of(f"<div>{noscript.text or ''}</div>")
    if inner is not None:
        words = len("".join(inner.itertext()).split())
        whole = inner if inner is noscript else inner.find("body")
        for child in reversed(list(whole) if words >= _FEW_WORDS and whole is not None else list(inner.iter("img"))):
            child.tail = None
            noscript.addnext(child)
    remove(noscript)


def block_elements(body: etree._Element) -> tuple[set[etree._Element], list[etree._Element]]:
    """The elements that hold others that begin a new line, and those that begin one and hold none, in document order.

    An inline element that is put around blocks (a link around a heading) is a block itself.
    """
    holders: set[etree._Element] = set()
    innermost: list[etree._Element] = []
    for element in reversed(list(body.iter())):
        if element in holders:
            holders.add(element.getparent())
        elif element.tag not in INLINE:
            innermost.append(element)
            holders.add(element.getparent())
    holders.discard(body.getparent())
    return holders, innermost[::-1]


def _split(container: etree._Element, blocks: set[etree._Element]) -> None:
    """Put each run of text beside blocks, or between two line breaks, into a paragraph."""
    children = list(container)
    mixed = any(child in blocks for child in children)
    if not mixed and not _has_double_break(children):
        return
    if blocks.issuperset(children) and not _has_loose_text(container):
        # The same as what follows, without taking all apart: most containers are so.
        container.text = None
        for child in children:
            child.tail = None
        return
    if container.tag == "p" and not mixed:
        container.tag = "div"
    run: etree._Element | None = None
    text, container.text = container.text, None
    for child in children:
        container.remove(child)

    def open_run() -> etree._Element:
        nonlocal run
        if run is None:
            run = etree.SubElement(container, "p")
        return run

    def add(text: str | None) -> None:
        if text and (run is not None or text.strip()):
            append_text(open_run(), text)

    add(text)
    for position, child in enumerate(children):
        tail, child.tail = child.tail, None
        if child in blocks:
            run = None
            container.append(child)
        elif child.tag == "br" and (_next_breaks(children, position, tail) or run is None):
            run = None
        else:
            open_run().append(child)
        add(tail)


def _has_double_break(children: list[etree._Element]) -> bool:
    return any(
        child.tag == "br" and _next_breaks(children, position, child.tail) for position, child in enumerate(children)
    )


def _next_breaks(children: list[etree._Element], position: int, tail: str | None) -> bool:
    following = children[position + 1] if position + 1 < len(children) else None
    return following is not None and following.tag == "br" and not (tail or "").strip()
