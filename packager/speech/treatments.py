"""Blocks that the listening plan wants announced, summarised or left out: what is said of them, and what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from packager.model import Listening, Omission, OmissionKind, Treatment
from packager.speech.tables import placed_cells
from packager.words import counted, own_language, word
from packager.xhtml import elements, local_name, spaced_text_of, text_of

_LONGEST_QUOTED = 60
_MOST_COLUMNS_NAMED = 8


@dataclass(frozen=True)
class Treated:
    """What is done with a block that is not simply read: the sentences that are said of it, in which language, and what is
    listed."""

    treatment: Treatment
    announcement: tuple[str, ...]
    language: str
    omissions: tuple[Omission, ...]


def treated_code(code: etree._Element, language: str, listening: Listening) -> Treated | None:
    """None when code is read."""
    if listening.code == "read" or not text_of(code):
        return None
    own = own_language(language)
    lines = sum(bool(line.strip()) for line in "".join(code.itertext()).splitlines())
    said = word("code", own, lines=counted("line", lines, own))
    return _treated(listening.code, [said], own, Omission(_quoted(spaced_text_of(code)), "code is not read", "code"))


def treated_table(table: etree._Element, language: str, listening: Listening) -> Treated | None:
    """None when the table is read cell by cell."""
    cells = list(placed_cells(table))
    is_large = len(cells) > listening.table_cells
    if not text_of(table) or (listening.tables == "read" and not is_large):
        return None
    own = own_language(language)
    treatment: Treatment = "summarise" if listening.tables == "read" else listening.tables
    caption = next((text_of(one) for one in elements(table, "caption")), "")
    for_its_size = listening.tables == "read"
    kind: OmissionKind = "large-table" if for_its_size else "table"
    reason = f"it has {len(cells)} cells" if for_its_size else "tables are not read"
    name = caption or ", ".join(_column_heads(table)) or text_of(table)
    said = [word("table_named", own, caption=caption.rstrip(".")) if caption else word("table", own) + "."]
    if treatment == "summarise":
        said.append(_shape(table, own))
    return _treated(treatment, [*said, word("not_read", own)], own, Omission(_quoted(name), reason, kind))


def treated_notes(section: etree._Element, language: str, listening: Listening) -> Treated | None:
    """None when the notes are read where they stand."""
    if listening.notes == "read" or not text_of(section):
        return None
    own = own_language(language)
    items = [item for item in elements(section, "li") if next(item.iterancestors(item.tag), None) is None]
    notes = [spaced_text_of(item) for item in items if text_of(item)] or [spaced_text_of(section)]
    said = word("notes_announced", own, notes=counted("note_counted", len(notes), own))
    listed = [Omission(_quoted(note), "notes are not read", "note") for note in notes]
    return _treated(listening.notes, [said], own, *listed)


def treated_picture(picture: etree._Element, language: str, listening: Listening) -> Treated | None:
    """None when there is an alternative text, and it is read, and when the picture says nothing."""
    alt = " ".join((picture.get("alt") or "").split())
    own = own_language(language)
    if alt and listening.pictures != "read":
        return _treated(
            listening.pictures,
            [word("picture", own) + "."],
            own,
            Omission(_quoted(alt), "descriptions of pictures are not read", "picture"),
        )
    if alt or not (caption := caption_of(picture)):
        return None
    listed = Omission(_quoted(caption), "the picture has no description", "undescribed-picture")
    treatment: Treatment = "leave-out" if listening.pictures == "leave-out" else "announce"
    return _treated(treatment, [word("picture_undescribed", own)], own, listed)


def caption_of(picture: etree._Element) -> str:
    """The caption of the figure that the picture stands in."""
    figure = next((outer for outer in picture.iterancestors() if local_name(outer) == "figure"), None)
    return next((text_of(one) for one in elements(figure, "figcaption")), "") if figure is not None else ""


def _treated(treatment: Treatment, said: Sequence[str], language: str, *omissions: Omission) -> Treated:
    return Treated(treatment, () if treatment == "leave-out" else tuple(said), language, omissions)


def _shape(table: etree._Element, language: str) -> str:
    """How many rows and columns, and what the columns are called."""
    heads = _column_heads(table)
    own = [row for row in elements(table, "tr") if next(row.iterancestors(table.tag)) is table]
    rows = sum(any(local_name(cell) == "td" for cell in row) for row in own)
    columns = max((column + width for _, column, width in placed_cells(table)), default=0)
    shape = word("shape", language, rows=counted("row", rows, language), columns=counted("column", columns, language))
    named = ", ".join(heads[:_MOST_COLUMNS_NAMED]) + (" …" if len(heads) > _MOST_COLUMNS_NAMED else "")
    return f"{shape}: {named}." if named else f"{shape}."


def _column_heads(table: etree._Element) -> list[str]:
    heads = (cell for cell in elements(table, "th") if next(cell.iterancestors(table.tag)) is table)
    return [text_of(cell) for cell in heads if cell.get("scope") == "col" and text_of(cell)]


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= _LONGEST_QUOTED else f"“{text[:_LONGEST_QUOTED].rsplit(' ', 1)[0]} …”"
