"""What of a page is kept: the blocks that the library found, and what stands among them and is no clutter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from packager.readers.html.blocks import Weight, Weights, weigh
from packager.readers.html.clutter import announces_clutter, is_hidden, kind_of_clutter
from packager.readers.html.evidence import Evidence
from packager.readers.html.refusal import words_in
from packager.xhtml import remove, text_of

_STRUCTURE = frozenset(
    "p pre blockquote table ul ol dl figure li dt dd tr td th tbody h1 h2 h3 h4 h5 h6 figcaption math picture img".split()
)
_WHOLES = frozenset("table ul ol dl pre math".split())
"""What is kept as a whole when most of it is the article's: a table without some of its cells is none."""

_PARTS = frozenset("ul ol dl li td th tr tbody thead caption dt dd".split())
_HOLDERS = frozenset("ul ol li table thead tbody tr dl".split())
_LONGEST_CAPTION = 400
_FIGURE = re.compile(r"thumb|figure|caption|image|photo|picture|gallery|img", re.I)


@dataclass
class Dropped:
    """What was taken out of a page, by kind: how many blocks, words, links and pictures."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, kind: str, element: etree._Element) -> None:
        """Add an element that is taken out, if there was anything in it to read."""
        words = words_in(" ".join(element.itertext()))
        if words:
            tally = self.counts.setdefault(kind, Counter())
            tally["word"] += words
            tally["link"] += sum(1 for _ in element.iter("a"))

    def lines(self) -> list[str]:
        """One line a kind, as "Navigation, 40 words, 12 links"; the largest first."""
        largest = sorted(self.counts.items(), key=lambda entry: -entry[1]["word"])
        return [
            ", ".join(
                [kind, *(f"{number} {unit}{'s' if number > 1 else ''}" for unit, number in tally.items() if number)]
            )
            for kind, tally in largest
        ]


def choose(body: etree._Element, evidence: Evidence, wanted: Sequence[etree._Element], dropped: Dropped) -> bool:
    """Take out of the tree what does not belong to the article, and count it; False when the tree has not the article.

    `wanted` stays, with all that is in it, whatever it looks like.
    """
    weights, container = weigh(body, evidence.letters)
    if 2 * weights[body].found < len(evidence.letters) and not wanted:
        return False
    chosen = _Choice(body, weights, _widened(container, body, weights), {*wanted, *_notes_of(container)})
    chosen.walk()
    for kind, element in chosen.dropped:
        dropped.count(kind, element)
        remove(element)
    return True


def _notes_of(container: etree._Element) -> Iterator[etree._Element]:
    """The lists of notes that the article calls; libraries take them for links."""
    for section in container.getroottree().iter("section"):
        if section.get("role") == "doc-endnotes":
            called = {(link.get("href") or "")[1:] for link in container.iter("a") if link.get("role") == "doc-noteref"}
            if any(item.get("id") in called for item in section.iter("li")):
                yield section


def _widened(container: etree._Element, body: etree._Element, weights: Weights) -> etree._Element:
    """The container, or one around it that has much more prose and hardly a link: the library found a part only."""
    place = container
    if place is body:
        return place
    for outer in container.iterancestors():
        if outer is body:
            break
        here, there = weights[place], weights[outer]
        if (
            there.prose > 1.4 * max(here.found, here.prose)
            and there.linked < 0.2 * there.text
            and there.prose > 0.7 * there.text
        ):
            place = outer
    return place


class _Choice:
    def __init__(
        self, body: etree._Element, weights: Weights, container: etree._Element, wanted: set[etree._Element]
    ) -> None:
        self.body, self.weights, self.container, self.wanted = body, weights, container, wanted
        self.leading = {outer for element in wanted for outer in element.iterancestors()}
        self.total = weights[body].found
        self.article = next((outer for outer in container.iterancestors() if outer.tag in ("article", "main")), None)
        self.seen = 0
        self.dropped: list[tuple[str, etree._Element]] = []

    def walk(self) -> None:
        ancestors = set(self.container.iterancestors())
        pending: list[tuple[etree._Element, bool, str | None]] = [(self.body, False, None)]
        while pending:
            element, inside, suspicion = pending.pop()
            weight = self.weights.get(element)
            if weight is None or element in self.wanted:
                continue
            inside = inside or element is self.container
            around = (
                element is self.body or element in ancestors or element is self.container or element in self.leading
            )
            if not around:
                if weight.found:
                    kind = self.overruled(element, weight)
                    suspicion = suspicion or kind_of_clutter(element)
                else:
                    kind = suspicion or self.unfound(element, weight, inside)
                if kind:
                    self.dropped.append((kind, element))
                    continue
            if not weight.found and element not in self.leading and element is not self.container:
                continue
            if (
                element.tag in _WHOLES
                and 2.5 * weight.found > weight.text
                and not any(True for _ in element.iter("div", "section"))
            ):
                self.seen += weight.found
                continue
            children = [child for child in element if child in self.weights]
            if not children:
                self.seen += weight.found
            pending.extend((child, inside, suspicion) for child in reversed(children))

    def overruled(self, element: etree._Element, weight: Weight) -> str | None:
        """What the library took for article and the page itself calls something else."""
        if is_hidden(element) and 2 * weight.found < self.total:
            return "Hidden text"
        if weight.found > 0.3 * self.total or (_is_data(element) and self.seen > 0):
            return None
        if weight.blocks == 1 and len(text := text_of(element)) < 80 and announces_clutter(text):
            return "Related links"
        kind = kind_of_clutter(element)
        if kind and (weight.linked > 0.3 * weight.text or weight.text < 40 * weight.blocks):
            return kind
        return None

    def unfound(self, element: etree._Element, weight: Weight, inside: bool) -> str | None:
        """Why a piece of the page in which the library found nothing is dropped; None when it is kept."""
        if is_hidden(element):
            return "Hidden text"
        mid = 0 < self.seen < self.total
        figure = is_figure(element, weight)
        plain_table = inside and mid and _is_data(element)
        judged = [] if plain_table else [element] if figure else [element, *element.iterdescendants()][:6]
        if kind := next(filter(None, map(kind_of_clutter, judged)), None):
            return kind
        if weight.blocks == 1 and announces_clutter(text_of(element)):
            return "Related links"
        if figure and (inside or (self.article is not None and self.article in element.iterancestors())):
            self.sweep(element)
            return None
        if not inside:
            return None if self.joins(element, weight) else "Surroundings"
        if not weight.text or (
            element.tag in _PARTS and element.getparent().tag in _HOLDERS and self.weights[element.getparent()].found
        ):
            return None
        around = self.weights[element.getparent()]
        dense = 3 * around.found > around.text
        beside = any(child in self.weights and self.weights[child].found for child in element.getparent())
        if (
            not plain_table
            and weight.linked > (0.8 if mid and beside and _ends_like_sentence(element) else 0.5) * weight.text
        ):
            return "Links"
        if mid:
            if beside or element.tag in _STRUCTURE or (dense and weight.prose > 0.5 * weight.text):
                return None
            return "Surroundings"
        if beside and element.tag in _STRUCTURE:
            return None
        if dense and weight.prose > 150 and weight.prose > 0.6 * weight.text and weight.linked < 0.2 * weight.text:
            return None
        return "Surroundings"

    def sweep(self, figure: etree._Element) -> None:
        """Drop the buttons and bars that stand in a figure."""
        for part in figure.iterdescendants():
            if part.tag != "figcaption" and not any(True for _ in part.iter("img")) and (kind := kind_of_clutter(part)):
                self.dropped.append((kind, part))

    def joins(self, element: etree._Element, weight: Weight) -> bool:
        """Whether a piece outside the container is prose like that in it."""
        if weight.prose < 300 or weight.prose < 0.7 * weight.text or weight.linked > 0.15 * weight.text:
            return False
        return element.getparent() in self.container.iterancestors()


def _is_data(element: etree._Element) -> bool:
    """Whether an element is a table of several rows and columns, and not one for the page's layout."""
    rows = list(element.iter("tr")) if element.tag == "table" else []
    return (
        len(rows) > 1
        and sum(len(row) > 1 for row in rows) > 1
        and not any(True for _ in element.iter("form", "article"))
    )


def _ends_like_sentence(element: etree._Element) -> bool:
    return element.tag == "p" and text_of(element).endswith((".", "!", "?", "。"))


def is_figure(element: etree._Element, weight: Weight) -> bool:
    """Whether an element is a picture, or a few, with at most a caption."""
    if weight.text > _LONGEST_CAPTION or not any(True for _ in element.iter("img", "picture", "svg")):
        return False
    if weight.text == 0 or element.tag in ("figure", "picture"):
        return weight.text == 0 or not any(
            link.tag == "a" and weight.linked == weight.text for link in element.iter("h2", "h3", "h4")
        )
    return _FIGURE.search(f"{element.get('class', '')} {element.get('id', '')}") is not None and weight.blocks <= 3
