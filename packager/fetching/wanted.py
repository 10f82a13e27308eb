"""What kind of thing is asked for, and what a server's header says that it is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.A)


@dataclass(frozen=True)
class Wanted:
    """`refused` are the media types, or their first halves, that it can never be; `most` its largest size in bytes."""

    name: str
    accept: str
    refused: frozenset[str]
    most: int

    def complaint(self, media_type: str) -> str | None:
        """Why something of this type is not wanted; an unknown type is looked at by its content later."""
        if {media_type, media_type.partition("/")[0]} & self.refused:
            return f"is {_KINDS.get(media_type.partition('/')[0], 'a file')} ({media_type}), not {self.name}"
        return None


_KINDS = {
    "audio": "a sound",
    "font": "a font",
    "image": "a picture",
    "model": "a model",
    "text": "a text",
    "video": "a film",
}


def article(most: int) -> Wanted:
    """A page, a document or a feed."""
    return Wanted(
        "an article",
        "text/html, application/xhtml+xml, application/epub+zip;q=0.9, application/pdf;q=0.8, */*;q=0.7",
        frozenset(
            "audio font image model video text/css text/javascript application/javascript application/x-javascript "
            "application/wasm application/x-msdownload application/x-executable application/java-archive "
            "application/vnd.android.package-archive application/vnd.debian.binary-package "
            "application/x-apple-diskimage application/x-iso9660-image".split()
        ),
        most,
    )


def picture(most: int) -> Wanted:
    """A picture, of a kind that need not be converted if the server has the choice."""
    return Wanted(
        "a picture",
        "image/png, image/jpeg, image/gif, image/svg+xml, image/webp;q=0.9, image/avif;q=0.8, image/*;q=0.5, */*;q=0.1",
        frozenset(
            "audio font model video text/html text/css text/javascript application/javascript application/json "
            "application/pdf application/xhtml+xml".split()
        ),
        most,
    )


def media_type(content_type: str) -> str:
    """The media type in a `Content-Type` header, in lower case; "" when there is none."""
    found = content_type.partition(";")[0].strip().lower()
    return found if _TYPE.fullmatch(found) else ""


def charset(content_type: str) -> str | None:
    """The charset in a `Content-Type` header, if Python can decode it."""
    message = Message()
    message["Content-Type"] = content_type
    name = message.get_content_charset()
    try:
        b" ".decode(codecs.lookup(name or "").name)
    except (LookupError, ValueError):
        return None
    return name
