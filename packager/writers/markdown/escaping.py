"""Text that means itself in Markdown."""

from __future__ import annotations

import re
import string

_ALWAYS = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w{1,32};)")
_EVERY = re.compile(f"[{re.escape(string.punctuation)}]")
_LINE_START = re.compile(r"#(?=#{0,5}(?:\s|$))|[-+](?=\s|$)|[-=|:](?=[-=|: ]*$)|\d{1,9}[.)](?=\s|$)|[>:{]")


def escaped(text: str, careful: bool) -> str:
    """Text with a backslash before each mark that could mean something; before every one when `careful`."""
    return (_EVERY if careful else _ALWAYS).sub(r"\\\g<0>", text)


def safe_lines(text: str) -> str:
    """Lines of Markdown that begin no heading, list, quotation or table, and keep the spaces at their ends."""
    return "\n".join(_safe_line(line.strip(" ")) for line in text.split("\n"))


def _safe_line(line: str) -> str:
    if match := _LINE_START.match(line):
        line = f"{match[0][:-1]}\\{match[0][-1]}{line[match.end() :]}"
    start, end = len(line) - len(line.lstrip()), len(line.rstrip())
    if start >= end:
        return _named(line)
    return _named(line[:start]) + line[start:end] + _named(line[end:])


def _named(spaces: str) -> str:
    """Spaces by their numbers: a reader of Markdown takes those at the ends of a line away."""
    return "".join(f"&#{ord(space)};" for space in spaces)
