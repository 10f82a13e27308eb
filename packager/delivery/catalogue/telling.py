"""What the catalogue and the podcast say of a book, to people and to apps."""

from __future__ import annotations

from packager.delivery.shelf import Book
from packager.delivery.web.interface import interface_language, length, words

# The names in a report (see `model.Claims`) and those of schema.org.
_CLAIMS = {
    "access_modes": "accessMode",
    "sufficient": "accessModeSufficient",
    "features": "accessibilityFeature",
    "hazards": "accessibilityHazard",
}


def claims_of(book: Book) -> dict[str, list[str]]:
    """The accessibility claims by their names in schema.org; those that the report has not are not there."""
    found = {theirs: _texts(book.accessibility.get(ours)) for ours, theirs in _CLAIMS.items()}
    found["accessibilitySummary"] = [summary] if (summary := accessibility_summary(book)) else []
    return {name: values for name, values in found.items() if values}


def accessibility_summary(book: Book) -> str:
    """What the book says of its accessibility in a sentence or two, "" where the report has nothing."""
    texts = (book.accessibility.get("summary"), book.accessibility.get("not_read"))
    return " ".join(text for text in texts if isinstance(text, str) and text)


def described(book: Book) -> str:
    """All that a person should know before getting it: description, length, who speaks, accessibility."""
    known = book.metadata
    parts = [known.subtitle, known.description, heard(book), book.disclosure, accessibility_summary(book)]
    return " ".join(_as_sentence(part) for part in parts if part)


def heard(book: Book) -> str:
    """How long it is to listen to, in the book's language, "" when there is nothing to hear."""
    if not book.duration:
        return ""
    language = interface_language(book.metadata.language)
    return words(language)["listen"].format(length=length(book.duration, language))


def series_of(book: Book) -> str | None:
    """The series and the number in it, in one text."""
    known = book.metadata
    if not known.series:
        return None
    return f"{known.series}, {known.series_index}" if known.series_index else known.series


def _as_sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "。")) else f"{text}."


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []
