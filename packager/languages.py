"""Language tags (BCP 47), as far as more than one room needs them."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{5,8})*")
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ps sd ug ur yi".split())


def normal_tag(tag: str) -> str | None:
    """A language tag in its usual case ("en_gb" → "en-GB"); None when it cannot be a tag."""
    tag = tag.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return None
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *map(_cased, rest)])


def primary(tag: str) -> str:
    """The language without script and region ("en-GB" → "en")."""
    return tag.split("-")[0].lower()


def is_right_to_left(tag: str) -> bool:
    """Whether a text in this language runs from right to left."""
    return primary(tag) in _RIGHT_TO_LEFT


def _cased(part: str) -> str:
    if len(part) == 4:
        return part.title()
    return part.upper() if len(part) < 4 else part.lower()
