"""XML and HTML of documents: parsed without entities or network, and what all formats do to their markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from html import unescape

from lxml import etree

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.html.page import parsed
from packager.readers.source import MAX_BYTES
from packager.xhtml import XML_LANG, local_name, remove, text_of

_BROKEN = "Open it in the program that made it, save it again and try once more."
_NAMED_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile(r"\A\s*<\?xml[^>]*\?>|<!--.*?-->", re.S)
_HOLDERS = ("div", "header", "hgroup", "section", "article", "main", "blockquote")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LONGEST_DISAGREEMENT = 400
"""Characters from which on the words themselves are believed rather than a language that the file declares."""

_EMBEDDED = {
    "audio": "Sound",
    "canvas": "Drawing made by a script",
    "embed": "Embedded object",
    "form": "Form",
    "iframe": "Embedded page",
    "object": "Embedded object",
    "video": "Film",
}


def parse_xml(called: str, part: str, data: bytes) -> etree._Element:
    """The tree of one XML part of a document, without comments.

    Raises `SourceError` for XML that is broken, deeper than 256 elements, or declares entities of its own: no document
    needs them, and they are how files of the machine are read (XXE) and memory is filled (billion laughs).
    """
    refuse_much(f"“{part}” in {called}", data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = "is damaged or nested too deeply" if "depth" in str(error) else "is damaged"
        raise SourceError(f"{called} {problem}: “{part}” in it is not good XML.", _BROKEN) from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise SourceError(
            f"{called} declares XML entities in “{part}”, which can be made to read other files.",
            "Do not trust this file; ask for another copy of the document.",
        )
    return root


def refuse_much(called: str, text: Sized) -> None:
    """Raises `SourceError` for more markup than an article has: trees take many times the room of their text."""
    if len(text) > MAX_BYTES:
        raise SourceError(
            f"{called} is larger than {MAX_BYTES // 1_000_000} MB, too large for one article.",
            "Split it into parts and build each.",
        )


def parse_page(called: str, part: str, data: bytes) -> etree._Element:
    """The tree of an XHTML page, its names without namespaces; pages that are not good XML are read as HTML."""
    named = _NAMED_ENTITY.sub(
        lambda found: unescape(found[0].decode("ascii")).encode("ascii", "xmlcharrefreplace"), data
    )
    try:
        root = parse_xml(called, part, named)
    except SourceError as error:
        if "entities" in error.message:
            raise
        return parse_html(data.decode("utf-8", "replace"))
    for element in root.iter(etree.Element):
        element.tag = local_name(element)
        if language := element.attrib.pop(XML_LANG, None):
            element.set("lang", language)
    return root


def parse_html(markup: str) -> etree._Element:
    """The `<html>` tree, with its `<body>`, of HTML of any quality.

    Raises `SourceError` for more of it than an article has.
    """
    refuse_much("The text", markup)
    text = _UNSEEN.sub("", markup)
    root = parsed(text if text.strip() else "<p></p>")
    if root.find("body") is None:
        etree.SubElement(root, "body")
    return root


def as_markup(element: etree._Element) -> str:
    """What stands inside an element, as HTML."""
    inside = "".join(str(etree.tostring(child, encoding="unicode", method="html")) for child in element)
    return _escaped(element.text or "") + inside


def without_head(body: etree._Element, fields: Mapping[str, object]) -> None:
    """Take out the first blocks as far as they only say title, subtitle, names or date once more."""
    authors = fields.get("authors")
    names = [str(name) for name in authors] if isinstance(authors, (list, tuple)) else []
    known = [str(fields.get(name) or "") for name in ("title", "subtitle", "date")]
    heads = {_folded(text) for text in (*known, *names, ", ".join(names), " and ".join(names)) if text}
    heads |= {f"by {name}" for name in heads}
    for block in list(body.iter(*_HEADINGS, *_HOLDERS, "p", "table", "ul", "ol", "pre", "img", "hr", "figure")):
        own = block.text if block.tag in _HOLDERS else text_of(block)
        if block.tag in ("img", "table", "figure") or (own and own.strip() and _folded(own) not in heads):
            return
        if block.tag not in _HOLDERS and text_of(block) and not any(True for _ in block.iter("img", "sup")):
            remove(block)


def mend_captions(body: etree._Element) -> None:
    """A caption (`p` of the class `packager-caption`) goes into a figure with the picture before it, or into its table."""
    for caption in [block for block in body.iter("p") if block.get("class") == "packager-caption"]:
        before, after = caption.getprevious(), caption.getnext()
        if before is not None and before.tag == "p" and not text_of(before) and any(True for _ in before.iter("img")):
            before.tag = "figure"
            caption.tag = "figcaption"
            before.append(caption)
            continue
        for table in (after, before):
            if table is not None and table.tag == "table" and table.find("caption") is None:
                caption.tag = "caption"
                table.insert(0, caption)
                break


def drop_languages(body: etree._Element, language: object) -> None:
    """Take off the language of parts that are in that of the whole: only what differs need be said."""
    primary = str(language or "").split("-")[0].lower()
    for element in body.iter(etree.Element):
        if primary and element.get("lang", "").split("-")[0].lower() == primary:
            del element.attrib["lang"]


def drop_embedded(body: etree._Element) -> list[Omission]:
    """Take out what a book cannot hold, and list it by kind; what an object gives instead of itself stays."""
    found: Counter[str] = Counter()
    for element in list(body.iter(*_EMBEDDED)):
        found[_EMBEDDED[element.tag]] += 1
        if element.tag in ("form", "object"):
            element.tag = "div"
        else:
            remove(element)
    return [
        Omission(what if count == 1 else f"{what}, {count} times", "a book that is read aloud cannot hold it")
        for what, count in found.items()
    ]


def confirmed_language(
    declared: str | None, text: str, enough: int = _LONGEST_DISAGREEMENT
) -> tuple[str | None, tuple[str, ...]]:
    """The declared language unless a text of `enough` characters is plainly in another, and a note about that."""
    if not declared:
        return None, ()
    if len(text) >= enough:
        from packager.readers.language import detect_language

        found = detect_language(text)
        if found and found.split("-")[0] != declared.replace("_", "-").split("-")[0].lower():
            return found, (f"the file says that its language is “{declared}”, but its words are in “{found}”",)
    return declared, ()


def fields_of(**fields: object) -> Mapping[str, object]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value}


def said(values: Iterable[str | None]) -> list[str]:
    """The values that say something, with white space folded, each once."""
    folded = (" ".join((value or "").split()) for value in values)
    return list(dict.fromkeys(filter(None, folded)))


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
