"""A message with books in it, shaped so that the machines behind readers' mailboxes understand it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import uuid4

from packager import __version__
from packager.delivery.mail.addresses import media_type_of
from packager.delivery.mail.parcels import Parcel
from packager.errors import SourceError

_LONGEST_TITLE = 60


def message_of(parcel: Parcel, sender: str) -> bytes:
    """The message as it goes over the line, with the files in it.

    For a device subject and text are English in ASCII and never empty: Amazon's service refuses others. The name of this
    machine is nowhere in it. Raises `SourceError` when a file cannot be read.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(parcel.recipients)
    message["Subject"] = _subject(parcel)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{uuid4()}@{sender.rpartition('@')[2]}>"
    message.set_content(_text(parcel))
    for enclosure in parcel.enclosures:
        try:
            data = enclosure.path.read_bytes()
        except OSError as error:
            raise SourceError(
                f"“{enclosure.path}” cannot be read: {error.strerror}.", "Build that article again."
            ) from None
        main, _, sub = media_type_of(enclosure.product).partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=parcel.name_of(enclosure))
    return message.as_bytes()


def _text(parcel: Parcel) -> str:
    if parcel.mailbox.kind != "mailbox":
        number = len(parcel.enclosures)
        return f"This message carries {number} {'file' if number == 1 else 'files'}, made with Packager.\n"
    lines = [f"{enclosure.title}: {parcel.name_of(enclosure)}" for enclosure in parcel.enclosures]
    return "\n".join([*lines, "", f"Packager {__version__}", ""])


def _subject(parcel: Parcel) -> str:
    titles = list(dict.fromkeys(enclosure.title for enclosure in parcel.enclosures))
    if len(titles) > 1:
        return f"{len(titles)} books from Packager"
    title = titles[0]
    if parcel.mailbox.kind == "mailbox" and title.isprintable():
        return title
    fits = title.isascii() and title.isprintable() and len(title) <= _LONGEST_TITLE
    return f"Book: {title}" if fits else "Book from Packager"
