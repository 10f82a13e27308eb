"""The headings of a book and when they are spoken, as podcast players take them. (Podcasting 2.0, JSON chapters 1.2)"""

from __future__ import annotations

import json
from typing import Any

from packager.delivery.shelf import Book, sentences_of

MEDIA_TYPE = "application/json+chapters"
_HEADINGS = ("title", "heading")


def chapters_of(book: Book) -> bytes:
    """The chapters file of a recording. Raises `SourceError` when the report has gone."""
    chapters = [
        {"startTime": begin, "title": str(sentence.get("text", ""))}
        for sentence in sentences_of(book)
        if sentence.get("kind") in _HEADINGS and (begin := sentence.get("mp3")) is not None
    ]
    value: dict[str, Any] = {"version": "1.2.0", "title": book.metadata.title, "chapters": chapters}
    if book.metadata.authors:
        value["author"] = ", ".join(book.metadata.authors)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
