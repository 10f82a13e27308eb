"""Headings of documents whose authors do not know of styles: short bold paragraphs before longer plain ones."""

from __future__ import annotations

import re
from itertools import pairwise

from lxml import etree

from packager.readers.documents.docx_styles import Styles, indent_of, is_on, value_of, w

_LONGEST = 100
_MOST = 0.34
"""The share of bold paragraphs from which on they are no headings but a way of writing."""

_ENDS = re.compile(r"[.!?:;,…。]['\"”’»)\]]*$")


def bold_headings(paragraphs: list[etree._Element], styles: Styles) -> set[etree._Element]:
    """The paragraphs that look like headings, none where the document has real ones."""
    roles = [styles.role(value_of(paragraph.find(w("pPr")), "pStyle")) for paragraph in paragraphs]
    if any(role.startswith("heading") for role in roles):
        return set()
    if any(paragraph.find(f"{w('pPr')}/{w('outlineLvl')}") is not None for paragraph in paragraphs):
        return set()
    solid = [
        paragraph
        for paragraph, role in zip(paragraphs, roles, strict=True)
        if not role and _text(paragraph) and not any(True for _ in paragraph.iterancestors(w("tc"), w("txbxContent")))
    ]
    found = {
        paragraph
        for paragraph, following in pairwise(solid)
        if _looks_like_heading(paragraph) and not _is_bold(following)
    }
    return found if len(found) <= _MOST * len(solid) else set()


def _looks_like_heading(paragraph: etree._Element) -> bool:
    text = _text(paragraph)
    return (
        len(text) <= _LONGEST
        and not _ENDS.search(text)
        and any(map(str.isalpha, text))
        and paragraph.find(f"{w('pPr')}/{w('numPr')}") is None
        and indent_of(paragraph.find(w("pPr"))) <= 0
        and _is_bold(paragraph)
    )


def _is_bold(paragraph: etree._Element) -> bool:
    runs = [run for run in paragraph.iter(w("r")) if _text(run)]
    return bool(runs) and all(is_on(run.find(w("rPr")), "b") for run in runs)


def _text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(w("t"))).strip()
