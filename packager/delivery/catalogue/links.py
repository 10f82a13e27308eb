"""Every address that a catalogue or a feed names, made in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from packager.delivery.shelf import Book

Version = Literal["1", "2"]

CATALOGUE = "opds"
FEED = "feed.xml"
OWN = "-"
"""What is not the reading page lives below this name, which no book can have."""


@dataclass(frozen=True)
class Links:
    """Addresses below `base`, which ends in a slash and has the token, if there is one."""

    base: str

    def page(self, book: Book) -> str:
        """The page that reads the book along."""
        return f"{self.base}{quote(book.slug)}/"

    def catalogue(self) -> str:
        """Where an app begins; it is answered in the version that the app asks for."""
        return f"{self.base}{CATALOGUE}"

    def root(self, version: Version) -> str:
        """The beginning in one version."""
        return self._own(f"opds{version}/root")

    def books(self, version: Version, **chosen: str) -> str:
        """A list of books; `chosen` as `Selection.parameters` gives it."""
        return self._own(f"opds{version}/books") + (f"?{urlencode(chosen, errors='replace')}" if chosen else "")

    def names(self, version: Version, facet: str) -> str:
        """The list of all values of a facet."""
        return self._own(f"opds{version}/{facet}")

    def entry(self, version: Version, book: Book) -> str:
        """All that is known of one book."""
        return self._own(f"opds{version}/book/{quote(book.slug)}")

    def search_description(self) -> str:
        """The OpenSearch description of the catalogue in version 1.2."""
        return self._own("opds1/search.xml")

    def file(self, book: Book, name: str) -> str:
        """A file of a book."""
        return self._own(f"files/{quote(book.slug)}/{quote(name)}")

    def cover(self, book: Book) -> str:
        """The cover, as large as it is worth showing."""
        return self._own(f"covers/{quote(book.slug)}.jpg")

    def thumbnail(self, book: Book) -> str:
        """The cover for a list."""
        return self._own(f"thumbnails/{quote(book.slug)}.jpg")

    def square(self, book: Book) -> str:
        """The cover as podcast players want it."""
        return self._own(f"squares/{quote(book.slug)}.jpg")

    def feed(self) -> str:
        """The podcast."""
        return f"{self.base}{FEED}"

    def feed_picture(self) -> str:
        """The picture of the podcast."""
        return self._own("feed.jpg")

    def chapters(self, book: Book) -> str:
        """The chapters of a recording."""
        return self._own(f"chapters/{quote(book.slug)}.json")

    def _own(self, path: str) -> str:
        return f"{self.base}{OWN}/{path}"
