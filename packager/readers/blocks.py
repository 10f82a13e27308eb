"""The blocks of a plain text: paragraphs, lists, rules, told apart by blank lines, marks and line lengths."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from packager.patterns import late_pattern

_BULLET = late_pattern(r"^(?:[-*•‣◦–]|\((?P<p>\d{1,3})\)|(?P<n>\d{1,3})[.)])\s+(?P<text>\S.*)$")
_RULE = late_pattern(r"^(?:[-*_=~#·•]\s?){3,}$|^\*$|^⁂$")
_WRAPPED_AT_LEAST = 45
_WRAPPED_AT_MOST = 120


@dataclass(frozen=True)
class Block:
    """One paragraph (`lines` are to stay apart when there are several), a list (`items`) or a `rule`."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    number: int | None = None
    rule: bool = False
    quoted: bool = False
    underlined: bool = False

    @property
    def text(self) -> str:
        """The words of a paragraph in one line."""
        return " ".join(self.lines)


def split_blocks(text: str) -> list[Block]:
    """Cut a text at its blank lines and understand each piece."""
    blocks: list[Block] = []
    for piece in re.split(r"\n[ \t\u00a0]*\n\s*?", text):
        lines = [line.strip() for line in piece.split("\n") if line.strip()]
        blocks.extend(_understood(lines))
    return _merged_lists(blocks)


def _understood(lines: list[str]) -> list[Block]:
    if not lines:
        return []
    if len(lines) == 2 and re.fullmatch(r"={3,}|-{3,}|~{3,}", lines[1]):
        return [Block(lines=(lines[0],), underlined=True)]
    for index, line in enumerate(lines):
        if _RULE.match(line):
            return [*_understood(lines[:index]), Block(rule=True), *_understood(lines[index + 1 :])]
    if all(line.startswith(">") for line in lines):
        unquoted = [line.lstrip("> ") for line in lines]
        return [Block(lines=_joined([line for line in unquoted if line]), quoted=True)]
    if items := _items(lines):
        return [items]
    if len(lines) > 1 and 2 * sum(len(line) > _WRAPPED_AT_MOST for line in lines) >= len(lines):
        # Too long for verse, and wrapped by nobody: paragraphs without blank lines between them.
        return [block for line in lines for block in _understood([line])]
    return [Block(lines=_joined(lines))]


def _items(lines: list[str]) -> Block | None:
    found = [_BULLET.match(line) for line in lines]
    if not found[0] or (len(lines) > 1 and not all(found) and sum(map(bool, found)) < 2):
        return None
    marks = [match["n"] or match["p"] for match in found if match]
    first = int(marks[0]) if marks[0] else None
    if marks != [str(first + index) if first is not None else None for index in range(len(marks))]:
        # Numbers that do not follow one another say something; a list would count them anew.
        return None
    items: list[str] = []
    for line, match in zip(lines, found, strict=True):
        if match:
            items.append(match["text"])
        else:
            items[-1] += " " + line
    return Block(lines=tuple(lines), items=tuple(items), number=first)


def _merged_lists(blocks: list[Block]) -> list[Block]:
    """Join items that stand in blocks of their own; a lone numbered line is no list but, perhaps, a heading."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and block.items and last.items and _continues(last, block):
            merged[-1] = replace(last, lines=last.lines + block.lines, items=last.items + block.items)
        else:
            merged.append(block)
    return [
        replace(block, items=(), number=None) if len(block.items) == 1 and block.number is not None else block
        for block in merged
    ]


def _continues(last: Block, block: Block) -> bool:
    if last.number is None or block.number is None:
        return last.number is None and block.number is None
    return block.number == last.number + len(last.items)


def _joined(lines: list[str]) -> tuple[str, ...]:
    """One line when the lines were only wrapped for the page; else the lines as they are (verse, an address)."""
    if len(lines) < 2:
        return tuple(lines)
    longest = max(map(len, lines))
    shortest_but_last = min(map(len, lines[:-1]))
    wrapped = _WRAPPED_AT_LEAST <= longest <= _WRAPPED_AT_MOST and shortest_but_last > longest * 0.6
    if not wrapped:
        return tuple(lines)
    text = lines[0]
    for line in lines[1:]:
        text += line if re.search(r"\w[-‐]$", text) else " " + line
    return (text,)
