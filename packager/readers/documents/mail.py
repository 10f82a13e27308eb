"""A mail or a saved newsletter (.eml) → `Draft`: its newest text, without what it answers and how to unsubscribe."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote

from lxml import etree

from packager.errors import SourceError
from packager.model import Omission
from packager.readers.documents.mail_clutter import drop_clutter, drop_clutter_of_text, unwrap_layout
from packager.readers.documents.markup import (
    as_markup,
    confirmed_language,
    drop_embedded,
    fields_of,
    parse_html,
    without_head,
)
from packager.readers.draft import Draft
from packager.readers.source import SourceFile, SourceText, read_text
from packager.xhtml import remove, text_of

_REMEDY = "Save the message from your mail program again, or copy its text into a file."
_ANSWER = re.compile(
    r"^(?:\s*(?:re|fwd?|fw|aw|wg|tr|rv|sv|vs|ynt)\s*(?:\[\d+\])?\s*:)+\s*(?:\[[^\]]{1,30}\]\s+)?", re.I
)
_LIST = re.compile(r"^\s*\[[^\]]{1,30}\]\s+")
"""The name of a mailing list before what the message is about."""

_NO_REPLY = re.compile(r"(?:no|do.?not|dont).?reply|newsletter|notifications?|mailer|info@|hello@|support@", re.I)


def read_mail(source: SourceFile) -> Draft:
    """The HTML of a message with the pictures that came with it, or its plain text. Nothing that it names is fetched."""
    try:
        message = email.message_from_bytes(source.data, policy=policy.default)
        html_part, text_part = _part(message, "html"), _part(message, "plain")
        fields = _fields(message)
        pictures = dict(_pictures(message))
        attached = list(_attachments(message))
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError, AssertionError):
        # The parser of the standard library stumbles over some headers that break their own rules.
        raise SourceError(f"{source.name} is no message that can be read.", _REMEDY) from None
    omissions = [Omission(f"Attachment “{name}”", "it is not part of the message's text") for name in attached]
    if html_part is not None:
        draft = _html_draft(html_part, fields, pictures)
    elif text_part is not None:
        draft = _text_draft(source, text_part, fields)
    else:
        raise SourceError(f"{source.name} is a message without text.", _REMEDY)
    return Draft(draft.markup, draft.fields, (*draft.omissions, *omissions), draft.notes, pictures)


def _html_draft(markup: str, fields: dict[str, object], pictures: dict[str, bytes]) -> Draft:
    page = parse_html(markup)
    body = page.find("body")
    omissions = drop_clutter(body)
    omissions += drop_embedded(body)
    unwrap_layout(body)
    for image in list(body.iter("img")):
        address = image.get("src", "")
        if address[:4].lower() == "cid:":
            image.set("src", unquote(address[4:]))
        elif address not in pictures and not address.startswith("data:"):
            _replace_by_words(image)
            omissions.append(Omission(f"Picture “{address[:80]}”", "it did not come with the message"))
    without_head(body, fields)
    language, notes = confirmed_language(page.get("lang"), text_of(body))
    return Draft(as_markup(body), fields_of(**fields, language=language), tuple(omissions), notes)


def _text_draft(source: SourceFile, text: str, fields: dict[str, object]) -> Draft:
    from packager.readers.text import read_text_article

    kept, omissions = drop_clutter_of_text(text)
    if not kept.strip():
        raise SourceError(f"{source.name} has no text of its own, only what it answers.", _REMEDY)
    plain = read_text(SourceFile(source.name, kept.encode("utf-8", "replace"), source.folder))
    # A title keeps the reader from taking the first line of the message for one.
    titled = SourceText(plain.name, f"{fields.get('title') or 'Message'}\n\n{plain.text}", plain.folder, plain.encoding)
    draft = read_text_article(titled)
    return Draft(draft.markup, {**draft.fields, **fields_of(**fields)}, (*draft.omissions, *omissions), draft.notes)


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):
        # A charset that Python does not know, or that is not what it says.
        data = part.get_payload(decode=True)
        content = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return content if isinstance(content, str) and content.strip() else None


def _fields(message: EmailMessage) -> dict[str, object]:
    sender = getaddresses([str(message.get("From", ""))])
    name = sender[0][0].strip(" \"'") if sender else ""
    listed = re.match(r"\s*\"?([^<\"]{3,}?)\"?\s*<", str(message.get("List-ID", "")))
    subject = _ANSWER.sub("", " ".join(str(message.get("Subject", "")).split()))
    try:
        date = parsedate_to_datetime(str(message.get("Date", ""))).date().isoformat()
    except (ValueError, TypeError, IndexError):
        date = ""
    return {
        "title": _LIST.sub("", subject) if message.get("List-ID") else subject,
        "authors": [name] if name and "@" not in name and not _NO_REPLY.search(name) else [],
        "date": date,
        "publisher": listed[1].strip() if listed else "",
    }


def _pictures(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Pictures by their Content-ID and by their Content-Location, the two ways in which the text may name them."""
    for part in message.walk():
        if part.get_content_maintype() != "image":
            continue
        data = part.get_payload(decode=True)
        for name in (str(part.get("Content-ID", "")).strip("<> "), str(part.get("Content-Location", "")).strip()):
            if name and isinstance(data, bytes):
                yield name, data


def _attachments(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_disposition() == "attachment" and not part.get("Content-ID"):
            yield " ".join(str(part.get_filename() or part.get_content_type()).split())[:80]


def _replace_by_words(image: etree._Element) -> None:
    image.tail = (image.get("alt") or "") + (image.tail or "")
    remove(image)
