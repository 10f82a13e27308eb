"""The title of the article, among all that a page gives for it."""

from __future__ import annotations

import re

from lxml import etree

from packager.readers.html.evidence import letters
from packager.readers.html.sources import Sources, first
from packager.xhtml import text_of

_TITLES = etree.XPath("//title[not(ancestor::svg)]")
_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»«/:~]|::|\|\|)\s+|\s*[|»·•]\s*|\s*_\s?")
"""What stands between the title and the name of the site."""


def title_of(sources: Sources, site: str) -> str | None:
    """The title of the article without the name of the site."""
    root = sources.root
    in_head = next((text_of(element) for element in _TITLES(root) if text_of(element)), "")
    headings = [text for element in root.iter("h1", "h2") if (text := text_of(element))]
    offered = sources.values("title")
    printed = [letters(text) for text in (in_head, *headings)]
    given = first(text for text in offered if any(_is_most_of(letters(text), place) for place in printed)) or first(
        offered
    )
    whole = given or in_head
    if not whole:
        return next((text_of(element) for element in root.iter("h1") if text_of(element)), None)
    whole = re.sub(r"&(?:amp|#0?39|quot);", lambda entity: {"&amp;": "&", "&quot;": '"'}.get(entity[0], "'"), whole)
    for heading in headings:
        same = letters(heading)
        if same and same in letters(whole) and 2 * len(same) >= len(letters(whole)):
            return heading if letters(heading) != letters(whole) or not given else whole
    return _without_site(whole, site, bool(given)) or whole


def _is_most_of(part: str, whole: str) -> bool:
    return part in whole and 2 * len(part) >= len(whole)


def _without_site(title: str, site: str, given: bool) -> str | None:
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    if len(parts) < 2:
        return title
    known = letters(site)
    if known and letters(parts[-1]) and (letters(parts[-1]) in known or known in letters(parts[-1])):
        return title[: title.rindex(marks[-1])].strip() or None
    if known and letters(parts[0]) and letters(parts[0]) == known:
        return title[title.index(marks[0]) + len(marks[0]) :].strip() or None
    if given:
        return title
    longest = max(parts, key=lambda part: len(part.split()) * 100 + len(part))
    first_long = len(parts[0].split()) >= 3 or len(letters(parts[0])) > 15
    return parts[0] if first_long else longest if len(longest.split()) >= 3 else title
