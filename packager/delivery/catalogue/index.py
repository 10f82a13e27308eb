"""The books of a shelf, ready to be listed, narrowed down and searched."""

from __future__ import annotations

import unicodedata
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from packager.delivery.shelf import Book, Shelf
from packager.errors import UsageError
from packager.identity import identifier

PAGE = 50
FACETS = ("language", "narrated", "author")
_ORDERS = ("new", "title")
_LONGEST_QUERY = 200
_KEPT = 64
"""Selections: a page and its facets, and the pages that follow, ask for the same few again and again."""

_NARRATED = {"yes": True, "no": False}


@dataclass(frozen=True)
class Selection:
    """Which books are asked for; `order` is "new" or "title", `narrated` "yes", "no" or "" for both; `page` counts from 1."""

    order: str = "new"
    query: str = ""
    language: str = ""
    narrated: str = ""
    author: str = ""
    page: int = 1

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address; `selection_of` reads them again."""
        named = {"order": self.order, "query": self.query}
        named |= {facet: getattr(self, facet) for facet in FACETS}
        kept = {name: value for name, value in named.items() if value and (name, value) != ("order", "new")}
        return kept | ({"page": str(self.page)} if self.page > 1 else {})

    def turned_to(self, page: int) -> Selection:
        """The same on another page."""
        return replace(self, page=page)

    def narrowed(self, facet: str, value: str) -> Selection:
        """The first page of the same with another value of a facet; "" takes the facet away."""
        chosen = {name: getattr(self, name) for name in FACETS} | {facet: value}
        return Selection(self.order, self.query, **chosen)


ALL = Selection()


def selection_of(parameters: Mapping[str, str]) -> Selection:
    """What an address asks for. Raises `UsageError` for what cannot be."""
    order, page = parameters.get("order", "new"), parameters.get("page", "1")
    narrated, query = parameters.get("narrated", ""), parameters.get("query", "")
    if order not in _ORDERS or narrated not in ("", *_NARRATED) or len(query) > _LONGEST_QUERY:
        raise UsageError("The catalogue has no such list.", "Begin at the root of the catalogue.")
    if not (page.isascii() and page.isdigit() and len(page) < 7 and int(page) > 0):
        raise UsageError("The catalogue has no such page.", "Begin at the root of the catalogue.")
    return Selection(
        order=order,
        query=query,
        language=parameters.get("language", ""),
        narrated=narrated,
        author=parameters.get("author", ""),
        page=int(page),
    )


@dataclass(frozen=True)
class Found:
    """One page of books: how many there are in all, and the number of the last page."""

    books: tuple[Book, ...]
    total: int
    last: int


@dataclass(frozen=True)
class Index:
    """A shelf and what is worth knowing of it only once.

    `number` is the catalogue's own, by which apps know it again; `paged` is False for apps that cannot turn pages.
    """

    shelf: Shelf
    title: str
    number: uuid.UUID
    paged: bool = True

    def find(self, selection: Selection) -> Found:
        """The books of one page of a selection; a page behind the last is empty."""
        books = self._matching(selection)
        if not self.paged:
            return Found(books if selection.page == 1 else (), len(books), 1)
        begin = (selection.page - 1) * PAGE
        return Found(books[begin : begin + PAGE], len(books), max(1, -(-len(books) // PAGE)))

    def counts(self, facet: str, selection: Selection = ALL) -> Counter[str]:
        """Of how many books of the selection each value of a facet is true, whichever value of it is selected."""
        anything = selection.narrowed(facet, "")
        if replace(anything, order=ALL.order) == ALL:
            return self._counts[facet]
        return _counted(self._matching(anything), facet)

    def identifier(self, book: Book) -> str:
        """The identifier of the text edition; no two books of the shelf have one."""
        return self._identifiers[book.slug]

    def own_identifier(self, of: str) -> str:
        """The identifier of one of the catalogue's own lists, the same after every restart."""
        return f"urn:uuid:{uuid.uuid5(self.number, of)}"

    @property
    def updated(self) -> float:
        """When the newest book was made, in seconds since 1970."""
        return self.shelf.books[0].made if self.shelf.books else 0.0

    def _matching(self, selection: Selection) -> tuple[Book, ...]:
        wanted = selection.turned_to(1)
        if (books := self._found.get(wanted)) is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            books = self._found[wanted] = self._search(wanted)
        return books

    def _search(self, selection: Selection) -> tuple[Book, ...]:
        books = self._in_order[selection.order]
        if narrated := selection.narrated:
            books = tuple(book for book in books if is_narrated(book) == _NARRATED[narrated])
        if language := selection.language:
            books = tuple(book for book in books if book.metadata.language == language)
        if author := selection.author:
            books = tuple(book for book in books if author in book.metadata.authors)
        if words := folded(selection.query).split():
            books = tuple(book for book in books if all(word in self._words[book.slug] for word in words))
        return books

    @cached_property
    def _found(self) -> dict[Selection, tuple[Book, ...]]:
        return {}

    @cached_property
    def _in_order(self) -> dict[str, tuple[Book, ...]]:
        by_title = sorted(self.shelf.books, key=lambda book: (folded(book.metadata.title), book.slug))
        return {"new": self.shelf.books, "title": tuple(by_title)}

    @cached_property
    def _words(self) -> dict[str, str]:
        return {book.slug: folded(" ".join(_searched(book))) for book in self.shelf.books}

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        return {facet: _counted(self.shelf.books, facet) for facet in FACETS}

    @cached_property
    def _identifiers(self) -> dict[str, str]:
        """Two builds of one article under two names share the EPUB's identifier, and apps would take them for one."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for book in sorted(self.shelf.books, key=lambda book: book.slug):
            own = identifier(book.metadata, narrated=False)
            if own in taken:
                apart = replace(book.metadata, title=f"{book.metadata.title}\n{book.slug}")
                own = identifier(apart, narrated=False)
            taken.add(own)
            found[book.slug] = own
        return found


def is_narrated(book: Book) -> bool:
    """Whether there is something to hear."""
    return "narrated" in book.files or "mp3" in book.files


def folded(text: str) -> str:
    """Without case and accents, as people type what they search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _counted(books: Sequence[Book], facet: str) -> Counter[str]:
    if facet == "language":
        return Counter(book.metadata.language for book in books)
    if facet == "narrated":
        return Counter("yes" if is_narrated(book) else "no" for book in books)
    return Counter(author for book in books for author in dict.fromkeys(book.metadata.authors))


def _searched(book: Book) -> list[str]:
    known = book.metadata
    texts = [known.title, known.subtitle, known.description, known.publisher, known.series]
    return [text for text in texts if text] + [*known.authors, *known.subjects]
