"""What a page says of its article in JSON-LD (schema.org), in whatever of its many spellings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from packager.readers.html.evidence import letters
from packager.xhtml import text_of

_ARTICLES = re.compile(
    r"article|posting|report|review|recipe|creativework|chapter|book|podcastepisode|howto|faqpage", re.I
)
_PAGES = re.compile(r"webpage|itempage|medicalwebpage|qapage", re.I)
_MAX_NODES = 20_000
_LOOSE_COMMA = re.compile(r",\s*([}\]])")


def linked_article(root: etree._Element) -> dict[str, object]:
    """The node that describes the article, or else the page; {} when there is none. References by `@id` are resolved."""
    nodes = [node for script in root.iter("script") if _is_linked_data(script) for node in _nodes(script.text or "")]
    named = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    printed = [letters(text_of(element)) for element in root.iter("title", "h1")]
    for pattern in (_ARTICLES, _PAGES):
        fitting = [
            node
            for node in nodes
            if pattern.search(_type(node)) and (node.get("headline") or node.get("name") or node.get("articleBody"))
        ]
        if fitting:
            best = max(fitting, key=lambda node: _weight(node, printed))
            return {key: _resolved(value, named) for key, value in best.items()}
    return {}


def _weight(node: Mapping[str, object], printed: list[str]) -> tuple[bool, bool, bool, int]:
    """How much speaks for a node: that the page prints its headline, then that it holds the text, has a headline, says much."""
    title = letters(str(node.get("headline") or node.get("name") or ""))
    is_printed = bool(title) and any(title in place for place in printed)
    return is_printed, bool(node.get("articleBody")), bool(node.get("headline")), len(node)


def texts(value: object) -> list[str]:
    """The strings that a property holds: itself, the names of the things it names, or of a list of either."""
    found: list[str] = []
    pending = [value]
    while pending and len(found) < 50:
        entry = pending.pop(0)
        if isinstance(entry, int) and not isinstance(entry, bool):
            found.append(str(entry))
        elif isinstance(entry, str):
            found.append(" ".join(entry.split()))
        elif isinstance(entry, Mapping):
            pending.insert(0, entry.get("name") or entry.get("@value") or entry.get("url"))
        elif isinstance(entry, list):
            pending[:0] = entry[:50]
    return [text for text in found if text]


def _is_linked_data(script: etree._Element) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _nodes(text: str) -> Iterator[dict[str, object]]:
    """All objects of a script, those inside others too."""
    text = (
        re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", text)
        .strip()
        .rstrip(";")
    )
    try:
        pending = [json.loads(_LOOSE_COMMA.sub(r"\1", text), strict=False)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while pending and seen < _MAX_NODES:
        entry = pending.pop(0)
        seen += 1
        if isinstance(entry, dict):
            if "@type" in entry or "@id" in entry:
                yield entry
            pending.extend(value for value in entry.values() if isinstance(value, (dict, list)))
        elif isinstance(entry, list):
            pending.extend(value for value in entry if isinstance(value, (dict, list)))


def _type(node: Mapping[str, object]) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")


def _resolved(value: object, named: Mapping[str, dict[str, object]]) -> object:
    if isinstance(value, list):
        return [_resolved(entry, named) for entry in value[:50]]
    if isinstance(value, dict) and "name" not in value and "@id" in value:
        return named.get(str(value["@id"]), value)
    return value
