"""The head of a plain text: title, byline, date, in the forms that people and sites write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from packager.patterns import late_pattern
from packager.readers.blocks import Block
from packager.readers.dates import find_date, is_iso_date, unsure_date

_NAME = late_pattern(r"[^\W\d_][\w.’'ʼ-]*(?:\s+[\w.’'ʼ-]+){0,5}")
_BY = late_pattern(
    r"^(?:(?:written |reported |text )?by|authors?|author\(s\)|von|autor(?:in|es)?|par|auteurs?|por|autores|di|da|autore|"
    r"door|текст|автор|بقلم|作者|記者|文)(?:\s*[:：]\s*|\s+)(?P<names>.+)$",
    re.I,
)
_FIELD = late_pattern(
    r"^(?P<key>title|subtitle|date|published|publication date|updated|source|language|publisher|publication|rights|"
    r"copyright|description|summary|titel|datum|titre|título|titolo)\s*[:：]\s*(?P<value>\S.*)$",
    re.I,
)
_KEYS = {
    "published": "date",
    "publication date": "date",
    "datum": "date",
    "publication": "publisher",
    "copyright": "rights",
    "summary": "description",
    "titel": "title",
    "titre": "title",
    "título": "title",
    "titolo": "title",
}
_SEPARATORS = late_pattern(r"^[\s|·•,;–—/-]+|[\s|·•,;–—/-]+$")
_BEFORE_DATE = late_pattern(
    r"(?:\b(?:published|posted|updated|last updated|on|am|le|el|il|op|date|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"\b[:,]?\s*)+$",
    re.I,
)
_AFTER_DATE = late_pattern(r"^[\s,]*(?:(?:at|um|à)\s+)?\d{1,2}:\d\d(?:\s?[AaPp]\.?[Mm]\b\.?)?(?:\s?[A-Z]{3,4}\b)?")
_PARTICLES = frozenset("van von der den de la le du di da del dos das el al bin ibn af av zu zur ten ter y".split())
"""Small words inside names."""

_HEAD_LINES = 12
_LONGEST_TITLE = 200


@dataclass
class Head:
    """What the head says, and how it was found out."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    fields: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_head(blocks: list[Block]) -> tuple[Head, list[Block]]:
    """Take the head's lines off the blocks. A line that is neither title, byline nor date ends the head."""
    head = Head()
    rest = list(blocks)
    seen = 0
    while rest and seen < _HEAD_LINES:
        block = rest[0]
        if block.rule or block.items or block.quoted:
            break
        lines = list(block.lines)
        while lines and _take_line(head, lines[0], alone=len(block.lines) == 1, last=len(rest) == 1):
            lines.pop(0)
            seen += 1
        if lines:
            if len(lines) < len(block.lines):
                rest[0] = Block(lines=tuple(lines))
            break
        rest.pop(0)
    return head, rest


def split_names(names: str) -> tuple[str, ...]:
    """ "Ann Lee, Bo Chan and Cy Dunn" → the three names."""
    parts = re.split(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bи\b)\s+", names.strip())
    return tuple(part for part in (part.strip(" .,;") for part in parts) if part)


def _take_line(head: Head, line: str, alone: bool, last: bool) -> bool:
    if match := _FIELD.match(line):
        return _take_field(head, match["key"].lower(), match["value"].strip())
    if _take_byline(head, line):
        return True
    if head.title is None and not last and len(line) <= _LONGEST_TITLE and _reads_like_title(line, alone):
        head.title = line
        return True
    return False


def _take_field(head: Head, key: str, value: str) -> bool:
    key = _KEYS.get(key, key)
    if key == "date" and head.date is None and is_iso_date(value):
        head.date = value
        return True
    if key in ("date", "updated"):
        return _take_byline(head, value)
    if (key == "title" and head.title) or key in head.fields:
        return False
    if key == "title":
        head.title = value
    else:
        head.fields[key] = value
    return True


def _take_byline(head: Head, line: str) -> bool:
    """A line that is wholly made of a date, a byline, or both in either order."""
    if len(line) > 160:
        return False
    found, unsure = find_date(line), unsure_date(line)
    remains, parted = line, False
    if said := found[1] if found else unsure:
        before, _, after = line.partition(said)
        before = _BEFORE_DATE.sub("", before)
        parted = re.search(r"[,|·•—–/]\s*$", before) is not None
        remains = f"{_SEPARATORS.sub('', before)} {_SEPARATORS.sub('', _AFTER_DATE.sub('', after))}".strip("() ")
    names = _names(remains, parted, opens=head.title is None and not (found or unsure))
    if (not names and (remains or not (found or unsure))) or (names and head.authors):
        return False
    if found and head.date is None:
        head.date = found[0]
        head.notes += (f"date read from “{found[1].strip()}”: {found[0]}",)
    elif unsure:
        head.notes += (f"the date “{unsure}” can be read in two ways and is not used",)
    elif found and found[0] != head.date:
        head.notes += (f"a second date in the head is not used: “{line}”",)
    head.authors = head.authors or names
    return True


def _names(text: str, named_by_date: bool, opens: bool) -> tuple[str, ...]:
    """The names in what a line has besides its date. `opens`: it is the first line, which may be a title like “By Design”."""
    match = _BY.match(text)
    if not match and not named_by_date:
        return ()
    if match and opens and not re.match(r"\w*\W*[:：]|(?:written )?by \S+ \S", text, re.I):
        return ()
    names = split_names(_SEPARATORS.sub("", match["names"] if match else text))
    good = all(_NAME.fullmatch(name) and not name[0].islower() for name in names)
    if not match:
        # "Jane Doe, 8 November 2021": without "by", only what looks like a name of two to four words.
        good = good and all(2 <= len(name.split()) <= 4 for name in names)
    allowed = _PARTICLES | ({"of", "the"} if match else set())
    good = good and all(
        not word[0].islower() or word in allowed or re.match(r"[dl][’']", word)
        for name in names
        for word in name.split()
    )
    return names if good else ()


def _reads_like_title(line: str, alone: bool) -> bool:
    ends_like_sentence = bool(re.search(r"[.。,;:]$", line)) and not re.search(r"(\.\.\.|…|\b[A-Z]\.)$", line)
    return not ends_like_sentence and (alone or len(line) <= 100)
