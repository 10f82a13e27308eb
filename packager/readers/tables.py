"""Header cells that say what they head, as screen readers and the narration need them."""

from __future__ import annotations

from lxml import etree

from packager.model import XHTML
from packager.xhtml import anchor_name, elements, local_name, text_of


def mend_tables(body: etree._Element) -> None:
    """Give header cells their scope, and make row headers of a first column that is wholly bold or wholly `th`."""
    for table in elements(body, "table"):
        _mend_references(table)
        for cell in (cell for head in elements(table, "thead") for cell in elements(head, "th", "td")):
            cell.tag = f"{{{XHTML}}}th"
            if "scope" not in cell.attrib:
                cell.set("scope", "col")
        rows = [row for row in elements(table, "tr") if local_name(row.getparent()) != "thead" and len(row)]
        firsts = [row[0] for row in rows]
        if firsts and all(map(_is_bold, firsts)):
            for cell in firsts:
                cell.tag = f"{{{XHTML}}}th"
        for row in rows:
            wholly_headers = all(local_name(cell) == "th" for cell in row)
            for cell in row if wholly_headers else row[:1]:
                if local_name(cell) == "th" and "scope" not in cell.attrib:
                    cell.set("scope", "col" if wholly_headers else "row")


def _mend_references(table: etree._Element) -> None:
    """Let the attribute `headers` name header cells of the same table alone."""
    heads = {cell.get("id") for cell in elements(table, "th") if next(cell.iterancestors(table.tag)) is table}
    for cell in elements(table, "td", "th"):
        if "headers" in cell.attrib and next(cell.iterancestors(table.tag)) is table:
            named = [name for name in map(anchor_name, cell.attrib.pop("headers").split()) if name in heads]
            if named:
                cell.set("headers", " ".join(named))


def _is_bold(cell: etree._Element) -> bool:
    if local_name(cell) == "th":
        return True
    return (
        len(cell) == 1
        and local_name(cell[0]) in ("strong", "b")
        and not (cell.text or "").strip()
        and not (cell[0].tail or "").strip()
        and bool(text_of(cell))
    )
