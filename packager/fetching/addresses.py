"""Web addresses in one strict spelling, so that what is checked, what is asked and what is shown cannot differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from packager.fetching.failures import CHECK, FetchError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_OTHER_SERVICES = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080)
)
"""Ports from 1024 on that browsers do not go to either (Fetch Standard, 2.9 Port blocking)."""

_MAX_LENGTH = 8000
_SHOWN_LENGTH = 120
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_IN_BRACKETS = re.compile(r"\[[^][]*\](?::[0-9]*)?")
_UNSEEN = re.compile(r"[\t\r\n]")
_SAFE = "/%:@!$&'()*+,;=~"


@dataclass(frozen=True)
class WebAddress:
    """`host` is ASCII in lower case, an IPv6 address without its brackets; `target` is path and query, percent-encoded.

    There is no user name and no fragment. `shown` is for people: without the query, which may hold a secret.
    """

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """Host and port as in the `Host` header: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address as messages name it."""
        path, mark, _ = self.target.partition("?")
        return _shortened(f"{self.scheme}://{self.authority}{path}") + ("?…" if mark else "")


def web_address(text: str) -> WebAddress:
    """Read an address that a person or a page gives; raises `FetchError` for what is not fetched.

    Only http and https; no user name or password; ports 80, 443 and from 1024 on, but for those of well-known other
    services; a number as host only in its usual spelling (127.1, 0x7f000001 and the like are refused, not understood).
    """
    text = _UNSEEN.sub("", text.strip())
    if len(text) > _MAX_LENGTH:
        raise FetchError(f"is longer than {_MAX_LENGTH} characters", CHECK)
    try:
        parts = urlsplit(text)
        if parts.scheme not in _DEFAULT_PORTS:
            raise FetchError("is no web address", "Give an address that begins with https:// or http://.")
        if "@" in parts.netloc:
            raise FetchError("holds a user name or a password", "Leave out what stands before the @.")
        host, port = _host(parts), _port(parts)
        query = "?" + quote(parts.query, safe=_SAFE + "?") if parts.query else ""
        return WebAddress(parts.scheme, host, port, quote(parts.path or "/", safe=_SAFE) + query)
    except ValueError:
        # What Python says of it may quote a part that is secret.
        raise FetchError("is no address that can be understood", CHECK) from None


def redirected(address: WebAddress, location: str) -> WebAddress:
    """Where `address` sends us; raises `FetchError`."""
    try:
        joined = urljoin(str(address), _UNSEEN.sub("", location.strip()))
    except ValueError:
        raise FetchError("sends us on to an address that cannot be understood") from None
    try:
        return web_address(joined)
    except FetchError as failure:
        raise FetchError(f"sends us on to “{shown(joined)}”, which {failure.what}") from None


def shown(text: str) -> str:
    """An address that may be of any kind, without what may be secret in it."""
    try:
        return web_address(text).shown
    except FetchError:
        plain = "".join(char if char.isprintable() else "\ufffd" for char in _UNSEEN.sub("", text.strip()))
        if "@" in plain:
            scheme, mark, _ = plain.partition("://")
            return f"{scheme}://…" if mark and scheme.isalpha() else "…"
        return _shortened(re.split(r"[?#]", plain, maxsplit=1)[0]) or "nothing"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        if "%" in host:
            raise FetchError("names a network card of this machine", CHECK)
        if not _IN_BRACKETS.fullmatch(parts.netloc):
            raise FetchError("names no host", CHECK)
        return str(IPv6Address(host))
    if not host.isascii():
        import idna

        host = idna.encode(host, uts46=True).decode("ascii").lower()
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise FetchError("names no host", CHECK)
    if _NUMBER.fullmatch(labels[-1]) and not _is_ipv4(".".join(labels)):
        raise FetchError("names its host by a number in an unusual spelling", CHECK)
    return ".".join(labels)


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _port(parts: SplitResult) -> int:
    port = parts.port if parts.port is not None else _DEFAULT_PORTS[parts.scheme]
    if (port < 1024 and port not in _DEFAULT_PORTS.values()) or port in _OTHER_SERVICES:
        raise FetchError(f"names port {port}, which is not one of the web", CHECK)
    return port
