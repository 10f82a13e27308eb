"""The shelf while it is served: what is built meanwhile appears by itself."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from threading import Lock

from packager.delivery.catalogue.index import ALL, Index
from packager.delivery.catalogue.lists import facets_of
from packager.delivery.shelf import WatchedShelf
from packager.errors import SourceError

_SECONDS = 1.0
_SHARE = 20
"""Looking takes at most one twentieth of the time, however large the shelf."""


class Library:
    """Gives the index of a folder as it is now, or was a moment ago. May be asked from several threads."""

    def __init__(self, folder: Path, title: str, number: uuid.UUID, paged: bool = True) -> None:
        """Raises `SourceError` when there is no such folder."""
        self._watched = WatchedShelf(folder)
        self._looking = Lock()
        self._index = Index(self._watched.look(), title, uuid.uuid5(number, str(folder.resolve())), paged)
        self._next = time.monotonic() + _SECONDS
        _prepare(self._index)

    def index(self) -> Index:
        """The books and what is known of them."""
        if time.monotonic() >= self._next and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._index

    def _look(self) -> None:
        begun = time.monotonic()
        try:
            shelf = self._watched.look()
        except SourceError:
            # The folder has gone, perhaps only for the moment of a clean build; its books with it.
            shelf = type(self._index.shelf)(())
        if shelf is not self._index.shelf:
            before = self._index
            self._index = Index(shelf, before.title, before.number, before.paged)
        now = time.monotonic()
        self._next = now + max(_SECONDS, _SHARE * (now - begun))


def _prepare(index: Index) -> None:
    """What is worked out once is worked out before the first client waits for it."""
    facets_of(index, ALL)
    for book in index.find(ALL).books:
        index.identifier(book)
