"""A web page that a browser saved in one file (MHTML, RFC 2557) → `Draft`, by the reader of pages."""

from __future__ import annotations

import email
from collections.abc import Sequence
from dataclasses import replace
from email import policy
from email.message import EmailMessage

from packager.errors import SourceError
from packager.readers.draft import Draft
from packager.readers.html.read import read_html_page
from packager.readers.source import SourceFile


def read_mhtml(source: SourceFile, keep: Sequence[str] = (), drop: Sequence[str] = ()) -> Draft:
    """The article of the saved page, with the pictures that were saved with it."""
    try:
        parts = list(email.message_from_bytes(source.data, policy=policy.default).walk())
        page = next((part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
        data = page.get_payload(decode=True) if page is not None else None
        pictures = {
            str(part.get("Content-Location", "")).strip(): found
            for part in parts
            if part.get_content_maintype() == "image" and isinstance(found := part.get_payload(decode=True), bytes)
        }
        address, charset = (_address(parts[0], page), page.get_content_charset()) if page is not None else (None, None)
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError, AssertionError):
        # The parser of the standard library stumbles over some headers that break their own rules.
        data = None
    if not isinstance(data, bytes) or not data.strip():
        raise SourceError(f"{source.name} holds no page that can be read.", "Save the page again as HTML.")
    draft = read_html_page(data, charset, source.address or address, keep, drop, name=source.name)
    return replace(draft, pictures={**draft.pictures, **pictures})


def _address(whole: EmailMessage, page: EmailMessage) -> str | None:
    found = str(page.get("Content-Location") or whole.get("Snapshot-Content-Location") or "").strip()
    return found if found.startswith(("http://", "https://")) else None
