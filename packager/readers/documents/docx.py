"""DOCX → `Draft`, by mammoth, after what it does not know of has been marked for it."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from packager.errors import SourceError
from packager.languages import normal_tag
from packager.model import Omission
from packager.readers.documents.archive import Archive, open_archive, rewritten
from packager.readers.documents.docx_marks import STYLE_MAP, changes_in, language_rules, languages_in, mark
from packager.readers.documents.docx_styles import Styles, read_styles, w
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_languages,
    fields_of,
    mend_captions,
    parse_html,
    parse_xml,
    said,
    without_head,
)
from packager.readers.documents.office import good_names, good_subjects, good_title, properties_of
from packager.readers.draft import Draft
from packager.readers.source import SourceFile
from packager.xhtml import remove, text_of

_REMEDY = "Open it in the program that made it, save it again as DOCX and try once more."
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_docx(source: SourceFile) -> Draft:
    """The accepted text of a DOCX, its notes, tables and pictures. Linked files and pictures are not looked at."""
    archive = open_archive(source.name, source.data)
    parts = {
        name: parse_xml(source.name, name, archive.read(name))
        for name in archive.names
        if name.lower().endswith((".xml", ".rels"))
    }
    folder, document = _main_part(source.name, parts)
    styles = read_styles(parts.get(f"{folder}/styles.xml"))
    styles.name_kinds()
    texts = [parts[name] for name in (document, f"{folder}/footnotes.xml", f"{folder}/endnotes.xml") if name in parts]
    language = _most_used(texts, styles)
    omissions = [omission for text in texts for omission in changes_in(text)]
    rules: list[str] = []
    for text in texts:
        omissions += mark(text, styles, language)
        rules += language_rules(text)
    plain = {name: bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True)) for name, root in parts.items()}
    markup, pictures = _converted(source.name, rewritten(archive, plain), "\n".join([STYLE_MAP, *dict.fromkeys(rules)]))
    body = parse_html(markup).find("body")
    properties = properties_of(_core(parts))
    fields = _fields(body, properties)
    without_head(body, fields)
    _mend_anchors(body)
    _mend_notes(body)
    mend_captions(body)
    _mend_code(body)
    fields["language"], notes = confirmed_language(language, text_of(body))
    drop_languages(body, fields["language"])
    if not fields["date"] and (made := properties.get("created")):
        notes += (f"the file was made on {made[0][:10]}, which need not be the date of the article",)
    omissions += _headers(archive, parts, folder)
    return Draft(as_markup(body), fields_of(**fields), tuple(omissions), notes, pictures)


def _main_part(called: str, parts: dict[str, etree._Element]) -> tuple[str, str]:
    """The folder and the name of the document's text, as the package says."""
    relations = parts.get("_rels/.rels")
    for relation in relations.iter(_RELATIONS) if relations is not None else ():
        name = relation.get("Target", "").lstrip("/")
        if relation.get("Type", "").endswith("/officeDocument") and name in parts and "/" in name:
            return name.rpartition("/")[0], name
    if "word/document.xml" not in parts:
        raise SourceError(f"{called} is damaged: it has no text.", _REMEDY)
    return "word", "word/document.xml"


def _most_used(texts: list[etree._Element], styles: Styles) -> str | None:
    letters: Counter[str] = Counter()
    for text in texts:
        letters += languages_in(text, styles)
    found = letters.most_common(1)
    return found[0][0] if found else normal_tag(styles.language or "")


def _converted(called: str, data: bytes, style_map: str) -> tuple[str, dict[str, bytes]]:
    import mammoth

    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:
        name = f"picture-{len(pictures) + 1}"
        try:
            with image.open() as file:
                pictures[name] = file.read()
        except (KeyError, mammoth.docx.files.InvalidFileReferenceError):
            pictures[name] = b""
        return {"src": name}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=style_map,
            convert_image=mammoth.images.img_element(keep),
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except Exception as error:
        # Whatever a damaged document makes the converter stumble over, it is the document's fault.
        raise SourceError(
            f"{called} is damaged: it is not as DOCX should be ({type(error).__name__}).", _REMEDY
        ) from None
    return str(result.value), pictures


def _fields(body: etree._Element, properties: dict[str, list[str]]) -> dict[str, object]:
    """What the text says of itself in styles made for it, then the properties of the file."""
    printed = {role: list(_taken(body, role)) for role in ("title", "subtitle", "author", "date")}
    return {
        "title": " ".join(printed["title"]) or good_title(properties.get("title", [])),
        "subtitle": " ".join(printed["subtitle"]),
        "authors": good_names(printed["author"]) or good_names(properties.get("creator", [])),
        "date": next(iter(printed["date"]), None),
        "description": next(iter(properties.get("description", [])), None) or _abstract(body),
        "publisher": next(iter(properties.get("publisher", [])), None),
        "rights": next(iter(properties.get("rights", [])), None),
        "subjects": good_subjects(properties, "keywords", "category"),
    }


def _taken(body: etree._Element, role: str) -> Iterator[str]:
    """The texts of the paragraphs with a role, which leave the body: the page prints them from the metadata."""
    found = [block for block in body.iter("p") if block.get("class") == f"packager-{role}"]
    for block in found if role != "title" or len(found) <= 2 else found[:1]:
        text = text_of(block)
        notes = [link for link in block.iter("a") if (link.get("href") or "").startswith(("#footnote", "#endnote"))]
        if not notes:
            remove(block)
            yield text


def _abstract(body: etree._Element) -> str | None:
    return next((text_of(part) for part in body.iter("section") if part.get("class") == "packager-abstract"), None)


def _mend_notes(body: etree._Element) -> None:
    """The converter's notes, with the roles by which screen readers and the narration know them."""
    for link in body.iter("a"):
        target = link.get("href") or ""
        if re.match(r"#(?:foot|end)note-ref-", target):
            link.set("role", "doc-backlink")
        elif re.match(r"#(?:foot|end)note-", target):
            link.set("role", "doc-noteref")
            link.text = (link.text or "").strip("[]")
    for listing in list(body.iter("ol")):
        if len(listing) and re.match(r"(?:foot|end)note-", listing[0].get("id", "")):
            section = etree.Element("section", role="doc-endnotes")
            section.tail, listing.tail = listing.tail, None
            listing.addprevious(section)
            section.append(listing)


def _mend_anchors(body: etree._Element) -> None:
    """An anchor between two blocks marks the second."""
    for anchor in [child for child in body if child.tag == "a" and child.get("id") and not text_of(child)]:
        block = anchor.getnext()
        if block is not None and block.get("id") is None and not (anchor.tail or "").strip():
            block.set("id", anchor.get("id", ""))
            remove(anchor)


def _mend_code(body: etree._Element) -> None:
    """Lines of code without the colours and weights that an editor gave them."""
    for block in body.iter("pre"):
        for line_break in block.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        code = etree.Element("code")
        code.text = "".join(block.itertext())
        attributes = dict(block.attrib)
        tail = block.tail
        block.clear()
        block.attrib.update(attributes)
        block.tail = tail
        block.append(code)


def _core(parts: dict[str, etree._Element]) -> etree._Element | None:
    return next((root for name, root in parts.items() if name.lower() == "docprops/core.xml"), None)


def _headers(archive: Archive, parts: dict[str, etree._Element], folder: str) -> list[Omission]:
    """The lines at the edges of the pages, each once."""
    names = [name for name in archive.names if re.fullmatch(rf"{re.escape(folder)}/(?:header|footer)\d*\.xml", name)]
    lines = said("".join(text.text or "" for text in parts[name].iter(w("t"))) for name in names)
    return [Omission(f"Line at the edge of the page: “{line[:80]}”", "a book has no such pages") for line in lines]
