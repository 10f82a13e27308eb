"""Who wrote the article: by what the page says, or else by the line that names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from packager.readers.dates import find_date
from packager.readers.html.names import begins_like_byline, people_in, site_like_person
from packager.readers.html.near_title import lines_near_title
from packager.readers.html.sources import Sources, in_comment
from packager.xhtml import text_of

_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|bylines|authors?|authorname|auth-name|posted-?by|writer|p-author|contributor|auteurs?|autor(?:en|in|es)?|"
    r"autorenzeile|name-uid|personname|reporter|journalist|submitted|redakteur)(?:$|[\s_-]|__)",
    re.I,
)
_NOT_A_BYLINE = re.compile(
    r"comment|bio\b|box|related|avatar|image|photo|social|follow|desc|teaser|widget|sidebar|recent|footer|login|search",
    re.I,
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME_AND_DATE = re.compile(
    r"(?!(?:New|San|Los|Las|St|Port|Bad|Den|Rio|Tel|Hong) )[^\W\d_a-z][\w.’'-]+(?: [^\W\d_][\w.’'-]*){1,3}"
)
_MOST = 20
_LONGEST_LIST = 400


def authors_of(sources: Sources, site: str, title: str) -> list[str]:
    """The people who wrote the article with this title; not the `site`, unless its name could be a person's."""
    told: list[list[str]] = [
        sources.in_linked_data("authors"),
        sources.in_meta("authors"),
        sources.labelled_author(),
        sources.in_microdata("authors"),
    ]
    for values in told:
        if people := people_in(values, site):
            others = people_in(sources.labelled_author(), site)
            return (others if set(people) < set(others) else people)[:_MOST]
    for values in _as_printed(sources.root, title):
        if people := people_in(values, site):
            return people[:_MOST]
    return next((found for values in told if (found := site_like_person(values, site))), [])


def _as_printed(root: etree._Element, title: str) -> Iterator[list[str]]:
    yield _by_relation(root)
    yield _by_class(root)
    around = lines_near_title(root, title)
    yield [line for line in around if begins_like_byline(line)][:1]
    yield _beside_date(around)


def _by_relation(root: etree._Element) -> list[str]:
    links = [
        link
        for link in root.iter("a", "link")
        if "author" in (link.get("rel") or "").lower().split() and not in_comment(link)
    ]
    return list(dict.fromkeys(text for link in links if (text := text_of(link)) and len(text) < 80))[:5]


def _by_class(root: etree._Element) -> list[str]:
    for element in root.iter("span", "p", "div", "a", "address", "li", "strong", "em", "small", "h3", "h4", "h5", "h6"):
        if _is_byline(element) and not in_comment(element):
            text = text_of(element)
            if any(map(_is_byline, element.iterdescendants())) and not begins_like_byline(text):
                continue
            if 2 < len(text) < 120 and not text.endswith((".", "!", "?")) and people_in([text], ""):
                return [text, *_alike(element)]
    return []


def _is_byline(element: etree._Element) -> bool:
    hints = _HUMPS.sub("-", f"{element.get('class', '')} {element.get('id', '')}").replace("_", "-")
    return _BYLINE.search(hints) is not None and not _NOT_A_BYLINE.search(hints)


def _alike(element: etree._Element) -> list[str]:
    """The texts of what is called the same in the same list: other authors, each in an element of their own."""
    around = element.getparent().getparent() if element.getparent() is not None else None
    if around is None or around.tag in ("body", "html") or len(text_of(around)) > _LONGEST_LIST:
        return []
    others = [other for other in around.iter(element.tag) if other.get("class") == element.get("class")]
    return [text for other in others if other is not element and len(text := text_of(other)) < 60][:_MOST]


def _beside_date(around: Sequence[str]) -> list[str]:
    """The name in a line that has nothing else but a date."""
    for line in around:
        found = find_date(line)
        rest = line.replace(found[1], "").strip(" ,;|·•/–—-()") if found else ""
        if rest and _NAME_AND_DATE.fullmatch(rest):
            return [rest]
    return []
