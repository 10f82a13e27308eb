"""Changing a PLS file by one word; comments, order and everything else in it stay."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from packager.files import make_folder, write_bytes_whole
from packager.model import Lexeme
from packager.pls import ALIAS, GRAPHEME, PHONEME, empty_tree, lexeme_element, read_tree, serialised


def put(path: Path, lexeme: Lexeme) -> bool:
    """Write how the one word of `lexeme` is said; tells whether the file had it already. Makes the file if there is none.

    Raises `SourceError` when the file is no lexicon and `OutputError` when it cannot be written.
    """
    root = read_tree(path) if path.exists() else None
    if root is None:
        root = empty_tree(lexeme.language)
    own, had = _own_lexeme(root, lexeme.graphemes[0])
    if own is None:
        _append(root, lexeme_element(lexeme))
    else:
        _retell(own, lexeme)
    make_folder(path.parent)
    write_bytes_whole(path, serialised(root))
    return had


def take_out(path: Path, word: str) -> bool:
    """Take a word out of the file; tells whether it was there."""
    root = read_tree(path) if path.exists() else None
    if root is None:
        return False
    own, had = _own_lexeme(root, word)
    if own is not None:
        _drop(own)
    if had:
        write_bytes_whole(path, serialised(root))
    return had


def _own_lexeme(root: etree._Element, word: str) -> tuple[etree._Element | None, bool]:
    """The lexeme of this spelling alone, and whether the spelling was there; lexemes of several spellings lose it."""
    own: etree._Element | None = None
    had = False
    for grapheme in [*root.iter(GRAPHEME)]:
        if " ".join("".join(grapheme.itertext()).split()) != word:
            continue
        had = True
        lexeme = grapheme.getparent()
        if len(lexeme.findall(GRAPHEME)) > 1:
            _drop(grapheme)
        elif own is None:
            own = lexeme
        else:
            _drop(lexeme)
    return own, had


def _retell(element: etree._Element, lexeme: Lexeme) -> None:
    """Put other sounds into a lexeme; its examples and comments stay."""
    for old in [*element.findall(ALIAS), *element.findall(PHONEME)]:
        element.remove(old)
    position = 1 + max(element.index(grapheme) for grapheme in element.findall(GRAPHEME))
    for part in reversed([*lexeme_element(lexeme).iterchildren(PHONEME, ALIAS)]):
        element.insert(position, part)
    tail = element.tail
    etree.indent(element, level=1)
    element.tail = tail


def _append(root: etree._Element, element: etree._Element) -> None:
    etree.indent(element, level=1)
    element.tail = "\n"
    last = next(root.iterchildren(reversed=True), None)
    if last is None:
        root.text = "\n  "
    else:
        last.tail = "\n  "
    root.append(element)


def _drop(element: etree._Element) -> None:
    """Take out an element and the line that it stood on."""
    parent, previous = element.getparent(), element.getprevious()
    if element.getnext() is None and previous is not None:
        previous.tail = element.tail
    elif element.getnext() is None:
        parent.text = element.tail
    parent.remove(element)
