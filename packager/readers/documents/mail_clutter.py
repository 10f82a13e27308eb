"""What mails carry besides their text: what they answer, signatures, trackers, how to unsubscribe, tables for layout."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from packager.model import Omission
from packager.xhtml import remove, text_of

_QUOTED_CLASSES = re.compile(
    r"\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|divRplyFwdMsg|OutlookMessageHeader)\b"
)
_ATTRIBUTION = re.compile(
    r"^(?:On\b.{6,200}\bwrote|Am\b.{6,200}\bschrieb.{0,80}|Le\b.{6,200}\ba écrit|El\b.{6,200}\bescribió|"
    r"Il\b.{6,200}\bha scritto|В\b.{6,200}\bписал\w*)\s*:\s*$",
    re.S,
)
_ORIGINAL = re.compile(
    r"^-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine)\s*-{2,}$", re.I
)
_FOOTER = re.compile(
    r"unsubscribe|manage (?:your )?(?:preferences|subscription)|update your (?:preferences|profile)|opt[ -]out|"
    r"view (?:this (?:e-?mail|message|newsletter) )?(?:it )?(?:in|on) (?:your |a |the )?(?:web ?)?browser|view online|"
    r"(?:you(?:'|’)re|you are) (?:receiving|subscribed)|you received this (?:e-?mail|message)|"
    r"add us to your address book|abbestellen|abmelden|newsletter verwalten|im browser (?:ansehen|anzeigen|öffnen)|"
    r"se désabonner|se désinscrire|désinscription|darse de baja|cancelar (?:la )?suscripción|disiscriviti|"
    r"отписаться|all rights reserved",
    re.I,
)
_LONGEST_FOOTER = 600
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)|visibility\s*:\s*hidden", re.I
)
_BLOCKS = ("table", "tr", "td", "div", "p", "section", "footer", "li", "center")
_PARTS_OF_TABLES = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_REASONS = {
    "Quoted message": "it is another message, which this one answers",
    "Footer": "it is about the mailing, not part of its text",
    "Preview line": "the message hides it from its readers",
    "Tracking picture": "it only tells the sender that the message was opened",
    "Signature": "it stands below the message, behind its “-- ”",
}


def drop_clutter(body: etree._Element) -> list[Omission]:
    """Take out of a message in HTML what is not its own text, and list it by kind."""
    dropped: Counter[str] = Counter()
    for element in list(body.iter(etree.Element)):
        kind = _clutter(element)
        if kind and element.getparent() is not None:
            dropped[kind] += 1
            _drop_attribution(element, kind)
            remove(element)
    for element in _footers(body):
        dropped["Footer"] += 1
        remove(element)
    return _listed(dropped)


def drop_clutter_of_text(text: str) -> tuple[str, list[Omission]]:
    """The same of a message in plain text; what stands between quotations is the answer, and stays."""
    dropped: Counter[str] = Counter()
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if line == "-- " or _ORIGINAL.match(line.strip()):
            dropped["Signature" if line == "-- " else "Quoted message"] += 1
            break
        if line.startswith(">"):
            dropped["Quoted message"] += not (number and lines[number - 1].startswith(">"))
            continue
        kept.append(line)
    plain = "\n".join(part for part in re.split(r"(\n\s*\n)", "\n".join(kept)) if not _ATTRIBUTION.match(part.strip()))
    paragraphs = re.split(r"\n\s*\n", plain)
    while paragraphs and _is_footer(paragraphs[-1]):
        paragraphs.pop()
        dropped["Footer"] += 1
    return "\n\n".join(paragraphs), _listed(dropped)


def unwrap_layout(body: etree._Element) -> None:
    """Make blocks of the tables that only place things on the screen, innermost first; tables of data stay."""
    for table in reversed(list(body.iter("table"))):
        if not _is_data(table):
            for part in [table, *table.iter(*_PARTS_OF_TABLES)]:
                if part is table or next(part.iterancestors("table"), None) is table:
                    part.tag = "div"


def _clutter(element: etree._Element) -> str | None:
    marks = f"{element.get('class', '')} {element.get('id', '')}"
    if (element.tag == "blockquote" and element.get("type") == "cite") or _QUOTED_CLASSES.search(marks):
        return "Quoted message"
    if element.tag == "img" and {element.get("width"), element.get("height")} & {"0", "1", "0px", "1px"}:
        return "Tracking picture"
    if _HIDDEN.search(element.get("style", "")):
        return "Preview line" if text_of(element) else None
    return None


def _drop_attribution(element: etree._Element, kind: str) -> None:
    """The line “On Monday Ann wrote:” above a quotation."""
    before = element.getprevious()
    if kind == "Quoted message" and before is not None and _ATTRIBUTION.match(text_of(before)):
        remove(before)


def _footers(body: etree._Element) -> list[etree._Element]:
    """The largest blocks that speak of the mailing and are too short to be the message."""
    found: dict[etree._Element, None] = {}
    whole = len(text_of(body))
    for element in body.iter(*_BLOCKS):
        inside = any(outer in found for outer in element.iterancestors())
        text = "" if inside else text_of(element)
        if text and _is_footer(text) and len(text) < whole / 2:
            found[element] = None
    return list(found)


def _is_footer(text: str) -> bool:
    return len(text) <= _LONGEST_FOOTER and _FOOTER.search(text) is not None


def _is_data(table: etree._Element) -> bool:
    """Whether a table says something by its rows and columns."""
    if table.get("role") == "presentation" or any(True for _ in table.iterdescendants("table")):
        return False
    if any(True for _ in table.iter("th", "caption")):
        return True
    widths = [len(row.findall("td")) for row in table.iter("tr")]
    cells = [text_of(cell) for cell in table.iter("td")]
    filled = sum(1 for cell in cells if cell)
    return (
        len(widths) >= 3
        and min(widths) >= 2
        and len(set(widths)) == 1
        and filled > 0.8 * len(cells)
        and max(map(len, cells)) < 200
    )


def _listed(dropped: Counter[str]) -> list[Omission]:
    return [
        Omission(kind if count == 1 else f"{kind}, {count} times", _REASONS[kind]) for kind, count in dropped.items()
    ]
