"""RSS, Atom and JSON feeds → one `Draft` an entry, or one of all entries."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from html import escape
from time import struct_time
from typing import Any

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_embedded,
    fields_of,
    parse_html,
    said,
    without_head,
)
from packager.readers.draft import Draft
from packager.readers.source import SourceFile
from packager.xhtml import text_of

MAX_ENTRIES = 500
_REMEDY = "Give the address or the file of an RSS, Atom or JSON feed."
_BAD_XML = re.compile(rb"<!ENTITY", re.I)


def entries(source: SourceFile) -> list[Draft]:
    """The entries of a feed in its order, each an article. Raises `SourceError` for what is no feed, or an empty one."""
    return _read(source)[1]


def read_feed(source: SourceFile) -> Draft:
    """The whole feed as one article with a section an entry; the only entry of a feed is the article itself."""
    fields, drafts = _read(source)
    if len(drafts) == 1:
        return drafts[0]
    sections: list[str] = []
    omissions: list[Omission] = []
    notes = [f"all {len(drafts)} entries of the feed are one article"]
    for number, draft in enumerate(drafts, start=1):
        title = escape(str(draft.fields.get("title") or f"Entry {number}"))
        line = " · ".join(escape(part) for part in _byline(draft.fields))
        language = draft.fields.get("language")
        tagged = f' lang="{escape(str(language))}"' if language and language != fields.get("language") else ""
        sections.append(f"<section{tagged}><h1>{title}</h1>{f'<p>{line}</p>' if line else ''}{draft.markup}</section>")
        omissions += draft.omissions
        notes += draft.notes
    return Draft("".join(sections), fields, tuple(dict.fromkeys(omissions)), tuple(dict.fromkeys(notes)))


def _read(source: SourceFile) -> tuple[dict[str, object], list[Draft]]:
    if _BAD_XML.search(source.data):
        raise SourceError(
            f"{source.name} declares XML entities, which can be made to read other files.",
            "Do not trust this feed.",
        )
    is_json = source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    fields, drafts = _json(source) if is_json else _xml(source)
    if not drafts:
        raise SourceError(f"{source.name} is a feed without entries.", "Wait until something has been published in it.")
    return fields, drafts


def _xml(source: SourceFile) -> tuple[dict[str, object], list[Draft]]:
    import feedparser

    # A stream, never the bytes themselves: feedparser fetches what looks like an address.
    found = feedparser.parse(io.BytesIO(source.data), sanitize_html=False, resolve_relative_uris=True)
    if not found.get("version") and not found.entries:
        raise SourceError(f"{source.name} is no feed that can be read.", _REMEDY)
    about = found.feed
    fields = fields_of(
        title=_plain(about.get("title")),
        subtitle=_plain(about.get("subtitle")),
        authors=_names(about),
        date=_date(about.get("updated_parsed")),
        language=about.get("language"),
        publisher=_plain(about.get("publisher")),
        source=_address(about.get("link")),
        rights=_plain(about.get("rights")),
    )
    return dict(fields), [_entry(entry, fields) for entry in found.entries[:MAX_ENTRIES]]


def _entry(entry: Mapping[str, Any], about: Mapping[str, object]) -> Draft:
    contents = [part.get("value") or "" for part in entry.get("content", [])] or [entry.get("summary") or ""]
    language = next((part.get("language") for part in entry.get("content", []) if part.get("language")), None)
    return _draft(
        max(contents, key=len),
        {
            "title": _plain(entry.get("title")),
            "authors": _names(entry) or about.get("authors"),
            "date": _date(entry.get("published_parsed") or entry.get("updated_parsed")),
            "language": language or about.get("language"),
            "publisher": about.get("title"),
            "source": _address(entry.get("link")),
            "rights": _plain(entry.get("rights")) or about.get("rights"),
            "subjects": said(str(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags", [])),
        },
        [enclosure.get("href", "") for enclosure in entry.get("enclosures", [])],
    )


def _json(source: SourceFile) -> tuple[dict[str, object], list[Draft]]:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""
    try:
        feed = json.loads(source.data)
    except (ValueError, RecursionError):
        raise SourceError(f"{source.name} is not valid JSON.", _REMEDY) from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise SourceError(f"{source.name} is no feed that can be read.", _REMEDY)
    fields = fields_of(
        title=_plain(feed.get("title")),
        subtitle=_plain(feed.get("description")),
        authors=_json_names(feed),
        language=_plain(feed.get("language")),
        source=_address(feed.get("home_page_url")),
    )
    return dict(fields), [_item(item, fields) for item in feed["items"][:MAX_ENTRIES] if isinstance(item, dict)]


def _item(item: Mapping[str, Any], about: Mapping[str, object]) -> Draft:
    text = item.get("content_text") or item.get("summary")
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()] if isinstance(text, str) else []
    written = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    content = item.get("content_html")
    attachments = item.get("attachments")
    return _draft(
        content if isinstance(content, str) else written,
        {
            "title": _plain(item.get("title")),
            "authors": _json_names(item) or about.get("authors"),
            "date": _plain(item.get("date_published"))[:10],
            "language": _plain(item.get("language")) or about.get("language"),
            "publisher": about.get("title"),
            "source": _address(item.get("url")),
            "subjects": said(tag for tag in _list(item.get("tags")) if isinstance(tag, str)),
            "description": _plain(item.get("summary")) if isinstance(content, str) else None,
        },
        [_plain(attachment.get("url")) for attachment in _list(attachments) if isinstance(attachment, dict)],
    )


def _draft(content: str, fields: dict[str, object], enclosures: list[str]) -> Draft:
    body = parse_html(content).find("body")
    omissions = drop_embedded(body)
    without_head(body, fields)
    omissions += [
        Omission(f"Attachment “{name.rpartition('/')[2][:80]}”", "it is not part of the text") for name in enclosures
    ]
    fields["language"], notes = confirmed_language(str(fields["language"] or "") or None, text_of(body))
    return Draft(as_markup(body), fields_of(**fields), tuple(omissions), notes)


def _byline(fields: Mapping[str, object]) -> list[str]:
    authors = fields.get("authors")
    names = ", ".join(map(str, authors)) if isinstance(authors, (list, tuple)) else ""
    return [part for part in (names, str(fields.get("date") or "")) if part]


def _names(about: Mapping[str, Any]) -> list[str]:
    # RSS has "address (name)" by its standard, and often an address alone, which is nobody's name.
    if named := re.match(r"\S+@\S+\s*\((.+)\)$", str(about.get("author") or "")):
        return said([named[1]])
    names = said(str(author.get("name") or "") for author in about.get("authors", []))
    return [name for name in names or said([str(about.get("author") or "")]) if "@" not in name]


def _json_names(about: Mapping[str, Any]) -> list[str]:
    authors = [*_list(about.get("authors")), about.get("author")]
    return said(_plain(author.get("name")) for author in authors if isinstance(author, dict))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(value: object) -> str:
    """The words of a field that may hold HTML."""
    return text_of(parse_html(value)) if isinstance(value, str) and value.strip() else ""


def _date(parsed: struct_time | None) -> str | None:
    return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}" if parsed else None


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and re.match(r"https?://", value) else None
