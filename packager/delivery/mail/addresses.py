"""Addresses, and what is known of the mailboxes behind them: Amazon's, PocketBook's, anybody's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Literal

from packager.errors import UsageError

MB = 1_000_000

Kind = Literal["kindle", "pocketbook", "mailbox"]

_MEDIA_TYPES = {
    "epub": "application/epub+zip",
    "kepub": "application/epub+zip",
    "narrated": "application/epub+zip",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt",
}
"""What can be sent, and as what; a reader gets all three kinds of EPUB as the same type."""

_BOOKS = frozenset({"epub", "narrated"})


@dataclass(frozen=True)
class Mailbox:
    """What the mailboxes of one kind take: `files`, `addresses` and `size` (bytes of all files) in one message."""

    kind: Kind
    name: str
    domains: tuple[str, ...]
    products: frozenset[str]
    files: int
    addresses: int
    size: int | None
    short_names: bool = False


MAILBOXES = (
    # https://www.amazon.co.uk/gp/help/customer/display.html?nodeId=201974220
    Mailbox("kindle", "Kindle", ("kindle.com", "free.kindle.com"), _BOOKS, 25, 15, 50 * MB),
    # PocketBook loses messages whose attachment has a long name or one with other signs than ASCII letters and digits.
    Mailbox("pocketbook", "PocketBook", ("pbsync.com",), _BOOKS, 1, 1, None, short_names=True),
    # One address a message: nobody learns to whom else a book was sent.
    Mailbox("mailbox", "mailbox", (), frozenset(_MEDIA_TYPES), 25, 1, None),
)
SENDABLE = tuple(_MEDIA_TYPES)

_ADDRESS = re.compile(r"[^\s<>()\[\]\",:;\\@]+@[^\s<>()\[\]\",:;\\@]+")


def media_type_of(product: str) -> str:
    """The media type of a product."""
    return _MEDIA_TYPES[product]


def mailbox_of(address: str) -> Mailbox:
    """What kind of mailbox is behind an address."""
    domain = address.rpartition("@")[2].lower()
    return next((one for one in MAILBOXES if domain in one.domains), MAILBOXES[-1])


def plain_address(text: str) -> str:
    """An address that can stand in a message and in a command; the domain in ASCII. Raises `UsageError`."""
    text = text.strip()
    wrong = UsageError(f"“{text[:100]}” is no mail address.", "Write it like me@example.org, without a name around it.")
    if not text.isprintable() or not _ADDRESS.fullmatch(text):
        raise wrong
    name, _, domain = text.rpartition("@")
    if not name.isascii():
        raise UsageError(
            f"The address “{text[:100]}” has letters before the @ that few servers can handle.",
            "Use an address of plain letters.",
        )
    try:
        address = f"{name}@{_ascii_domain(domain)}"
        Address(addr_spec=address)
    except (ValueError, HeaderParseError, IndexError):
        raise wrong from None
    return address


def plain_addresses(texts: Sequence[str]) -> tuple[str, ...]:
    """Addresses, separated by commas or one by one, each once."""
    found = [plain_address(one) for text in texts for one in text.split(",") if one.strip()]
    by_spelling = {address.lower(): address for address in reversed(found)}
    return tuple(reversed(by_spelling.values()))


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna

    return idna.encode(domain, uts46=True).decode("ascii")
