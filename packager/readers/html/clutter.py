"""The names that pages give to what is not the article (clutter.toml), and what to call it in the report."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from lxml import etree

_TABLE = tomllib.loads((files("packager.readers.html") / "clutter.toml").read_text("utf-8"))
_HINTS = [(kind, re.compile("|".join(patterns))) for kind, patterns in _TABLE["names"].items()]
_PHRASES = re.compile("|".join(_TABLE["phrases"]["any"]), re.I)
_LONGEST_PHRASE = 80
_BY_ELEMENT = {
    "nav": "Navigation",
    "footer": "Footer",
    "form": "Form",
    "button": "Form",
    "select": "Form",
    "textarea": "Form",
    "iframe": "Embedded page",
    "audio": "Player",
    "video": "Player",
    "dialog": "Dialogue box",
}
_BY_ROLE = {
    "navigation": "Navigation",
    "menu": "Navigation",
    "menubar": "Navigation",
    "search": "Form",
    "banner": "Page header",
    "contentinfo": "Footer",
    "dialog": "Dialogue box",
    "alertdialog": "Dialogue box",
    "complementary": "Side column",
}
_FILING = re.compile(r"(?:^|(?<=\s))(?:tag|category|cat|post|status|format|type|author)-\S+")
"""Classes that tell how an article is filed, not what it is."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of_clutter(element: etree._Element) -> str | None:
    """What an element says that it is, if it is no part of an article: by its name, its role, its class and its id."""
    if kind := _BY_ELEMENT.get(element.tag) or _BY_ROLE.get(element.get("role", "")):
        return kind
    classes = _FILING.sub(" ", element.get("class", ""))
    hints = f"{classes} {element.get('id', '')} {element.get('data-component', '')} {element.get('aria-label', '')}"
    return _kind_by_name(hints[:400]) if hints.strip() else None


@lru_cache(maxsize=4096)
def _kind_by_name(hints: str) -> str | None:
    hints = _HUMPS.sub("-", hints).replace("_", "-").lower()
    return next((kind for kind, pattern in _HINTS if pattern.search(hints)), None)


def announces_clutter(text: str) -> bool:
    """Whether a short line says that what follows is something else."""
    return len(text) < _LONGEST_PHRASE and _PHRASES.fullmatch(text.strip(" \t\n:…»›>|-–—•·.!?")) is not None


def is_hidden(element: etree._Element) -> bool:
    """Whether a page shows this element to nobody."""
    style = element.get("style", "").replace(" ", "").lower()
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style
