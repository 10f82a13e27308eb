"""Blocks of text as Markdown; what Markdown has no words for as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from packager.writers.markdown.lines import Manner, braces, cell_of, line_of, one_line_of
from packager.writers.markdown.raw import attributes_of, closing, holds_blocks, html_of, opening
from packager.writers.markdown.sameness import WHITE, writable
from packager.xhtml import elements, local_name

WRAPPERS = frozenset("article aside details div section".split())
"""Elements of HTML between whose tags there may be Markdown."""

_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_CAPTION = re.compile(r'[^"\\&<>*_`\[\]\n]+')


def markdown_of_block(element: etree._Element, manner: Manner, known: Mapping[etree._Element, str]) -> str:
    """One block as Markdown. `known` are blocks whose Markdown is settled."""
    if element in known:
        return known[element]
    name = local_name(element)
    if name in WRAPPERS:
        return _wrapper(element, manner, known)
    marks = braces(element, ("start",) if name == "ol" else ())
    if marks is None:
        return html_of(element)
    if name in _HEADINGS:
        line = one_line_of(element, manner)
        return f"{'#' * int(name[1])} {_without_closing_marks(line)}" + (f" {marks}" if marks else "")
    written = _written(element, name, manner, known)
    if written is None:
        return html_of(element)
    return f"{marks}\n{written}" if marks else written


def blocks_of(element: etree._Element, manner: Manner, known: Mapping[etree._Element, str], apart: str = "\n\n") -> str:
    """The blocks inside an element."""
    return apart.join(markdown_of_block(child, manner, known) for child in element)


def _written(element: etree._Element, name: str, manner: Manner, known: Mapping[etree._Element, str]) -> str | None:
    if name == "p":
        # A picture alone in a paragraph would be a figure.
        return None if _is_picture_alone(element) else line_of(element, manner)
    if name in ("ul", "ol"):
        return _list(element, manner, known)
    if name == "blockquote":
        return _prefixed(blocks_of(element, manner, known), "> ", "> ")
    if name == "figure":
        return _figure(element, manner)
    if name == "table":
        return _table(element, manner)
    if name == "dl":
        return _terms(element, manner, known)
    if name == "pre":
        return _code_block(element)
    return "---" if name == "hr" else None


def _is_picture_alone(element: etree._Element) -> bool:
    return [local_name(child) for child in element] == ["img"] and not "".join(element.itertext()).strip()


def _wrapper(element: etree._Element, manner: Manner, known: Mapping[etree._Element, str]) -> str:
    children = list(element)
    head = opening(element)
    if children and local_name(children[0]) == "summary":
        head += f"\n{html_of(children.pop(0))}"
    inside = "\n\n".join(markdown_of_block(child, manner, known) for child in children)
    return f"{head}\n\n{inside}\n\n{closing(element)}"


def _without_closing_marks(line: str) -> str:
    """A heading whose last word is of # signs would lose them."""
    return re.sub(r"(?:(?<=\s)|^)(#+)$", r"\\\1", line)


def _list(element: etree._Element, manner: Manner, known: Mapping[etree._Element, str]) -> str | None:
    if any(item.attrib for item in element):
        return None
    other = _lists_before(element) % 2 == 1
    numbered = local_name(element) == "ol"
    number = int(element.get("start", "1"))
    tight = _is_tight(element)
    items: list[str] = []
    for item in element:
        mark = f"{number}{')' if other else '.'} " if numbered else "* " if other else "- "
        inside = (
            blocks_of(item, manner, known, "\n" if tight else "\n\n") if holds_blocks(item) else line_of(item, manner)
        )
        items.append(_prefixed(inside, mark, " " * len(mark)))
        number += 1
    if tight and any("\n\n" in item for item in items):
        # An empty line anywhere would make paragraphs of all items.
        return None
    return ("\n" if tight else "\n\n").join(items)


def _lists_before(element: etree._Element) -> int:
    """How many lists of the same kind stand directly before this one: Markdown would join them without another mark."""
    count, before = 0, element.getprevious()
    while before is not None and local_name(before) == local_name(element):
        count, before = count + 1, before.getprevious()
    return count


def _is_tight(listing: etree._Element) -> bool:
    """Whether the items are lines of text, which may have lists below them, and not paragraphs."""
    if any(not holds_blocks(item) for item in listing):
        return True
    shapes = [[local_name(child) for child in item] for item in listing]
    return all(shape[0] == "p" and len(shape) > 1 and set(shape[1:]) <= {"ul", "ol"} for shape in shapes)


def _figure(element: etree._Element, manner: Manner) -> str | None:
    names = [local_name(child) for child in element]
    if manner.tagged or element.attrib or names not in (["img"], ["img", "figcaption"]):
        return None
    image = element[0]
    if set(attributes_of(image)) != {"src", "alt"}:
        return None
    caption = ""
    if len(names) == 2:
        caption = WHITE.sub(" ", writable(element[1].text or "")).strip(" ")
        if len(element[1]) or element[1].attrib or not _CAPTION.fullmatch(caption):
            return None
    alone = etree.Element("p")
    alone.append(etree.fromstring(etree.tostring(image, with_tail=False)))
    line = line_of(alone, manner)
    return f'{line[:-1]} "{caption}")' if caption and line.endswith(")") else line


def _table(element: etree._Element, manner: Manner) -> str | None:
    if [local_name(child) for child in element] != ["thead", "tbody"]:
        return None
    rows = [[list(row) for row in group] for group in element]
    cells = [cell for group in rows for row in group for cell in row]
    width = len(rows[0][0]) if len(rows[0]) == 1 else -1
    if any(len(row) != width for row in rows[1]) or any(map(holds_blocks, cells)):
        return None
    if any(not set(cell.attrib) <= {"scope"} for cell in cells):
        return None
    lines = [[cell_of(cell, manner) for cell in row] for row in (*rows[0], *rows[1])]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _terms(element: etree._Element, manner: Manner, known: Mapping[etree._Element, str]) -> str | None:
    if any(child.attrib for child in element):
        return None
    definitions = list(elements(element, "dd"))
    loose = all(map(holds_blocks, definitions))
    if not loose and any(map(holds_blocks, definitions)):
        return None
    written = ""
    for child in element:
        if local_name(child) == "dt":
            written += ("\n\n" if written else "") + one_line_of(child, manner)
        else:
            inside = blocks_of(child, manner, known) if loose else one_line_of(child, manner)
            written += ("\n\n" if loose else "\n") + _prefixed(inside, ": ", "  ")
    return written


def _code_block(element: etree._Element) -> str | None:
    code = element[0] if len(element) == 1 else None
    if code is None or local_name(code) != "code" or len(code) or code.attrib or element.attrib:
        return None
    if (element.text or "") + (code.tail or "").strip("\n"):
        return None
    text = writable(code.text or "").rstrip("\n")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _prefixed(text: str, first: str, others: str) -> str:
    """Lines with a mark before the first and another before the rest; empty lines get none that ends in spaces."""
    marks = [first, *[others] * text.count("\n")]
    lines = zip(marks, text.split("\n"), strict=True)
    return "\n".join(mark + line if line else mark.rstrip(" ") for mark, line in lines)
