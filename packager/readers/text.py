"""Plain text → `Article`. Structure is read off the page; not a word is changed."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from packager.model import Omission
from packager.patterns import late_pattern
from packager.readers.blocks import Block, split_blocks
from packager.readers.draft import Draft
from packager.readers.head import read_head
from packager.readers.source import SourceText

_LEFTOVERS_FILE = Path(__file__).with_name("leftovers.txt")
_LEAD_IN = late_pattern(r"[,:，：]\s*$")
_QUOTED = late_pattern(r"^(?:“[^“”]+”|\"[^\"]+\"|«[^«»]+»|„[^„“”]+[“”]|「[^「」]+」)[.,]?$", re.S)
_LONG_QUOTATION = 30
"""Words from which a paragraph wholly in quotation marks is a quotation even when nothing leads up to it."""
_ABOUT_AUTHOR = late_pattern(r"^(about the author|the (author|writer) is\b|the (author|writer)s are\b)", re.I)
_LONGEST_NOTE = 90
_PUBLICATION = late_pattern(
    r"\b(?:magazine|journal|newspaper|review|portal|site|website|blog|weekly|daily|outlet|periodical)\s+"
    r"[“\"«„]([^”\"»“]{2,80})[”\"»“]",
    re.I,
)


def read_text_article(source: SourceText) -> Draft:
    """Read the head (title, byline, date), the paragraphs, and the author's note at the end."""
    blocks, omissions = _without_leftovers(split_blocks(source.text))
    head, blocks = read_head(blocks)
    note = _take_authors_note(blocks, head.authors)
    parts = _paragraphs(blocks)
    notes = list(head.notes)
    publisher = None
    if note:
        parts.append(f'<aside role="note">{_paragraph(note)}</aside>')
        if found := _PUBLICATION.search(note.text):
            publisher = found[1].strip()
            notes.append(f"publisher taken from the author's note: {publisher}")
    return Draft(
        markup="\n".join(parts),
        fields={
            "title": head.title,
            "authors": head.authors,
            "date": head.date,
            "publisher": publisher,
            **head.fields,
        },
        omissions=tuple(omissions),
        notes=tuple(notes),
    )


def _without_leftovers(blocks: list[Block]) -> tuple[list[Block], list[Omission]]:
    patterns = [
        line.strip()
        for line in _LEFTOVERS_FILE.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    leftover = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)
    kept, omissions = [], []
    for block in blocks:
        if leftover.fullmatch(block.text):
            omissions.append(Omission(f"“{block.text}”", "left over from the web site, not part of the article"))
        else:
            kept.append(block)
    return kept, omissions


def _take_authors_note(blocks: list[Block], authors: tuple[str, ...]) -> Block | None:
    """The last paragraph, when it speaks of the author."""
    if len(blocks) < 2 or blocks[-1].items:
        return None
    text = blocks[-1].text
    names_author = any(re.match(rf"{re.escape(author)}\b", text, re.I) for author in authors)
    if len(text.split()) <= _LONGEST_NOTE and (names_author or _ABOUT_AUTHOR.match(text)):
        return blocks.pop()
    return None


def _paragraphs(blocks: list[Block]) -> list[str]:
    parts: list[str] = []
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.rule:
            parts.append("<hr>")
        elif block.items:
            parts.append(_list(block))
        elif block.quoted or _is_quotation(block, before, after):
            parts.append(f"<blockquote>{_paragraph(block)}</blockquote>")
        elif block.underlined or _is_heading(block, after):
            parts.append(f"<h2>{escape(block.text)}</h2>")
        else:
            parts.append(_paragraph(block))
    return parts


def _paragraph(block: Block) -> str:
    return f"<p>{'<br>'.join(map(escape, block.lines))}</p>"


def _list(block: Block) -> str:
    items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
    if block.number is None:
        return f"<ul>{items}</ul>"
    start = f' start="{block.number}"' if block.number != 1 else ""
    return f"<ol{start}>{items}</ol>"


def _is_quotation(block: Block, before: Block | None, after: Block | None) -> bool:
    """A paragraph wholly inside one pair of quotation marks that is led up to, or too long to be somebody speaking."""
    if not _QUOTED.match(block.text):
        return False
    led_up_to = before is not None and bool(_LEAD_IN.search(before.text)) and not _QUOTED.match(before.text)
    alone = not any(other is not None and _QUOTED.match(other.text) for other in (before, after))
    return alone and (led_up_to or len(block.text.split()) >= _LONG_QUOTATION)


def _is_heading(block: Block, after: Block | None) -> bool:
    """A short line that does not end like a sentence and stands before a real paragraph."""
    text = block.text
    if len(block.lines) > 1 or len(text) > 80 or len(text.split()) > 10 or after is None or after.rule:
        return False
    if re.search(r"[.!?…,;:。！？،؟”\"»]$", text) or not re.search(r"\w", text) or text[0] in '“"«„(':
        return False
    if not (text[0].isupper() or text[0].isdigit() or not text[0].islower()):
        return False
    return bool(after.items) or len(after.text) > 80 or bool(re.search(r"[.!?…。！？؟]”?$", after.text))
