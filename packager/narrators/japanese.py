"""Japanese as eSpeak can say it: it knows kana alone, and calls every kanji “Chinese letter”."""

from __future__ import annotations

from functools import cache
from typing import Any


def in_kana(text: str) -> str:
    """The text with its kanji written as they are read; what is no kanji stays."""
    return "".join(word["hira"] for word in _converter().convert(text))


@cache
def _converter() -> Any:
    import pykakasi

    return pykakasi.kakasi()
