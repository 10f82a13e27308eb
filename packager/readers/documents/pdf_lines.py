"""A PDF without tags: paragraphs, headings and lists from the place, size and weight of its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from statistics import median

from packager.model import Omission
from packager.readers.documents.pdf_pages import BREAK, Line, PageText
from packager.readers.documents.pdf_words import joined

_EDGE = 0.12
"""The share of a page's height at its top and bottom in which running heads stand."""

_BULLET = re.compile(r"[•◦▪▫‣⁃●○■□➢–—*·]\s+(?=\S)")
_NUMBER = re.compile(r"(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)|\((?:\d{1,2}|[a-z])\)\s+(?=\S)")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–—]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:[-–—]|(?:/|of|von)\s*\d{1,4})?", re.I
)
_ENDS = re.compile(r"[.!?:;…。！？]['\"”’»)\]]*$")
_LARGER = 1.12
_LONGEST_HEADING = 200
_MOST_HEADINGS = 5


@dataclass
class _Block:
    """Lines that belong together; `kind` is "p", "li", "oli" or "h1" to "h6"."""

    kind: str
    lines: list[Line] = field(default_factory=list)

    def text(self) -> str:
        """Its lines as they are in the PDF, each on its own."""
        return "\n".join(line.text for line in self.lines)


def body_of_lines(pages: Sequence[PageText]) -> tuple[str, str | None, list[Omission]]:
    """The HTML of the lines, the title that the first page shows, and what was left out."""
    kept, omissions = _without_running_heads(pages)
    lines = [line for page in kept for line in page]
    if not lines:
        return "", None, omissions
    size = _usual_size(lines)
    levels = _levels(lines, size)
    blocks = _blocks(kept, size, levels)
    known = "\n".join(page.text for page in pages)
    title = _title(blocks, size, known)
    return _markup(blocks, known), title, omissions


def _without_running_heads(pages: Sequence[PageText]) -> tuple[list[list[Line]], list[Omission]]:
    """Take out lines at the edges of pages that come back on others, and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in page.lines if _is_at_edge(line, page)})
    least = max(2, min(4, len(pages) // 2)) if len(pages) > 1 else 2
    kept, dropped = [], Counter[str]()
    for page in pages:
        lines = []
        for line in page.lines:
            if _is_at_edge(line, page) and (_PAGE_NUMBER.fullmatch(line.text) or seen[_shape(line.text)] >= least):
                dropped["Page numbers" if _PAGE_NUMBER.fullmatch(line.text) else _shape(line.text)] += 1
            else:
                lines.append(line)
        kept.append(lines)
    return kept, [
        Omission(
            what if what == "Page numbers" else f"Line at the edge of {count} pages: “{what[:80]}”",
            "a book for an e-reader has no such pages",
        )
        for what, count in dropped.items()
    ]


def _shape(text: str) -> str:
    """A line with its numbers made alike: “12 The Ferry” and “14 The Ferry”."""
    return re.sub(r"\d+", "#", text)


def _is_at_edge(line: Line, page: PageText) -> bool:
    return line.bottom > (1 - _EDGE) * page.height or line.top < _EDGE * page.height


def _usual_size(lines: Sequence[Line]) -> float:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    return letters.most_common(1)[0][0]


def _levels(lines: Sequence[Line], size: float) -> dict[float, int]:
    """The level of heading by size of letters, the largest first."""
    sizes = Counter(round(line.size * 2) / 2 for line in lines if _is_large(line, size))
    return {found: min(level, 6) for level, found in enumerate(sorted(sizes, reverse=True)[:_MOST_HEADINGS], start=1)}


def _is_large(line: Line, size: float) -> bool:
    return line.size > _LARGER * size and any(map(str.isalpha, line.text))


def _blocks(pages: Sequence[Sequence[Line]], size: float, levels: dict[float, int]) -> list[_Block]:
    gap = _usual_gap(pages, size)
    right_edges = {id(line): edge for page in pages for line, edge in zip(page, _right_edges(page), strict=True)}
    blocks: list[_Block] = []
    for page in pages:
        for line in page:
            kind = _kind(line, size, levels)
            last = blocks[-1] if blocks else None
            if last is not None and _goes_on(last, line, kind, gap, right_edges[id(last.lines[-1])]):
                last.lines.append(line)
            else:
                blocks.append(_Block(kind, [line]))
    return [_settled(block, levels) for block in blocks]


def _usual_gap(pages: Sequence[Sequence[Line]], size: float) -> float:
    """The usual distance from one line to the next, in points."""
    steps = [
        before.bottom - after.bottom
        for page in pages
        for before, after in pairwise(page)
        if 0 < before.bottom - after.bottom < 3 * size
    ]
    return median(steps) if steps else 1.2 * size


def _right_edges(page: Sequence[Line]) -> list[float]:
    """For each line how far the lines of its column reach to the right."""
    return [max(other.right for other in page if other.left < line.right and other.right > line.left) for line in page]


def _kind(line: Line, size: float, levels: dict[float, int]) -> str:
    if _is_large(line, size):
        return f"h{levels.get(round(line.size * 2) / 2, len(levels) or 1)}"
    if _BULLET.match(line.text):
        return "li"
    if _NUMBER.match(line.text):
        return "oli"
    return "bold" if line.bold else "p"


def _goes_on(block: _Block, line: Line, kind: str, gap: float, right_edge: float) -> bool:
    last = block.lines[-1]
    step = last.bottom - line.bottom
    same_look = abs(last.size - line.size) < 0.12 * last.size
    if kind in ("li", "oli"):
        return False
    if kind.startswith("h") or block.kind.startswith("h"):
        return kind == block.kind and 0 < step < 1.6 * last.size * 1.25
    if not same_look or ((kind == "bold") != last.bold and block.kind == "bold"):
        return False
    if last.text.endswith(BREAK):
        return True
    unfinished = not _ENDS.search(last.text)
    if step <= 0 or step > 4 * gap:
        # The next column or page.
        return (
            unfinished and block.kind != "bold" and (line.text[:1].islower() or last.right > right_edge - 3 * last.size)
        )
    if step > 1.35 * gap:
        return False
    indented = line.left > last.left + 0.8 * last.size and len(block.lines) > (block.kind in ("li", "oli"))
    short = last.right < right_edge - 0.2 * (right_edge - last.left)
    if block.kind in ("li", "oli"):
        return line.left >= block.lines[0].left + 0.5 * last.size or (unfinished and not short)
    return not (indented and not unfinished) and not (short and not unfinished)


def _settled(block: _Block, levels: dict[float, int]) -> _Block:
    """Bold lines that stand alone and are short are headings, below all larger ones; a long heading is none."""
    text = block.text()
    if block.kind == "bold":
        is_heading = len(text) < 120 and not _ENDS.search(text) and len(block.lines) <= 2
        block.kind = f"h{min(len(levels) + 1, 6)}" if is_heading else "p"
    elif block.kind[0] == "h" and len(text) > _LONGEST_HEADING:
        block.kind = "p"
    return block


def _title(blocks: list[_Block], size: float, known: str) -> str | None:
    """The largest heading, when it is the first of the text and no other is as large."""
    heads = [block for block in blocks if block.kind == "h1"]
    if len(heads) == 1 and heads[0] in blocks[:4] and heads[0].lines[0].size > 1.3 * size:
        return joined(heads[0].text(), known)
    return None


def _markup(blocks: Sequence[_Block], known: str) -> str:
    parts: list[str] = []
    open_list = ""
    for block in blocks:
        listing = {"li": "ul", "oli": "ol"}.get(block.kind, "")
        if listing != open_list:
            parts += [f"</{open_list}>"] * bool(open_list) + [f"<{listing}>"] * bool(listing)
            open_list = listing
        text = joined(block.text(), known)
        if listing:
            text = (_BULLET if listing == "ul" else _NUMBER).sub("", text, count=1)
        name = "li" if listing else block.kind
        parts.append(f"<{name}>{escape(text)}</{name}>")
    return "".join(parts) + (f"</{open_list}>" if open_list else "")
