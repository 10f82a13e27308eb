"""Which books go into which message: as few messages as the mailboxes and the server allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from packager.delivery.mail.addresses import MAILBOXES, MB, Mailbox, mailbox_of
from packager.delivery.shelf import Book
from packager.errors import DeliveryError, SourceError

_Item = TypeVar("_Item")

_POCKETBOOK_NAME = 22
_LINE, _ENCODED_LINE = 57, 78
"""Bytes of a file that fill a line of base64, and the bytes of that line with its end."""
_HEADERS = 1500
"""Bytes that a message has besides its files, and a file besides its contents, at most."""


@dataclass(frozen=True)
class Enclosure:
    """A file to send: what it is made of, where it is, and its size in bytes."""

    slug: str
    title: str
    product: str
    path: Path
    size: int

    @property
    def size_in_mail(self) -> int:
        """The bytes it takes in a message, rounded up."""
        return -(-self.size // _LINE) * _ENCODED_LINE + _HEADERS


@dataclass(frozen=True)
class Parcel:
    """One message: the files in it, and the addresses that get it, all of one kind of mailbox."""

    mailbox: Mailbox
    recipients: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]

    @property
    def least_size(self) -> int:
        """Bytes that the message has at least, known without making it."""
        return sum(one.size // _LINE * _ENCODED_LINE for one in self.enclosures)

    def name_of(self, enclosure: Enclosure) -> str:
        """What the file is called in the message."""
        name = enclosure.path.name
        if not self.mailbox.short_names:
            return name
        letters = re.sub(r"[^A-Za-z0-9]", "", enclosure.slug)[:_POCKETBOOK_NAME] or "book"
        return letters + enclosure.path.suffix


def enclosures_of(books: Sequence[Book], products: Sequence[str]) -> list[Enclosure]:
    """The files of these books. Raises `SourceError` for one that was not made, or is gone."""
    found = []
    for book in books:
        for product in products:
            path = book.files.get(product)
            if path is None:
                raise SourceError(
                    f"Of “{book.slug}” there is no {product} file.", f"Make it first: packager build --only {product}"
                )
            try:
                size = path.stat().st_size
            except OSError as error:
                raise SourceError(f"“{path}” cannot be read: {error.strerror}.", "Build that article again.") from None
            found.append(Enclosure(book.slug, book.metadata.title, product, path, size))
    return found


def refuse_what_no_mailbox_takes(enclosures: Sequence[Enclosure], recipients: Sequence[str]) -> None:
    """Raises `DeliveryError` for a file that a mailbox is known to refuse, before anything is sent."""
    for recipient in recipients:
        mailbox = mailbox_of(recipient)
        for one in enclosures:
            if one.product not in mailbox.products:
                raise DeliveryError(
                    f"{recipient} is a {mailbox.name}, which takes no “{one.product}” by mail.",
                    "Choose another --product, or another way to bring it there (packager load, packager serve).",
                )
            if mailbox.size is not None and one.size > mailbox.size:
                raise DeliveryError(
                    f"“{one.path.name}” has {one.size / MB:.1f} MB, and {recipient} takes {mailbox.size // MB} MB by mail.",
                    "Send the text alone (--product epub), or bring it there another way (packager load, packager serve).",
                )


def parcels_of(enclosures: Sequence[Enclosure], recipients: Sequence[str], server_limit: int | None) -> list[Parcel]:
    """The messages to send. `server_limit` is the largest message, in bytes, that the server takes; None if it has not said.

    A file that alone is larger than the server takes has a message of its own, which the server is to refuse.
    """
    found = []
    for mailbox in MAILBOXES:
        addresses = [address for address in recipients if mailbox_of(address) is mailbox]
        for some in _by_number(addresses, mailbox.addresses):
            found += [Parcel(mailbox, some, files) for files in _by_size(enclosures, mailbox, server_limit)]
    return found


def _by_size(enclosures: Sequence[Enclosure], mailbox: Mailbox, limit: int | None) -> Iterator[tuple[Enclosure, ...]]:
    some: list[Enclosure] = []
    for one in enclosures:
        more = [*some, one]
        too_many = len(more) > mailbox.files
        too_large = mailbox.size is not None and sum(each.size for each in more) > mailbox.size
        too_long = limit is not None and sum(each.size_in_mail for each in more) + _HEADERS > limit
        if some and (too_many or too_large or too_long):
            yield tuple(some)
            some = []
        some.append(one)
    if some:
        yield tuple(some)


def _by_number(items: Sequence[_Item], number: int) -> Iterator[tuple[_Item, ...]]:
    for begin in range(0, len(items), number):
        yield tuple(items[begin : begin + number])
