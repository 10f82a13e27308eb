"""Who wrote the article: by what the page says, or else by the line that names them."""

from __future__ import annotations

import re

from lxml import etree

from packager.readers.dates import find_date
from packager.readers.html.evidence import letters
from packager.readers.html.sources import Sources, in_comment
from packager.xhtml import text_of

_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|authors?|posted-?by|writer|p-author|entry-author|article-author|contributor)(?:$|[\s_-]|__)",
    re.I,
)
_NOT_A_BYLINE = re.compile(r"comment|bio\b|box|related|avatar|image|photo|social|follow|desc", re.I)
_BY = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|text|words|story|article)\s+by|by|von|par|por|di|door|autor(?:in|en)?|auteurs?|"
    r"authors?|text|texte|автор|от|作者|文|記者|记者)\b\s*[:：]?\s*",
    re.I,
)
_LISTED = re.compile(r"\S+ \S[^,]*, \S+ \S")
_NOT_A_NAME = re.compile(
    r"https?:|@|\d{3}|^(?:admin|administrator|editor|staff|author|unknown|none|null|redaktion|follow author)$", re.I
)
_HOST = re.compile(r"\w\.(?:com|org|net|de|at|ch|fr|it|es|uk|tv)\b")
_LIKE_A_PERSON = re.compile(r"(?!The |Der |Die |Das |La |Le |El )\w\S*(?: \w\S*){1,2}")


def authors_of(sources: Sources, site: str) -> list[str]:
    """The people who wrote the article; not the `site`, unless its name could be a person's."""
    last: list[str] = []
    for values in (
        sources.in_linked_data("authors"),
        sources.in_meta("authors"),
        sources.in_microdata("authors"),
        _by_relation(sources.root),
        _by_class(sources.root),
    ):
        names = [name for value in values for name in _names(value)]
        good = [name for name in dict.fromkeys(names) if not _NOT_A_NAME.search(name)]
        if people := [name for name in good if letters(name) != letters(site) and not _HOST.search(name)]:
            return people[:20]
        last = last or [name for name in good if _LIKE_A_PERSON.fullmatch(name)]
    return last


def _names(value: str) -> list[str]:
    value = _BY.sub("", " ".join(value.split())).strip(" ,;|·•-–")
    if found := find_date(value):
        value = value.replace(found[1], "").strip(" ,;|·•-–")
    if not value or len(value) > 120:
        return []
    parts = [value]
    if "(" not in value:
        parts = re.split(r"\s*[;|•·]\s*|\s+(?:and|und|et|y)\s+|\s*&\s*", value)
        # "Ann Lee, Bo Chan" are two, "Jong, Michiel de" is one.
        parts = [name for part in parts for name in (part.split(", ") if _LISTED.match(part) else [part])]
    return [part.strip(" ,.") for part in parts if part and len(part.split()) <= 8] or [value]


def _by_relation(root: etree._Element) -> list[str]:
    links = [
        link
        for link in root.iter("a", "link")
        if "author" in (link.get("rel") or "").lower().split() and not in_comment(link)
    ]
    return list(dict.fromkeys(text for link in links if (text := text_of(link)) and len(text) < 80))[:5]


def _by_class(root: etree._Element) -> list[str]:
    for element in root.iter("span", "p", "div", "a", "address", "li", "strong", "em", "h3", "h4", "h5", "h6"):
        hints = f"{element.get('class', '')} {element.get('id', '')}"
        if _BYLINE.search(hints) and not _NOT_A_BYLINE.search(hints) and not in_comment(element):
            text = text_of(element)
            if 3 < len(text) < 100 and not text.endswith((".", "!", "?")):
                return [text]
    for element in root.iter("p", "span", "div", "em", "strong"):
        text = text_of(element) if len(element) < 4 else ""
        if 5 < len(text) < 60 and re.match(r"(?:By|Von|Par|Por|Di)\s+(?:[^\W\d_][\w.’'-]+\s?){2,4}$", text):
            return [text]
    return []
