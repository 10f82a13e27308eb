"""Markdown that is read as the same body: what it is taken for is looked at, and what is taken amiss written otherwise.

Each block has four ways, the first that works is taken: Markdown as people write it; Markdown in which the markup of lines is
HTML; the same with every mark of the text escaped; HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from lxml import etree

from packager.writers.markdown.blocks import WRAPPERS, blocks_of, markdown_of_block
from packager.writers.markdown.lines import Manner
from packager.writers.markdown.notes import Notes, find_notes
from packager.writers.markdown.raw import html_of
from packager.writers.markdown.sameness import form_of
from packager.xhtml import local_name

_LEVELS = frozenset("h2 h3 h4 h5 h6".split())
_TRIES = 8

Read = Callable[[str], etree._Element]
"""Markdown → the clean body that the reader makes of it."""


def markdown_of(body: etree._Element, read: Read) -> str:
    """A clean body as Markdown, of which `read` makes the same body wherever that can be; see `sameness.form_of`."""
    notes = find_notes(body)
    if notes is not None:
        text = _Writing(body, read, notes).text()
        if form_of(read(text)) == form_of(body):
            return text
    return _Writing(body, read, None).text()


class _Writing:
    """One try at a body. `known` holds the blocks whose Markdown is settled."""

    def __init__(self, body: etree._Element, read: Read, notes: Notes | None) -> None:
        self.body, self.read, self.notes = body, read, notes
        self.plain = Manner(notes=notes.calls if notes else {})
        tagged = replace(self.plain, tagged=True)
        self.others = (tagged, replace(tagged, careful=True))
        self.known: dict[etree._Element, str] = {}
        if notes:
            self.known[notes.section] = "\n\n".join(map(self._note, count(1), notes.texts))

    def text(self) -> str:
        blocks = list(self.body)
        self._settle_side_by_side(blocks)
        return self._written(blocks) + "\n"

    def _settle(self, blocks: Sequence[etree._Element]) -> bool:
        """Find a way for each of the blocks; whether they are then known to be good side by side."""
        if not blocks or self._is_good(blocks):
            return True
        if len(blocks) == 1:
            self._settle_one(blocks[0])
        else:
            middle = len(blocks) // 2
            self._settle(blocks[:middle])
            self._settle(blocks[middle:])
        return False

    def _settle_one(self, block: etree._Element) -> None:
        if self.notes and block is self.notes.section:
            return
        if local_name(block) in WRAPPERS:
            self._settle_side_by_side([child for child in block if local_name(child) != "summary"])
            ways = []
        else:
            ways = [markdown_of_block(block, manner, {}) for manner in self.others]
        plain = markdown_of_block(block, self.plain, self.known)
        for way in (plain, *ways, html_of(block)):
            self.known[block] = way
            if self._is_good([block]):
                return
        # Nothing helps, so that it shall at least be readable.
        self.known[block] = plain

    def _settle_side_by_side(self, blocks: Sequence[etree._Element]) -> None:
        if not self._settle(blocks) and not self._is_good(blocks):
            self._separate(blocks)

    def _separate(self, blocks: Sequence[etree._Element]) -> None:
        """Each is good alone, and not beside the others: write as HTML what is taken for something else, else everything."""
        before = dict(self.known)
        for _ in range(_TRIES):
            found = list(self.read(self._written(blocks)))
            pairs = zip(blocks, found, strict=False)
            place = next((n for n, (block, other) in enumerate(pairs) if form_of(block) != form_of(other)), len(found))
            block = next((block for block in reversed(blocks[: place + 1]) if self._can_be_html(block)), None)
            if block is None:
                break
            self.known[block] = html_of(block)
            if self._is_good(blocks):
                return
        self.known |= {block: html_of(block) for block in blocks if self._can_be_html(block)}
        if not self._is_good(blocks):
            self.known = before

    def _can_be_html(self, block: etree._Element) -> bool:
        return not (self.notes and block is self.notes.section) and self.known.get(block) != html_of(block)

    def _is_good(self, blocks: Sequence[etree._Element]) -> bool:
        before, count, after = self._surroundings(blocks)
        found = list(self.read(f"{before}{self._written(blocks)}\n\n{after}"))
        found = found[count : -1 if after else None]
        return list(map(form_of, found)) == list(map(form_of, blocks))

    def _written(self, blocks: Sequence[etree._Element]) -> str:
        return "\n\n".join(markdown_of_block(block, self.plain, self.known) for block in blocks)

    def _note(self, number: int, note: etree._Element) -> str:
        return f"[^{number}]: " + blocks_of(note, self.plain, {}).replace("\n", "\n    ").replace("    \n", "\n")

    def _surroundings(self, blocks: Sequence[etree._Element]) -> tuple[str, int, str]:
        """What has to stand before blocks that are read alone, how many blocks that is, and what has to stand after them.

        Levels of headings are counted from the first, links need their ends, notes have numbers by the order of their calls.
        """
        if blocks[0].getparent() is self.body and len(blocks) == len(self.body):
            return "", 0, ""
        inside = [element for block in blocks for element in block.iter(etree.Element)]
        level = next((int(name[1]) for name in map(local_name, inside) if name in _LEVELS), 2)
        anchors = {element.get("id") for element in inside}
        ends = {element.get("href", "")[1:] for element in inside if element.get("href", "").startswith("#")}
        before = [f"<h{number}>x</h{number}>" for number in range(2, level)]
        before += [f'<p><a id="{end.removeprefix("n-")}"></a></p>' for end in sorted(ends - anchors)]
        calls = self.plain.notes
        earlier = self._calls_before(blocks[0]) if calls else []
        if earlier:
            before.append(" ".join(f"[^{label}]" for label in earlier))
        has_texts = self.notes is not None and self.notes.section in blocks
        called = [] if has_texts else [*earlier, *(calls[element] for element in inside if element in calls)]
        after = "\n\n".join(f"[^{label}]: x" for label in dict.fromkeys(called))
        return "".join(f"{block}\n\n" for block in before), len(before), after

    def _calls_before(self, block: etree._Element) -> list[str]:
        calls: list[str] = []
        for element in self.body.iter(etree.Element):
            if element is block:
                break
            if element in self.plain.notes:
                calls.append(self.plain.notes[element])
        return calls
