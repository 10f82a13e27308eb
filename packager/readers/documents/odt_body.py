"""The body of an OpenDocument text, element by element, as HTML."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from lxml import etree

from packager.model import Omission
from packager.readers.documents.odt_styles import OdtStyles, q
from packager.xhtml import append_text, local_name, text_of

_SKIPPED = {
    q("office:annotation"): "Comments",
    q("text:table-of-content"): "Tables of contents",
    q("text:alphabetical-index"): "Indexes",
    q("text:illustration-index"): "Indexes",
    q("text:table-index"): "Indexes",
    q("office:forms"): "",
    q("office:annotation-end"): "",
    q("text:sequence-decls"): "",
    q("text:variable-decls"): "",
    q("text:user-field-decls"): "",
    q("text:note-citation"): "",
    q("text:page-number"): "",
    q("text:soft-page-break"): "",
}
"""What is not printed, and what it is called in the list of what was left out."""

_REASONS = {
    "Comments": "they are remarks on the text, not part of it",
    "Tracked deletions": "the document's author has struck them out",
    "Embedded objects": "another program is needed to show them",
    "Tables of contents": "the book that is made has its own",
    "Indexes": "they count pages, which a book for an e-reader has not",
}
_MOST_REPEATED = 100
"""Cells and spaces that one element may stand for: a spreadsheet's empty edge counts thousands."""


class OdtBody:
    """Builds the HTML of one document.

    `picture` gives name and bytes of an image element, `formula` the MathML of an object element. After `read`,
    `pictures` has the pictures by name, `printed` the texts of title, subtitle, author and date.
    """

    def __init__(
        self,
        styles: OdtStyles,
        picture: Callable[[etree._Element], tuple[str, bytes] | None],
        formula: Callable[[etree._Element], etree._Element | None],
    ) -> None:
        self._styles = styles
        self._picture = picture
        self._formula = formula
        self.pictures: dict[str, bytes] = {}
        self.printed: defaultdict[str, list[str]] = defaultdict(list)
        self._left_out: Counter[str] = Counter()
        self._notes: list[etree._Element] = []

    def read(self, text: etree._Element) -> etree._Element:
        """The `<body>` of a text, its notes at the end."""
        body = etree.Element("body")
        self._blocks(text, body)
        if self._notes:
            section = etree.SubElement(body, "section", role="doc-endnotes")
            etree.SubElement(section, "ol").extend(self._notes)
        return body

    def omissions(self) -> list[Omission]:
        """What was left out, by kind."""
        return [Omission(f"{what}: {count}", _REASONS[what]) for what, count in self._left_out.items()]

    def _blocks(self, source: etree._Element, target: etree._Element, depth: int = 0) -> None:
        for child in source:
            name = local_name(child)
            if self._skip(child):
                continue
            if name in ("p", "h"):
                self._paragraph(child, target)
            elif name == "list":
                self._list(child, target, depth + 1)
            elif name == "table":
                self._table(child, target)
            elif name == "frame":
                self._frame(child, target)
            elif name == "tracked-changes":
                self._left_out["Tracked deletions"] += sum(1 for _ in child.iter(q("text:deletion")))
                self._left_out += Counter()
            elif name in ("section", "index-body", "text-box", "numbered-paragraph", "bibliography", "list-item"):
                self._blocks(child, target, depth)

    def _skip(self, element: etree._Element) -> bool:
        what = _SKIPPED.get(element.tag)
        if what:
            self._left_out[what] += 1
        return what is not None

    def _paragraph(self, source: etree._Element, target: etree._Element) -> None:
        style = source.get(q("text:style-name"))
        role = self._styles.role(style)
        level = source.get(q("text:outline-level"), role.removeprefix("heading ") or "1")
        made = etree.Element("p")
        self._line(source, made)
        if local_name(source) == "h" or role.startswith("heading"):
            made.tag = f"h{min(int(level), 6) if level.isdigit() and int(level) else 1}"
        elif role in ("title", "subtitle", "author", "date"):
            if text_of(made):
                self.printed[role].append(text_of(made))
            return
        if role == "code" and made.tag == "p":
            self._code(made, target)
        elif role == "quote" and made.tag == "p":
            last = target[-1] if len(target) else None
            quotation = (
                last if last is not None and last.tag == "blockquote" else etree.SubElement(target, "blockquote")
            )
            quotation.append(made)
        else:
            if role == "caption" and text_of(made):
                made.set("class", "packager-caption")
            language = self._styles.language_of(style)
            if language and language.split("-")[0] != (self._styles.language or language).split("-")[0]:
                made.set("lang", language)
            target.append(made)

    def _code(self, line: etree._Element, target: etree._Element) -> None:
        last = target[-1] if len(target) else None
        if last is not None and last.tag == "pre":
            append_text(last[0], "\n" + _plain(line))
        else:
            etree.SubElement(etree.SubElement(target, "pre"), "code").text = _plain(line)

    def _line(self, source: etree._Element, target: etree._Element) -> None:
        append_text(target, _folded(source.text))
        for child in source:
            if not self._skip(child):
                self._inline(child, local_name(child), target)
            append_text(target, _folded(child.tail))

    def _inline(self, child: etree._Element, name: str, target: etree._Element) -> None:
        if name == "span":
            self._line(child, self._styled(child, target))
        elif name == "a":
            self._line(child, etree.SubElement(target, "a", href=child.get(q("xlink:href"), "")))
        elif name == "line-break":
            etree.SubElement(target, "br")
        elif name == "tab":
            append_text(target, "\t")
        elif name == "s":
            append_text(target, " " * _count(child, "text:c"))
        elif name == "note":
            self._note(child, target)
        elif name == "frame":
            self._frame(child, target)
        elif name in ("bookmark", "bookmark-start", "reference-mark", "reference-mark-start"):
            etree.SubElement(target, "a", id=child.get(q("text:name"), ""))
        elif name == "ruby":
            self._ruby(child, target)
        elif name not in ("bookmark-end", "reference-mark-end", "change", "change-start", "change-end"):
            # Fields (dates, cross-references, numbers of figures) hold the text that they last had.
            self._line(child, target)

    def _styled(self, span: etree._Element, target: etree._Element) -> etree._Element:
        style = span.get(q("text:style-name"))
        for name in self._styles.look(style):
            target = etree.SubElement(target, name)
        language = self._styles.language_of(style)
        if language and language.split("-")[0] != (self._styles.language or "").split("-")[0]:
            target = etree.SubElement(target, "span", lang=language)
        return target

    def _ruby(self, source: etree._Element, target: etree._Element) -> None:
        ruby = etree.SubElement(target, "ruby")
        for part in source:
            is_base = local_name(part) == "ruby-base"
            self._line(part, etree.SubElement(ruby, "span" if is_base else "rt"))

    def _note(self, source: etree._Element, target: etree._Element) -> None:
        number = str(len(self._notes) + 1)
        call = etree.SubElement(etree.SubElement(target, "sup"), "a", role="doc-noteref", href=f"#note-{number}")
        call.text = number
        call.set("id", f"noteref-{number}")
        note = etree.Element("li", id=f"note-{number}")
        self._notes.append(note)
        body = source.find(q("text:note-body"))
        if body is not None:
            self._blocks(body, note)
        last = note[-1] if len(note) and note[-1].tag == "p" else etree.SubElement(note, "p")
        append_text(last, " ")
        etree.SubElement(last, "a", role="doc-backlink", href=f"#noteref-{number}").text = "↩"

    def _list(self, source: etree._Element, target: etree._Element, depth: int, style: str | None = None) -> None:
        style = source.get(q("text:style-name")) or style
        made = etree.SubElement(target, "ol" if self._styles.is_numbered(style, depth) else "ul")
        for child in source:
            item = etree.SubElement(made, "li")
            for part in child:
                if local_name(part) == "list":
                    self._list(part, item, depth + 1, style)
                elif local_name(part) in ("p", "h"):
                    self._paragraph(part, item)
            headings = [part for part in item if part.tag[0] == "h"]
            if headings and len(made) == 1 and len(source) == 1:
                # LibreOffice numbers its headings by lists of one item.
                target.remove(made)
                target.extend(list(item))

    def _table(self, source: etree._Element, target: etree._Element) -> None:
        table = etree.SubElement(target, "table")
        for row in source.iter(q("table:table-row")):
            if next(row.iterancestors(q("table:table"))) is not source:
                continue
            in_head = next(row.iterancestors(q("table:table-header-rows"), q("table:table"))) is not source
            part = "thead" if in_head else "tbody"
            holder = table[-1] if len(table) and table[-1].tag == part else etree.SubElement(table, part)
            line = etree.SubElement(holder, "tr")
            for cell in row.iterchildren(q("table:table-cell")):
                for _ in range(_count(cell, "table:number-columns-repeated")):
                    made = etree.SubElement(line, "th" if in_head else "td")
                    for ours, theirs in (("colspan", "columns"), ("rowspan", "rows")):
                        if (spanned := cell.get(q(f"table:number-{theirs}-spanned"), "1")) != "1":
                            made.set(ours, spanned)
                    self._blocks(cell, made)

    def _frame(self, source: etree._Element, target: etree._Element) -> None:
        """A picture, a box of text (often a picture with its caption) or an object of another program."""
        box = source.find(q("draw:text-box"))
        if box is not None:
            self._blocks(
                box, etree.SubElement(target, "figure" if any(True for _ in box.iter(q("draw:image"))) else "div")
            )
            return
        for holder in source.iterchildren(q("draw:object")):
            if (math := self._formula(holder)) is not None:
                target.append(_without_namespaces(math))
                return
        if any(True for _ in source.iterchildren(q("draw:object"), q("draw:object-ole"), q("draw:plugin"))):
            self._left_out["Embedded objects"] += 1
        for image in source.iterchildren(q("draw:image")):
            found = self._picture(image)
            name, data = found or (image.get(q("xlink:href")) or "picture", b"")
            self.pictures[name] = data
            etree.SubElement(target, "img", src=name, alt=_alternative(source))
            return


def _alternative(frame: etree._Element) -> str:
    for name in ("svg:desc", "svg:title"):
        found = frame.find(q(name))
        if found is not None and text_of(found):
            return text_of(found)
    return ""


def _without_namespaces(math: etree._Element) -> etree._Element:
    for element in math.iter(etree.Element):
        element.tag = local_name(element)
    math.tail = None
    return math


def _plain(line: etree._Element) -> str:
    for line_break in line.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(line.itertext())


def _count(element: etree._Element, attribute: str) -> int:
    value = element.get(q(attribute), "1")
    return min(int(value), _MOST_REPEATED) if value.isascii() and value.isdigit() else 1


def _folded(text: str | None) -> str:
    """White space of the file means one space, as in HTML."""
    if not text:
        return ""
    folded = " ".join(text.split())
    return (" " if text[0].isspace() else "") + folded + (" " if text[-1].isspace() and folded else "")
