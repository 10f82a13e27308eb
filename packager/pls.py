"""Pronunciation Lexicon Specification 1.0 (https://www.w3.org/TR/pronunciation-lexicon/): reading and writing files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from packager import ipa as alphabet
from packager.errors import SourceError
from packager.languages import normal_tag
from packager.model import Lexeme, Lexicon
from packager.xhtml import XML_LANG

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
MEDIA_TYPE = "application/pls+xml"
MAX_BYTES = 4_000_000
MAX_LENGTH = 200
"""Characters of a word, an alias or a transcription."""

LEXEME, GRAPHEME, ALIAS, PHONEME = (f"{{{NAMESPACE}}}{name}" for name in ("lexeme", "grapheme", "alias", "phoneme"))
_REMEDY = "Correct it there; docs/pronunciation.md shows what such a file looks like."


def read_lexicon(path: Path) -> Lexicon:
    """The words of a file, in their order. A file without a byte is an empty lexicon.

    Transcriptions in other alphabets than "ipa" are left out and noted. Raises `SourceError` with file and line.
    """
    root = read_tree(path)
    if root is None:
        return Lexicon()
    language = language_of(root, path)
    general = root.get("alphabet")
    lexemes: list[Lexeme] = []
    notes: list[str] = []
    for element in root.iterchildren(LEXEME):
        graphemes = tuple(_word_in(one, path) for one in element.iterchildren(GRAPHEME))
        if not graphemes:
            raise wrong(path, element, "a lexeme has no grapheme")
        phonemes = list(element.iterchildren(PHONEME))
        sayable = [one for one in phonemes if (one.get("alphabet") or general) == "ipa"]
        if len(sayable) < len(phonemes):
            notes.append(f"“{path}”, line {element.sourceline}: “{graphemes[0]}” has a transcription that is not IPA")
        alias = _preferred(list(element.iterchildren(ALIAS)), path)
        ipa = _preferred(sayable, path)
        if alias or ipa:
            lexemes.append(Lexeme(language, graphemes, alias, alphabet.normal(ipa) if ipa else None))
    return Lexicon(tuple(lexemes), tuple(notes))


def read_tree(path: Path) -> etree._Element | None:
    """The root of a file, comments and all; None for a file without a byte. Entities and the network are not touched."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"“{path}” cannot be read: {error.strerror}.", "Check that you may read it.") from None
    if len(data) > MAX_BYTES:
        raise SourceError(f"“{path}” is larger than {MAX_BYTES // 1_000_000} MB.", "Give a smaller lexicon.")
    if not data.strip():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"“{path}” is not well-formed XML: {error.msg or 'it ends too soon'}.", _REMEDY) from None
    if root.getroottree().docinfo.doctype:
        raise SourceError(f"“{path}” has a DOCTYPE, which a lexicon may not have.", "Take that line out.")
    if root.tag != f"{{{NAMESPACE}}}lexicon":
        raise wrong(path, root, f"the first element is not “lexicon” of the namespace {NAMESPACE}")
    return root


def language_of(root: etree._Element, path: Path) -> str:
    """The language of a lexicon's words; the standard wants every file to tell it."""
    language = normal_tag(root.get(XML_LANG, ""))
    if language is None:
        raise wrong(path, root, "the lexicon has no xml:lang, or one that is no language")
    return language


def lexicon_document(lexemes: Iterable[Lexeme], language: str) -> bytes:
    """A whole PLS file."""
    root = empty_tree(language)
    for lexeme in lexemes:
        root.append(lexeme_element(lexeme))
    etree.indent(root)
    return serialised(root)


def empty_tree(language: str) -> etree._Element:
    """The root of a lexicon without words."""
    root = etree.Element(f"{{{NAMESPACE}}}lexicon", nsmap={None: NAMESPACE})
    root.set("version", "1.0")
    root.set("alphabet", "ipa")
    root.set(XML_LANG, language)
    return root


def lexeme_element(lexeme: Lexeme) -> etree._Element:
    """A lexeme as an element, as the standard orders its parts."""
    element = etree.Element(LEXEME, nsmap={None: NAMESPACE})
    for grapheme in lexeme.graphemes:
        etree.SubElement(element, GRAPHEME).text = grapheme
    if lexeme.ipa:
        etree.SubElement(element, PHONEME, {"alphabet": "ipa"}).text = lexeme.ipa
    if lexeme.alias:
        etree.SubElement(element, ALIAS).text = lexeme.alias
    return element


def serialised(root: etree._Element) -> bytes:
    """A tree as a file, with what stands before and after its root."""
    return bytes(etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)) + b"\n"


def wrong(path: Path, element: etree._Element, what: str) -> SourceError:
    """The error for something that the standard does not allow."""
    return SourceError(f"“{path}”, line {element.sourceline}: {what}.", _REMEDY)


def _preferred(elements: list[etree._Element], path: Path) -> str | None:
    """The one with `prefer`, else the first."""
    marked = [one for one in elements if one.get("prefer") == "true"]
    chosen = (marked or elements)[:1]
    return _word_in(chosen[0], path) if chosen else None


def _word_in(element: etree._Element, path: Path) -> str:
    word = " ".join("".join(element.itertext()).split())
    if not word:
        raise wrong(path, element, f"the {etree.QName(element).localname} is empty")
    if len(word) > MAX_LENGTH:
        raise wrong(path, element, f"the {etree.QName(element).localname} is longer than {MAX_LENGTH} characters")
    return word
