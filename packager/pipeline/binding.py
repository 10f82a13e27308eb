"""Several articles → one book, a chapter each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from packager.errors import UsageError
from packager.languages import normal_tag
from packager.model import Article, Metadata, Omission, Resource
from packager.readers.dates import is_iso_date
from packager.xhtml import elements, parse, serialise


def bound(articles: Sequence[Article], metadata: Metadata) -> Article:
    """The book of these articles. Pictures of the same name are kept apart; what was left out names its chapter."""
    chapters = [_with_own_pictures(article, number) for number, article in enumerate(articles, start=1)]
    return Article(
        metadata,
        body="",
        resources=tuple(resource for chapter in chapters for resource in chapter.resources),
        cover=next((article.cover for article in articles if article.cover), None),
        omissions=tuple(_named(article, omission) for article in articles for omission in article.omissions),
        notes=tuple(f"{article.metadata.title}: {note}" for article in articles for note in article.notes),
        listening=tuple(wish for wish in articles[0].listening if all(wish in one.listening for one in articles)),
        chapters=tuple(chapters),
    )


def metadata_of_book(title: str, articles: Sequence[Article], overrides: Mapping[str, object]) -> Metadata:
    """What the articles have in common, or have together: all authors, the language of most, the latest date.

    Authors, language and date in `overrides` win.
    """
    all_of = [article.metadata for article in articles]
    languages = Counter(one.language for one in all_of)
    found = Metadata(
        title=title,
        language=languages.most_common(1)[0][0],
        authors=_united(one.authors for one in all_of),
        date=max((one.date for one in all_of if one.date), default=None),
        publisher=_shared(one.publisher for one in all_of),
        rights=_shared(one.rights for one in all_of),
        subjects=_united(one.subjects for one in all_of),
        series=_shared(one.series for one in all_of),
        narrator=_shared(one.narrator for one in all_of),
    )
    return replace(found, **_given(overrides))


def _given(overrides: Mapping[str, object]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if authors := overrides.get("author"):
        given["authors"] = tuple(authors) if isinstance(authors, (list, tuple)) else (str(authors),)
    if language := overrides.get("language"):
        given["language"] = normal_tag(str(language))
        if given["language"] is None:
            raise UsageError(f"“{language}” is not a language tag.", "Use a tag such as en, en-GB, de or ar.")
    if date := overrides.get("date"):
        if not is_iso_date(str(date)):
            raise UsageError(f"“{date}” is not a date.", "Write it as YYYY-MM-DD.")
        given["date"] = str(date)
    return given


def _with_own_pictures(article: Article, number: int) -> Article:
    names = {resource.name: _name_in_book(resource.name, number) for resource in article.resources}
    body = parse(article.body)
    for image in elements(body, "img"):
        image.set("src", names.get(image.get("src", ""), image.get("src", "")))
    resources = tuple(Resource(names[one.name], one.media_type, one.data) for one in article.resources)
    return replace(article, body=serialise(body), resources=resources)


def _name_in_book(name: str, number: int) -> str:
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}{number:03}-{file}"


def _named(article: Article, omission: Omission) -> Omission:
    return replace(omission, what=f"{article.metadata.title}: {omission.what}")


def _united(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _shared(values: Iterable[str | None]) -> str | None:
    """What all say; None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
