"""The folder of results → the page that reads along, as static files beside the books."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packager.delivery.shelf import Book, Shelf, read_shelf
from packager.delivery.web.site import checked, write_site
from packager.errors import SourceError
from packager.pipeline.settings import WEB


@dataclass(frozen=True)
class Website:
    """Where its list of articles is, which articles it has, and what of the shelf is not on it, and why."""

    index: Path
    slugs: tuple[str, ...]
    problems: tuple[str, ...]


def write_website(results: Path) -> Website:
    """Write the page for all articles in a folder of results. One that is damaged is left out and told, not the others."""
    shelf = read_shelf(results)
    good: list[Book] = []
    problems = list(shelf.problems)
    for book in shelf.books:
        try:
            good.append(checked(book))
        except SourceError as error:
            problems.append(str(error))
    write_site(Shelf(tuple(good)), results / WEB)
    return Website(results / WEB / "index.html", tuple(book.slug for book in good), tuple(problems))
