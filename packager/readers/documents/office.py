"""The properties that office programs keep beside a document's text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from packager.readers.documents.markup import said
from packager.xhtml import local_name

_NO_TITLE = re.compile(
    r"(?:microsoft word - .*|powerpoint presentation|untitled.*|document ?\d*|title|\(?unknown\)?|"
    r".*\.(?:docx?|odt|rtf|pages|html?|pdf|tex|dvi|indd|qxd))$",
    re.I,
)
"""What programs write by themselves where a title belongs."""

_NO_AUTHOR = re.compile(
    r"(?:(?:microsoft )?(?:office )?user|author|admin(?:istrator)?|unknown|owner|python-docx)$", re.I
)


def properties_of(root: etree._Element | None) -> dict[str, list[str]]:
    """What the elements of a part with Dublin Core say, by their names without namespace."""
    found: dict[str, list[str]] = {}
    for element in root.iter(etree.Element) if root is not None else ():
        if element.text and element.text.strip():
            found.setdefault(local_name(element), []).append(" ".join(element.text.split()))
    return found


def good_title(titles: list[str]) -> str | None:
    """The first that a person has written."""
    return next((title for title in titles if not _NO_TITLE.match(title)), None)


def good_names(names: list[str]) -> list[str]:
    """The names of people, of several in one field each."""
    parts = [part for name in names for part in re.split(r"\s*[;&]\s*|\s+and\s+", name)]
    return [name for name in said(parts) if not _NO_AUTHOR.match(name)]


def good_subjects(properties: Mapping[str, list[str]], *names: str) -> list[str]:
    """Keywords and subjects, of several in one field each."""
    values = [value for name in names for value in properties.get(name, [])]
    return said(part for value in values for part in re.split(r"\s*[,;]\s*", value))
