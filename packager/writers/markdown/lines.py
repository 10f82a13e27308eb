"""Lines of text with their markup, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from packager.writers.markdown.escaping import escaped, safe_lines
from packager.writers.markdown.raw import attributes_of, closing, opening
from packager.writers.markdown.sameness import WHITE, writable
from packager.xhtml import local_name

_MARKS = {"em": "*", "strong": "**", "s": "~~"}
_OF_SPANS = frozenset({"id", "lang", "dir"})
_OF_LINKS = frozenset({"href", "title", "id"})
_PLAIN_NAME = re.compile(r"[A-Za-z][\w-]*")
_PLAIN_ADDRESS = re.compile(r"[^\s<>()\\]+")


@dataclass(frozen=True)
class Manner:
    """How lines are written. `tagged`: markup as HTML tags; `careful`: every mark of the text escaped as well.

    `one_line`: where Markdown has no place for a line end (headings, cells). `notes` are the labels of footnotes by the
    elements that call them.
    """

    tagged: bool = False
    careful: bool = False
    one_line: bool = False
    notes: Mapping[etree._Element, str] = field(default_factory=dict)


def line_of(element: etree._Element, manner: Manner) -> str:
    """The text inside an element as Markdown, ready to stand in a paragraph of its own."""
    return safe_lines(_inside(element, manner).strip(" \n"))


def one_line_of(element: etree._Element, manner: Manner) -> str:
    """The same on one line."""
    return line_of(element, replace(manner, one_line=True))


def cell_of(element: etree._Element, manner: Manner) -> str:
    """The same for the cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\|", one_line_of(element, manner))


def braces(element: etree._Element, besides: Collection[str] = ()) -> str | None:
    """Attributes as "{#anchor lang=fr}", "" without any; None when there are others than Markdown can say.

    Those of `besides` are said otherwise.
    """
    attributes = {key: value for key, value in attributes_of(element).items() if key not in besides}
    if not attributes:
        return ""
    if not set(attributes) <= _OF_SPANS or any('"' in value or "\\" in value for value in attributes.values()):
        return None
    words = []
    for key, value in attributes.items():
        plain = _PLAIN_NAME.fullmatch(value) is not None
        words.append(f"#{value}" if key == "id" and plain else f"{key}={value}" if plain else f'{key}="{value}"')
    return "{" + " ".join(words) + "}"


def _inside(element: etree._Element, manner: Manner) -> str:
    written = _text(element.text, manner)
    for child in element:
        name = local_name(child)
        if name == "br" and not manner.tagged and not manner.one_line and _goes_on(child):
            written = written.rstrip(" ") + "\\\n" + _text(child.tail, manner).lstrip(" \n")
            continue
        piece = _piece(child, name, written[-1:], (child.tail or "")[:1], manner)
        if piece[:1] in "[<" and written.endswith("!") and not written.endswith("\\!"):
            written = written[:-1] + "\\!"
        tail = _text(child.tail, manner)
        # Braces behind markup would be its attributes.
        written += piece + ("\\" + tail if tail.startswith("{") else tail)
    return written


def _text(text: str | None, manner: Manner) -> str:
    def folded(found: re.Match[str]) -> str:
        return "\n" if "\n" in found[0] and not manner.one_line else " "

    return WHITE.sub(folded, escaped(writable(text or ""), manner.careful))


def _goes_on(line_break: etree._Element) -> bool:
    """Whether there is more behind a line break, and white space first, as a line end in Markdown gives."""
    behind = line_break.tail or ""
    return behind[:1].isspace() and (bool(behind.strip()) or line_break.getnext() is not None)


def _piece(child: etree._Element, name: str, before: str, after: str, manner: Manner) -> str:
    if child in manner.notes:
        return f"[^{manner.notes[child]}]"
    if name == "code" and not len(child) and (marks := braces(child)) is not None:
        return _code(writable(child.text or "")) + marks
    if name == "img":
        return _picture(child, manner)
    inside = _inside(child, manner)
    if not manner.tagged:
        if name in _MARKS and not child.attrib and (mark := _mark_for(name, child, inside, before, after)):
            return f"{mark}{inside}{mark}"
        if name == "a" and (link := _link(child, inside)):
            return link
        if name == "span" and (marks := braces(child)) and inside:
            return f"[{inside}]{marks}"
    return f"{opening(child)}{inside}{closing(child)}"


def _mark_for(name: str, child: etree._Element, inside: str, before: str, after: str) -> str | None:
    """The marks of emphasis, None where they would not be taken for such (CommonMark 0.31, section 6.2)."""
    if not inside or inside[0].isspace() or inside[-1].isspace():
        return None
    first, last = inside[0].isalnum(), inside[-1].isalnum()
    within_word = before.isalnum() or after.isalnum()
    if within_word and not (first and last):
        return None
    mark = _MARKS[name]
    crowded = "*" in (inside[0], inside[-1], before, after) or local_name(child.getparent()) == "strong"
    if mark == "*" and crowded:
        return None if within_word else "_"
    return mark


def _link(child: etree._Element, inside: str) -> str | None:
    attributes = attributes_of(child)
    title = attributes.get("title")
    address = attributes.get("href", "")
    if not set(attributes) <= _OF_LINKS or not inside or (title and not re.fullmatch(r'[^"\\\n&]+', title)):
        return None
    if not _PLAIN_ADDRESS.fullmatch(address):
        address = f"<{address}>"
    title_part = f' "{title}"' if title else ""
    anchor = attributes.get("id", "")
    if anchor and not _PLAIN_NAME.fullmatch(anchor):
        return None
    if inside == address and not title and not anchor and address.startswith("http"):
        return f"<{address}>"
    return f"[{inside}]({address}{title_part})" + (f"{{#{anchor}}}" if anchor else "")


def _picture(child: etree._Element, manner: Manner) -> str:
    attributes = attributes_of(child)
    if set(attributes) == {"src", "alt"} and not manner.tagged and _PLAIN_ADDRESS.fullmatch(attributes["src"]):
        return f"![{escaped(writable(attributes['alt']), False)}]({attributes['src']})"
    return opening(child)


def _code(text: str) -> str:
    text = WHITE.sub(" ", text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text[:1] in "` " or text[-1:] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"
