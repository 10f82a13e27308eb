"""Which column header belongs to which cell (HTML, section 4.9.12, without the `headers` attribute's far references)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from packager.model import XHTML
from packager.xhtml import local_name, text_of


def headers_of_cells(table: etree._Element) -> dict[etree._Element, str]:
    """For each data cell the text of its column's headers, ready to be said before it."""
    leads: dict[etree._Element, str] = {}
    headers: dict[int, list[str]] = {}
    for cell, column, width in placed_cells(table):
        text = text_of(cell)
        is_column_header = local_name(cell) == "th" and cell.get("scope") in ("col", "colgroup")
        if is_column_header and text:
            for index in range(column, column + width):
                headers.setdefault(index, []).append(text)
        elif local_name(cell) == "td" and (above := headers.get(column)):
            leads[cell] = ", ".join(above) + ":"
    return leads


def placed_cells(table: etree._Element) -> Iterator[tuple[etree._Element, int, int]]:
    """Each cell with its first column and its width, spans counted: from which row on each column is free is kept."""
    free_from: dict[int, int] = {}
    rows = [row for row in table.iter(f"{{{XHTML}}}tr") if next(row.iterancestors(table.tag)) is table]
    for row_number, row in enumerate(rows):
        column = 0
        for cell in row:
            if local_name(cell) not in ("td", "th"):
                continue
            while free_from.get(column, 0) > row_number:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            free_from.update(dict.fromkeys(range(column, column + width), row_number + height))
            yield cell, column, width
            column += width


def _span(cell: etree._Element, name: str) -> int:
    return min(max(int(cell.get(name, "1")), 1), 100)
