"""A source as people name it (a file, an address, a feed) → the articles in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from packager.errors import SourceError
from packager.model import Article, Omission
from packager.readers.draft import Draft
from packager.readers.kinds import kind_of
from packager.readers.read import article_of, draft_of
from packager.readers.source import SourceFile, read_file

if TYPE_CHECKING:
    from packager.fetching.policy import Policy

_ADDRESS = re.compile(r"https?://", re.I)
_PICTURE = re.compile(r"<img\b[^>]*?\ssrc=(?P<quote>[\"'])(?P<address>https?://.*?)(?P=quote)", re.I | re.S)
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "message/rfc822": ".eml",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "text/x-rst": ".rst",
}
"""Endings by media type, for what does not tell by its content."""


@dataclass(frozen=True)
class Reading:
    """How a source is to be read: metadata that win, CSS selectors of a page's parts to keep or drop.

    `address` is where a page that was saved came from: its pictures are then fetched. `allow_private` lets addresses of
    this machine and its network through. `cache` is the folder where what was fetched is kept.
    """

    overrides: Mapping[str, object] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    address: str | None = None
    allow_private: bool = False
    cache: Path | None = None


def is_address(source: str) -> bool:
    """Whether a source is on the network."""
    return bool(_ADDRESS.match(source))


def articles_from(source: str, reading: Reading) -> list[Article]:
    """The articles of a source: the entries of a feed, or the one that it is.

    The network is asked only for a source that is an address, or whose address is given. Raises `SourceError` when there
    is no article to be had, `UsageError` when an override or a selector cannot be.
    """
    file = _fetched(source, reading) if is_address(source) else replace(read_file(source), address=reading.address)
    if kind_of(file) == "feed":
        from packager.readers.documents.feed import entries

        drafts = [replace(draft, alone=True) for draft in entries(file)]
    else:
        drafts = [draft_of(file, reading.keep, reading.drop)]
    if file.address:
        drafts = [_with_pictures(_with_source(draft, file.address), reading) for draft in drafts]
    if is_address(source):
        drafts = [replace(draft, alone=True) for draft in drafts]
    name = "-" if is_address(source) else source
    articles: list[Article] = []
    broken: list[Omission] = []
    for draft in drafts:
        try:
            articles.append(article_of(draft, file, name, reading.overrides))
        except SourceError as error:
            if len(drafts) == 1:
                raise
            broken.append(Omission(f"Entry “{draft.fields.get('title', '')}”", str(error).rstrip(".")))
    if not articles:
        raise SourceError(f"{file.name} has no entry with a text.", "Give a feed that holds whole articles.")
    return [replace(articles[0], omissions=(*articles[0].omissions, *broken)), *articles[1:]]


def _policy(reading: Reading) -> Policy:
    from packager.fetching.policy import Policy

    return Policy(allow_private=reading.allow_private, cache=reading.cache)


def _fetched(source: str, reading: Reading) -> SourceFile:
    from packager.fetching.fetch import fetch

    answer = fetch(source, policy=_policy(reading))
    called = f"“{answer.address.partition('?')[0]}”"
    suffix = _SUFFIXES.get(answer.media_type, "")
    return SourceFile(called, answer.data, Path.cwd(), suffix, answer.address, answer.charset)


def _with_source(draft: Draft, address: str) -> Draft:
    """The draft with where it comes from, unless it says so itself."""
    return replace(draft, fields={"source": address} | {key: value for key, value in draft.fields.items() if value})


def _with_pictures(draft: Draft, reading: Reading) -> Draft:
    """The draft with the pictures that it names by addresses. What cannot be had is listed by the reader of pictures."""
    wanted = {unescape(match["address"]) for match in _PICTURE.finditer(draft.markup)} - set(draft.pictures)
    if not wanted:
        return draft
    from packager.fetching.pictures import fetch_pictures

    answer = fetch_pictures(sorted(wanted), policy=_policy(reading))
    return replace(draft, pictures={**draft.pictures, **answer.found, **answer.missing})
