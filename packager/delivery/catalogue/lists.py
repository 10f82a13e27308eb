"""Which lists the catalogue has and what they are called: the same in both versions of OPDS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from packager.delivery.catalogue.index import ALL, FACETS, Index, Selection

NAMES = {"authors": "author", "languages": "language"}
"""The lists of names, by their addresses, and the facet that each belongs to."""

_TITLES = {"authors": "By author", "languages": "By language"}
_FACET_TITLES = {"language": "Language", "narrated": "Narration", "author": "Author"}
_FACET_VALUES = 20


@dataclass(frozen=True)
class Way:
    """A way on from a list: to a selection of books or, where there is none, to a list of names."""

    title: str
    selection: Selection | None
    names: str = ""
    count: int = 0
    is_active: bool = False
    relation: str = ""


def ways_from_root(index: Index) -> list[Way]:
    """What a reader can begin with. A list of which all books are part, or none, is not offered beside that of all."""
    total = len(index.shelf.books)
    ways = [
        Way("Newest", ALL, count=total, relation="http://opds-spec.org/sort/new"),
        Way("All, by title", Selection(order="title"), count=total),
    ]
    if 0 < (narrated := index.counts("narrated")["yes"]) < total:
        ways.append(Way("With narration", Selection(narrated="yes"), count=narrated))
    for names, facet in NAMES.items():
        if len(values := index.counts(facet)) > 1:
            ways.append(Way(_TITLES[names], None, names=names, count=len(values)))
    return ways


def ways_by_name(index: Index, names: str) -> list[Way]:
    """A list of names, in the order of the alphabet."""
    facet = NAMES[names]
    ways = [
        Way(_shown(facet, value), Selection(order="title").narrowed(facet, value), count=count)
        for value, count in index.counts(facet).items()
    ]
    return sorted(ways, key=lambda way: way.title.casefold())


def facets_of(index: Index, selection: Selection) -> list[tuple[str, list[Way]]]:
    """By what a list can be narrowed down, and what it is narrowed down to; one way is active in each group."""
    groups = []
    for facet in FACETS:
        counted, chosen = index.counts(facet, selection), getattr(selection, facet)
        if len(counted) < 2 and not chosen:
            continue
        # An author writes few of the articles, and books have several: the total says nothing there.
        everything = 0 if facet == "author" else counted.total()
        ways = [Way("All", selection.narrowed(facet, ""), count=everything, is_active=not chosen)]
        ways += [
            Way(_shown(facet, value), selection.narrowed(facet, value), count=count, is_active=value == chosen)
            for value, count in counted.most_common(_FACET_VALUES)
        ]
        groups.append((_FACET_TITLES[facet], ways))
    return groups


def title_of(index: Index, selection: Selection) -> str:
    """What a list of books is called."""
    if selection.query:
        return f"{index.title}: “{selection.query}”"
    chosen = [_shown(facet, value) for facet in FACETS if (value := getattr(selection, facet))]
    order = "by title" if selection.order == "title" else "newest first"
    return f"{index.title}: {', '.join([*chosen, order])}"


def title_of_names(index: Index, names: str) -> str:
    """What a list of names is called."""
    return f"{index.title}: {_TITLES[names].lower()}"


def timestamp(seconds: float) -> str:
    """A moment as RFC 3339 writes it."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _shown(facet: str, value: str) -> str:
    if facet == "narrated":
        return "With narration" if value == "yes" else "Text only"
    return _language_name(value) if facet == "language" else value


@cache
def _language_name(tag: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag
