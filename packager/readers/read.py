"""From the name of a source to an `Article`: find out what it is, let its reader read it, complete what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module

from packager.model import Article
from packager.readers.complete import complete
from packager.readers.draft import Draft
from packager.readers.kinds import MARKDOWN_SUFFIXES, Kind, kind_of
from packager.readers.source import SourceFile, SourceText, read_file, read_text, refuse_large

__all__ = ["MARKDOWN_SUFFIXES", "article_of", "draft_of", "read_article"]

_READERS_OF_TEXT: dict[Kind, tuple[str, str]] = {
    "markdown": ("packager.readers.markdown", "read_markdown_article"),
    "text": ("packager.readers.text", "read_text_article"),
}
_READERS_OF_FILES: dict[Kind, tuple[str, str]] = {
    "docx": ("packager.readers.documents.docx", "read_docx"),
    "epub": ("packager.readers.documents.epub", "read_epub"),
    "feed": ("packager.readers.documents.feed", "read_feed"),
    "flat-odt": ("packager.readers.documents.odt", "read_flat_odt"),
    "mail": ("packager.readers.documents.mail", "read_mail"),
    "odt": ("packager.readers.documents.odt", "read_odt"),
    "pandoc": ("packager.readers.documents.pandoc", "read_with_pandoc"),
    "pdf": ("packager.readers.documents.pdf", "read_pdf"),
}
_WITH_THEIR_PICTURES = frozenset({"docx", "epub", "feed", "mail", "odt", "flat-odt", "pdf"})


def read_article(
    source: str,
    overrides: Mapping[str, object] | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Article:
    """Read the article at path `source` ("-" is standard input).

    `overrides` are metadata fields that win over what the source says, `keep` and `drop` CSS selectors of what is kept
    of a web page and what is not. Raises `SourceError` when there is no article to be had, `UsageError` when an override
    or a selector cannot be.
    """
    file = read_file(source)
    return article_of(draft_of(file, keep, drop), file, source, overrides)


def draft_of(file: SourceFile, keep: Sequence[str] = (), drop: Sequence[str] = ()) -> Draft:
    """What the reader for this kind of file makes of it. Raises `SourceError`, and `UsageError` for a wrong selector."""
    kind = kind_of(file)
    if kind == "html":
        from packager.readers.html.read import read_html_page

        refuse_large(file)
        return read_html_page(file.data, file.charset, file.address, keep, drop, name=file.name)
    if kind == "mhtml":
        from packager.readers.documents.mhtml import read_mhtml

        return replace(read_mhtml(file, keep, drop), alone=True)
    if kind in _READERS_OF_TEXT:
        text = read_text(file)
        read_text_of: Callable[[SourceText], Draft] = _reader(_READERS_OF_TEXT[kind])
        draft = read_text_of(text)
        return replace(draft, notes=(*_notes_on(text), *draft.notes))
    if kind not in _WITH_THEIR_PICTURES:
        refuse_large(file)
    read: Callable[[SourceFile], Draft] = _reader(_READERS_OF_FILES[kind])
    return replace(read(file), alone=kind in _WITH_THEIR_PICTURES)


def article_of(draft: Draft, file: SourceFile, source: str, overrides: Mapping[str, object] | None = None) -> Article:
    """The article of a draft; more pictures may have been put into it. `source` is the path of the file or "-"."""
    return complete(draft, file.name, source, file.folder, dict(overrides or {}))


def _reader(name: tuple[str, str]) -> Callable[..., Draft]:
    """A reader is loaded when it is needed: some of the libraries take longer to load than an article to read."""
    module, function = name
    found: Callable[..., Draft] = getattr(import_module(module), function)
    return found


def _notes_on(text: SourceText) -> list[str]:
    notes = [f"text encoding: {text.encoding}"] if text.encoding not in ("utf-8", "utf-8-sig") else []
    if text.removed_controls:
        notes.append(f"{text.removed_controls} control characters removed")
    return notes
