"""From a reader's draft to an `Article`: clean the text, take its pictures, complete the metadata."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path, PurePath

from lxml import etree

from packager.errors import SourceError, UsageError
from packager.languages import is_right_to_left, normal_tag
from packager.model import Article, Metadata, Omission
from packager.readers.dates import find_date, is_iso_date
from packager.readers.draft import Draft
from packager.readers.head import split_names
from packager.readers.pictures import load_cover, take_pictures
from packager.readers.sanitise import clean_body, mend_again, mend_links
from packager.readers.structure import mend_headings
from packager.readers.white_space import settle_white_space
from packager.xhtml import elements, remove, serialise, text_of

_ALIASES = {
    "author": "authors",
    "lang": "language",
    "subject": "subjects",
    "tags": "subjects",
    "keywords": "subjects",
}
_KNOWN = frozenset(
    "title subtitle authors date language description publisher source rights subjects series series_index cover "
    "narrator listening left_out".split()
)


def complete(draft: Draft, called: str, source: str, folder: Path, overrides: Mapping[str, object]) -> Article:
    """The article of a draft. `called` is what its source is called in messages, `source` its path or "-".

    Pictures that did not come with the draft are looked for below `folder`. `overrides` are metadata fields that win.
    """
    body = clean_body(draft.markup)
    beside = None if draft.alone else folder
    resources, missing = take_pictures(body, draft.pictures, beside)
    if missing:
        mend_again(body)
    given = {_ALIASES.get(key, key): value for key, value in draft.fields.items() if value not in (None, "", (), [])}
    unknown = sorted(set(given) - _KNOWN)
    fields = {key: value for key, value in given.items() if key in _KNOWN}
    fields |= {_ALIASES.get(key, key): value for key, value in overrides.items() if value not in (None, "", ())}
    notes = [*draft.notes]
    notes += [f"front matter “{key}” is not used" for key in unknown]
    listening = _listening(given.get("listening"), notes) | _listening(overrides.get("listening"), notes)
    title = _one_line(fields.get("title")) or _derived_title(body, source, notes)
    if not text_of(body) and not resources:
        raise SourceError(f"{called} has no text besides its title.", "Give the whole article.")
    # A picture or a heading may have gone, and with it a level of headings or the end of a link.
    mend_headings(body)
    mend_links(body)
    metadata = Metadata(
        title=title,
        language=_language(fields, body, title, notes, overridden="language" in overrides),
        subtitle=_one_line(fields.get("subtitle")),
        authors=_names(fields.get("authors")),
        date=_date(fields.get("date"), notes, overridden="date" in overrides),
        description=_one_line(fields.get("description")),
        publisher=_one_line(fields.get("publisher")),
        source=_one_line(fields.get("source")),
        rights=_one_line(fields.get("rights")),
        subjects=tuple(filter(None, map(_one_line, _as_list(fields.get("subjects"))))),
        series=_one_line(_series(fields.get("series"))[0]),
        series_index=_one_line(fields.get("series_index") or _series(fields.get("series"))[1]),
        narrator=_one_line(fields.get("narrator")),
    )
    if is_right_to_left(metadata.language) and body.get("dir") is None:
        body.set("dir", "rtl")
    settle_white_space(body)
    named = _one_line(fields.get("cover"))
    cover = load_cover(named, draft.pictures, None if "cover" in overrides else folder) if named else None
    omissions = (*_left_out(fields.get("left_out")), *draft.omissions, *missing)
    return Article(metadata, serialise(body), resources, cover, omissions, tuple(notes), tuple(listening.items()))


def _listening(value: object, notes: list[str]) -> dict[str, object]:
    if isinstance(value, Mapping):
        return {str(key): str(wish) for key, wish in value.items() if not isinstance(wish, (dict, list, tuple))}
    if isinstance(value, str) and "=" in value:
        pairs = (pair.partition("=") for pair in value.split(","))
        return {key.strip(): wish.strip() for key, _, wish in pairs}
    if value is not None:
        notes.append("the listening plan is not a list of “kind: what to do” lines and is not used")
    return {}


def _left_out(value: object) -> tuple[Omission, ...]:
    """What an import left out of the source and wrote down, as "- what: reason" lines."""
    pairs = [pair for entry in _as_list(value) if isinstance(entry, Mapping) for pair in entry.items()]
    lines = [(_one_line(what), _one_line(reason)) for what, reason in pairs]
    return tuple(Omission(what, reason) for what, reason in lines if what and reason)


def _one_line(value: object) -> str | None:
    """Any scalar of front matter, or a plain list of them, as one line of text.

    Lists in lists are not looked into: with YAML's aliases they can be larger than any memory.
    """
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(entry) for entry in value if not isinstance(entry, (dict, list, tuple))) or None
    elif isinstance(value, dict):
        value = None
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", str(value)) if value is not None else ""
    return " ".join(text.split()) or None


def _as_list(value: object) -> list[object]:
    if isinstance(value, str):
        return list(re.split(r"\s*[,;]\s*", value))
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def _names(value: object) -> tuple[str, ...]:
    names: list[str] = []
    for entry in [value] if isinstance(value, str) else _as_list(value):
        if isinstance(entry, dict):
            entry = entry.get("name")
        if isinstance(value, str):
            names.extend(split_names(value))
        elif name := _one_line(entry):
            names.append(name)
    return tuple(dict.fromkeys(" ".join(name.split()) for name in names))


def _series(value: object) -> tuple[object, object]:
    if isinstance(value, dict):
        return value.get("name") or value.get("title"), value.get("index") or value.get("number") or value.get(
            "position"
        )
    return value, None


def _derived_title(body: etree._Element, source: str, notes: list[str]) -> str:
    for heading in elements(body, "h2"):
        if text := text_of(heading):
            notes.append(f"no title given; the first heading is used: {text}")
            if _is_first(heading) and not any(True for _ in elements(heading, "a", "img")):
                remove(heading)
            return text
    if source != "-":
        stem = _one_line(re.sub(r"[-_]+", " ", PurePath(source).stem)) or "Untitled"
        title = stem[0].upper() + stem[1:]
        notes.append(f"no title given; made from the file's name: {title}")
        return title
    words = text_of(body).split()
    title = " ".join(words[:8]) + ("…" if len(words) > 8 else "") or "Untitled"
    notes.append(f"no title given; made from the first words: {title}")
    return title


def _is_first(element: etree._Element) -> bool:
    """Whether nothing readable comes before the element."""
    parent = element.getparent()
    while parent is not None:
        if (parent.text and parent.text.strip()) or element.getprevious() is not None:
            return False
        element, parent = parent, parent.getparent()
    return True


def _language(
    fields: Mapping[str, object], body: etree._Element, title: str, notes: list[str], overridden: bool
) -> str:
    given = _one_line(fields.get("language"))
    if given:
        if tag := normal_tag(given):
            return tag
        if overridden:
            raise UsageError(f"“{given}” is not a language tag.", "Use a tag such as en, en-GB, de or ar.")
        notes.append(f"the language “{given}” is not a language tag and is not used")
    from packager.readers.language import detect_language

    text = f"{title}\n{text_of(body)}"
    if found := detect_language(text):
        notes.append(f"language detected: {found}")
        return found
    notes.append("language not recognised; English is assumed (say --language otherwise)")
    return "en"


def _date(value: object, notes: list[str], overridden: bool) -> str | None:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = _one_line(value)
    if text is None or is_iso_date(text):
        return text
    if found := find_date(text):
        return found[0]
    if overridden:
        raise UsageError(f"“{text}” is not a date.", "Write it as YYYY-MM-DD.")
    notes.append(f"the date “{text}” is not understood and is not used")
    return None
