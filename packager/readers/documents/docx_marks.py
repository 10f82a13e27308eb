"""The XML of a DOCX made plain for the converter: each paragraph gets one style that says what it is.

The converter knows styles by their names and nothing of indents, fonts, languages or equations; what these mean is
written into the document as styles of our own, which `STYLE_MAP` turns into HTML.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from packager.languages import normal_tag
from packager.model import Omission
from packager.readers.documents.docx_headings import bold_headings
from packager.readers.documents.docx_styles import (
    MONOSPACED,
    Styles,
    indent_of,
    is_monospaced_run,
    is_on,
    value_of,
    w,
)

STYLE_MAP = "\n".join(
    [
        *(f"p.packager-heading-{level} => h{min(level, 6)}:fresh" for level in range(1, 10)),
        *(f"p.packager-{role} => p.packager-{role}:fresh" for role in ("title", "subtitle", "author", "date")),
        "p.packager-abstract => section.packager-abstract > p:fresh",
        "p.packager-caption => p.packager-caption:fresh",
        "p.packager-quote => blockquote > p:fresh",
        "p.packager-term => dl > dt:fresh",
        "p.packager-definition => dl > dd:fresh",
        "p.packager-code => pre:separator('\\n')",
        "r.packager-code => code",
        "strike => s",
    ]
)
"""How the converter writes what was marked."""

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_QUOTE_INDENT = 300
"""Twentieths of a point; a first line alone that is indented is no quotation, nor is a hair's breadth."""

_MOST_QUOTES = 0.6
"""The share of indented paragraphs from which on the indent is the layout of the page."""


def mark(root: etree._Element, styles: Styles, language: str | None) -> list[Omission]:
    """Say of every paragraph and run of a part what it is. `language` is that of most of the text.

    Gives what was left out on the way.
    """
    _choose_fallbacks(root)
    _write_out_equations(root)
    _join_initials(root)
    paragraphs = list(root.iter(w("p")))
    indented, bold = _indented(paragraphs, styles), bold_headings(paragraphs, styles)
    contents = 0
    for paragraph in paragraphs:
        look = "heading 2" if paragraph in bold else "quote" if paragraph in indented else ""
        role = _mark_paragraph(paragraph, styles, look)
        contents += role == "contents"
        for run in paragraph.iter(w("r")) if role != "code" else ():
            _mark_run(run, styles, language)
    for table in root.iter(w("tbl")):
        _mark_head(table)
    return [Omission("Table of contents", "the book that is made has its own")] if contents else []


def languages_in(root: etree._Element, styles: Styles) -> Counter[str]:
    """How many letters are in which language, as the document itself says."""
    letters: Counter[str] = Counter()
    for run in root.iter(w("r")):
        if tag := _language_of(run, styles):
            letters[tag] += sum(len(text.text or "") for text in run.iter(w("t")))
    return letters


def changes_in(root: etree._Element) -> list[Omission]:
    """What the document holds and its reader does not print: struck-out text, comments, objects of other programs."""
    deleted = sum(1 for _ in root.iter(w("del"), w("moveFrom")))
    comments = len({mark.get(w("id")) for mark in root.iter(w("commentReference"))})
    objects = sum(1 for _ in root.iter(w("object")))
    drawings = sum(
        1
        for data in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData")
        if data.get("uri", "").endswith(("/chart", "/diagram"))
    )
    equations = sum(1 for _ in root.iter(f"{{{_MATH}}}oMath"))
    return [
        Omission(f"{what}: {count}", reason)
        for what, count, reason in (
            ("Tracked deletions", deleted, "the document's author has struck them out"),
            ("Comments", comments, "they are remarks on the text, not part of it"),
            ("Embedded objects", objects, "another program is needed to show them"),
            ("Charts and diagrams", drawings, "another program is needed to show them"),
            ("Equations", equations, "their signs are kept as plain text, their layout is not"),
        )
        if count
    ]


def _choose_fallbacks(root: etree._Element) -> None:
    """Of two forms of one thing the newer is dropped: both would be printed."""
    for choice in list(root.iter(f"{{{_MARKUP}}}Choice")):
        parent = choice.getparent()
        if parent is not None and parent.find(f"{{{_MARKUP}}}Fallback") is not None:
            parent.remove(choice)


def _write_out_equations(root: etree._Element) -> None:
    for equation in list(root.iter(f"{{{_MATH}}}oMath")):
        words = "".join(text.text or "" for text in equation.iter(f"{{{_MATH}}}t"))
        run = etree.Element(w("r"))
        etree.SubElement(run, w("t")).text = words
        parent = equation.getparent()
        if parent is not None and parent.tag == f"{{{_MATH}}}oMathPara" and parent.getparent() is not None:
            parent.addprevious(run)
            parent.remove(equation)
        else:
            equation.addprevious(run)
            _drop(equation)


def _join_initials(root: etree._Element) -> None:
    """A large first letter has a paragraph of its own in Word; its word goes on in the next."""
    for frame in list(root.iter(w("framePr"))):
        properties = frame.getparent()
        paragraph = properties.getparent() if properties is not None else None
        following = paragraph.getnext() if paragraph is not None else None
        if frame.get(w("dropCap")) is None or paragraph is None or following is None or following.tag != w("p"):
            continue
        place = 1 if following.find(w("pPr")) is not None else 0
        for run in reversed(paragraph.findall(w("r"))):
            following.insert(place, run)
        _drop(paragraph)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _mark_paragraph(paragraph: etree._Element, styles: Styles, look: str) -> str:
    properties = paragraph.find(w("pPr"))
    role = styles.role(value_of(properties, "pStyle"))
    outline = value_of(properties, "outlineLvl")
    if outline is not None and outline.isdigit() and int(outline) < 9:
        role = f"heading {int(outline) + 1}"
    if role == "contents":
        _drop(paragraph)
        return role
    if not role and _is_code(paragraph, styles):
        role = "code"
    role = role or look
    if role:
        _set_style(paragraph, "pPr", "pStyle", "packager-" + role.replace(" ", "-"))
        _drop_numbers(paragraph)
    return role


def _drop_numbers(paragraph: etree._Element) -> None:
    """A numbered heading is a heading, not an item of a list."""
    for numbers in paragraph.iterfind(f"{w('pPr')}/{w('numPr')}"):
        _drop(numbers)


def _mark_run(run: etree._Element, styles: Styles, language: str | None) -> None:
    properties = run.find(w("rPr"))
    style = value_of(properties, "rStyle")
    given = styles.run(style)
    for name in ("b", "i"):
        if is_on(given, name) and is_on(properties, name) is None:
            etree.SubElement(_properties(run, "rPr"), w(name))
    if is_monospaced_run(run, styles):
        _set_style(run, "rPr", "rStyle", "packager-code")
    elif (tag := _language_of(run, styles)) and language and tag.split("-")[0] != language.split("-")[0]:
        _set_style(run, "rPr", "rStyle", f"packager-lang-{tag}")


def language_rules(root: etree._Element) -> list[str]:
    """The rules of the style map for the languages that `mark` has found."""
    found = {style.get(w("val"), "") for style in root.iter(w("rStyle"))}
    return [
        f"r.{style} => span[lang='{style.removeprefix('packager-lang-')}']"
        for style in sorted(found)
        if re.fullmatch(r"packager-lang-[A-Za-z0-9-]+", style)
    ]


def _language_of(run: etree._Element, styles: Styles) -> str | None:
    properties = run.find(w("rPr"))
    said = properties.find(w("lang")) if properties is not None else None
    text = "".join(part.text or "" for part in run.iter(w("t")))
    if not any(map(str.isalpha, text)):
        return None
    if said is None:
        return normal_tag(styles.language) if styles.language else None
    kind = "val"
    if is_on(properties, "rtl") or is_on(properties, "cs"):
        kind = "bidi"
    elif any("\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text):
        kind = "eastAsia"
    return normal_tag(said.get(w(kind), "") or (styles.language or ""))


def _indented(paragraphs: list[etree._Element], styles: Styles) -> set[etree._Element]:
    """The paragraphs that stand back as a quotation does, none where most of them do."""
    plain = [
        paragraph
        for paragraph in paragraphs
        if _text(paragraph)
        and not any(True for _ in paragraph.iterancestors(w("tc"), w("txbxContent")))
        and not styles.role(value_of(paragraph.find(w("pPr")), "pStyle"))
    ]
    found = {
        paragraph
        for paragraph in plain
        if paragraph.find(f"{w('pPr')}/{w('numPr')}") is None and _indent(paragraph, styles) >= _QUOTE_INDENT
    }
    return found if len(found) <= max(1, _MOST_QUOTES * len(plain)) else set()


def _indent(paragraph: etree._Element, styles: Styles) -> int:
    properties = paragraph.find(w("pPr"))
    style = value_of(properties, "pStyle")
    return indent_of(properties) or (0 if "list" in (style or "").lower() else styles.indent(style))


def _is_code(paragraph: etree._Element, styles: Styles) -> bool:
    runs = [run for run in paragraph.iter(w("r")) if _text(run)]
    outside = paragraph.find(f"{w('pPr')}/{w('numPr')}") is None and not any(
        True for _ in paragraph.iterancestors(w("tc"))
    )
    raised = any(True for run in runs for _ in run.iter(w("vertAlign")))
    return (
        outside
        and bool(runs)
        and not raised
        and all(_in_code_font(run) or is_monospaced_run(run, styles) for run in runs)
    )


def _in_code_font(run: etree._Element) -> bool:
    fonts = run.find(f"{w('rPr')}/{w('rFonts')}")
    return fonts is not None and bool(MONOSPACED.search(fonts.get(w("ascii"), "")))


def _text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(w("t"))).strip()


def _mark_head(table: etree._Element) -> None:
    """A first row whose look says that it heads the others (Word: “Header Row”) is a row of headers."""
    look = table.find(f"{w('tblPr')}/{w('tblLook')}")
    rows = table.findall(w("tr"))
    if look is None or len(rows) < 2 or any(True for _ in table.iter(w("tblHeader"))):
        return
    flags = look.get(w("val"), "0")
    first = look.get(w("firstRow")) in ("1", "true", "on") or (
        re.fullmatch(r"[0-9A-Fa-f]{1,4}", flags) is not None and bool(int(flags, 16) & 0x20)
    )
    cells = list(rows[0].iter(w("tc")))
    if first and 2 * sum(1 for cell in cells if _text(cell)) >= len(cells):
        etree.SubElement(_properties(rows[0], "trPr"), w("tblHeader"))


def _properties(element: etree._Element, name: str) -> etree._Element:
    found = element.find(w(name))
    if found is None:
        found = etree.Element(w(name))
        element.insert(0, found)
    return found


def _set_style(element: etree._Element, properties: str, kind: str, style: str) -> None:
    holder = _properties(element, properties)
    for old in holder.findall(w(kind)):
        holder.remove(old)
    chosen = etree.Element(w(kind))
    chosen.set(w("val"), style)
    holder.insert(0, chosen)
