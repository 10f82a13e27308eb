"""Elements where XHTML allows them: nothing stray, no loose text between blocks, no empty stops, headings without gaps.

A book is checked against the content models of HTML; browsers forgive, EPUBCheck and some reading systems do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from packager.model import XHTML
from packager.xhtml import PHRASING, append_text, elements, local_name, remove, set_language, text_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HOLDS_PHRASING_ALONE = frozenset({*_HEADINGS, "p", "dt", "summary", "pre", "caption"})
_HOLDS_BLOCKS_ALONE = frozenset("body blockquote section article aside div details figure".split())
_TABLE_PARTS = frozenset("table thead tbody tfoot tr".split())
_STRUCTURE_ALONE = _TABLE_PARTS | {"ul", "ol", "dl"}
_STRAYS = {
    "li": ("ul ol", "div"),
    "dt": ("dl", "p"),
    "dd": ("dl", "div"),
    "figcaption": ("figure", "div"),
    "summary": ("details", "p"),
    "rt": ("ruby", "span"),
    "rp": ("ruby", "span"),
}
"""What may stand in certain parents alone, those parents, and what it becomes anywhere else."""

_SOLID = frozenset("img hr td th".split())
"""What is something although it has no text; so is the end of a link inside a line."""


def mend_structure(body: etree._Element) -> None:
    """Bring the elements of a tree into the order that XHTML asks for. Words stay, in the order in which they are."""
    _keep_lines_apart(body)
    _push_inline_markup_down(body)
    _flatten(body)
    _mend_lists(body)
    _mend_places(body)
    _wrap_loose_text(body)
    _mend_silent_links(body)
    _drop_empty(body)
    _mend_order_of_tables(body)
    _mend_groups(body)


def _keep_lines_apart(body: etree._Element) -> None:
    """White space behind every line break, so that the words around it stay two for whoever takes the text alone."""
    for line_break in list(elements(body, "br")):
        if not (line_break.tail or "")[:1].isspace():
            line_break.tail = "\n" + (line_break.tail or "")
        if any(local_name(outer) == "pre" for outer in line_break.iterancestors()):
            remove(line_break)


def mend_headings(body: etree._Element) -> None:
    """Shift headings so that the first level is h2 (the title is h1) and none is skipped on the way down.

    A heading that says nothing is none: it would be an empty line in the table of contents.
    """
    open_levels: list[int] = []
    for heading in list(elements(body, *_HEADINGS)):
        if not text_of(heading) and not any(image.get("alt") for image in elements(heading, "img")):
            heading.tag = f"{{{XHTML}}}p"
            continue
        level = int(local_name(heading)[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading.tag = f"{{{XHTML}}}h{min(len(open_levels) + 1, 6)}"


def _is_block(element: etree._Element) -> bool:
    return local_name(element) not in PHRASING


def _rename(element: etree._Element, name: str) -> None:
    element.tag = f"{{{XHTML}}}{name}"


def _push_inline_markup_down(body: etree._Element) -> None:
    """Markup of a line that is put around blocks (a link around a heading) goes into each of them instead."""
    for element in reversed(list(body.iterdescendants())):
        if not _is_block(element) and any(map(_is_block, element)):
            attributes = dict(element.attrib)

            def copy(tag: str = element.tag, attributes: dict[str, str] = attributes) -> etree._Element:
                made = etree.Element(tag, attributes)
                attributes.pop("id", None)
                return made

            _wrap_runs(element, copy)
            _dissolve(element)


def _wrap_runs(container: etree._Element, make: Callable[[], etree._Element]) -> None:
    """Put every run of text in a container, and in the blocks inside it, into an element of its own."""
    for child in list(container):
        if _is_block(child):
            _wrap_runs(child, make)
    if local_name(container) not in _STRUCTURE_ALONE:
        _group_phrasing(container, make)


def _dissolve(element: etree._Element) -> None:
    """Put the children of an element, which has no text of its own, in its place."""
    parent, tail = element.getparent(), element.tail
    children = list(element)
    element.tail = None
    for child in reversed(children):
        element.addnext(child)
    if tail:
        last = children[-1]
        last.tail = (last.tail or "") + tail
    parent.remove(element)


def _flatten(body: etree._Element) -> None:
    """Make one line of blocks inside what holds a line alone; a space keeps their words apart."""
    for element in list(body.iterdescendants()):
        if local_name(element) in _HOLDS_PHRASING_ALONE and any(map(_is_block, element.iterdescendants())):
            for inner in [inner for inner in element.iterdescendants() if _is_block(inner)]:
                language = inner.get("lang")
                inner.attrib.clear()
                if language:
                    set_language(inner, language)
                _rename(inner, "span")
                append_text(inner, " ")


def _mend_lists(body: etree._Element) -> None:
    """Lists hold items alone: what else stands in them becomes one. A list of terms out of order is no such list."""
    for listing in list(elements(body, "ul", "ol")):
        _group_phrasing(listing, lambda: etree.Element(f"{{{XHTML}}}li"))
        for child in [child for child in listing if local_name(child) != "li"]:
            item = etree.Element(f"{{{XHTML}}}li")
            listing.replace(child, item)
            item.append(child)
    for listing in list(elements(body, "dl")):
        for group in [child for child in listing if local_name(child) == "div" and len(child) and not child.text]:
            _dissolve(group)
        names = [local_name(child) for child in listing]
        in_order = names[:1] == ["dt"] and names[-1] == "dd" and set(names) == {"dt", "dd"}
        if not in_order or _loose_text(listing):
            _rename(listing, "div")


def _loose_text(element: etree._Element) -> bool:
    return any(text and text.strip() for text in (element.text, *(child.tail for child in element)))


def _mend_places(body: etree._Element) -> None:
    for element in list(body.iterdescendants()):
        name = local_name(element)
        if name in _STRAYS:
            parents, instead = _STRAYS[name]
            if local_name(element.getparent()) not in parents.split():
                _rename(element, instead)
        if name == "li" and local_name(element.getparent()) != "ol":
            element.attrib.pop("value", None)
        if name in _HEADINGS and any(local_name(outer) == "th" for outer in element.iterancestors()):
            _rename(element, "p")


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
            _group_phrasing(parent, lambda: etree.Element(f"{{{XHTML}}}p"))


def _group_phrasing(parent: etree._Element, make: Callable[[], etree._Element]) -> None:
    """Put each run of text and inline elements between the blocks of an element into one that `make` gives."""
    children = list(parent)
    text, parent.text = parent.text, None
    for child in children:
        parent.remove(child)
    run: etree._Element | None = None

    def open_run() -> etree._Element:
        nonlocal run
        if run is None:
            run = make()
            parent.append(run)
        return run

    def add_text(loose: str | None) -> None:
        if loose and (run is not None or loose.strip()):
            append_text(open_run(), loose)

    add_text(text)
    for child in children:
        tail, child.tail = child.tail, None
        lone_picture = local_name(child) == "img" and local_name(parent) == "figure" and not (tail or "").strip()
        if _is_block(child) or lone_picture:
            run = None
            parent.append(child)
        else:
            open_run().append(child)
        add_text(tail)


def _mend_silent_links(body: etree._Element) -> None:
    """A link that nobody can hear is none; the place that it marks, and a picture in it, stay."""
    for link in list(elements(body, "a")):
        if not text_of(link) and not any(image.get("alt", "").strip() for image in elements(link, "img")):
            language = link.get("lang")
            name = link.get("id")
            link.attrib.clear()
            if name:
                link.set("id", name)
            if language:
                set_language(link, language)
            _rename(link, "span")


def _drop_empty(body: etree._Element) -> None:
    """Take out elements that hold nothing: they are silent stops for a screen reader."""
    for element in reversed(list(body.iterdescendants())):
        if _is_block(element):
            empty = not _has_text(element) and not any(map(_is_solid, element.iter()))
        else:
            empty = not (len(element) or element.text or local_name(element) == "br" or _is_solid(element))
        if empty:
            remove(element)


def _is_solid(element: etree._Element) -> bool:
    return local_name(element) in _SOLID or (not _is_block(element) and element.get("id") is not None)


def _has_text(element: etree._Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _mend_groups(body: etree._Element) -> None:
    """What has to begin or end its parent, and does not, becomes an ordinary block."""
    for details in list(elements(body, "details")):
        for summary in [child for child in details if local_name(child) == "summary" and child is not details[0]]:
            _rename(summary, "p")
        if local_name(details[0]) != "summary":
            _rename(details, "div")
    for figure in elements(body, "figure"):
        captions = [child for child in figure if local_name(child) == "figcaption"]
        good = next((caption for caption in reversed(captions) if caption in (figure[-1], figure[0])), None)
        for caption in captions:
            if caption is not good:
                _become_div(caption)
    for listing in list(elements(body, "dl")):
        names = [local_name(child) for child in listing]
        if names[0] != "dt" or names[-1] != "dd":
            _rename(listing, "div")
            for term in listing:
                _become_div(term)
    _mend_inline_groups(body)


def _become_div(element: etree._Element) -> None:
    _rename(element, "div")
    _group_phrasing(element, lambda: etree.Element(f"{{{XHTML}}}p"))


def _mend_order_of_tables(body: etree._Element) -> None:
    """A table begins with its one caption, then its one head; other captions become paragraphs before it."""
    for table in list(elements(body, "table")):
        captions = [child for child in table if local_name(child) == "caption"]
        for caption in captions[1:]:
            _rename(caption, "p")
            table.addprevious(caption)
        if captions and captions[0] is not table[0]:
            table.insert(0, captions[0])
        groups = [child for child in table if local_name(child) != "caption"]
        for group in groups:
            place = {"thead": groups[0], "tfoot": groups[-1]}.get(local_name(group), group)
            if group is not place:
                _rename(group, "tbody")


def _mend_inline_groups(body: etree._Element) -> None:
    """A ruby is text followed by its reading, again and again; a definition holds no other."""
    for ruby in list(elements(body, "ruby")):
        if len(ruby) and local_name(ruby[-1]) in ("rt", "rp"):
            # Text behind the last reading has none itself: it goes on behind the ruby.
            ruby.tail = (ruby[-1].tail or "") + (ruby.tail or "")
            ruby[-1].tail = None
        if not re.fullmatch(r"(?:B+(?:T|PTP))+", _parts_of_ruby(ruby)):
            for part in [ruby, *(child for child in ruby if local_name(child) in ("rt", "rp"))]:
                _rename(part, "span")
    for term in list(elements(body, "dfn")):
        if any(local_name(outer) == "dfn" for outer in term.iterancestors()):
            _rename(term, "span")


def _parts_of_ruby(ruby: etree._Element) -> str:
    """A letter for each part: B(ase), T(ext of the reading), P(arenthesis)."""
    parts = "B" if (ruby.text or "").strip() else ""
    for child in ruby:
        parts += {"rt": "T", "rp": "P"}.get(local_name(child), "B")
        parts += "B" if (child.tail or "").strip() else ""
    return parts
