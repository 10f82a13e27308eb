"""Which addresses lie on the public internet, and which addresses a host has."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(text: str) -> tuple[_Network, ...]:
    return tuple(map(ipaddress.ip_network, text.split()))


# IANA's registries of special-purpose addresses (RFC 6890 and its successors) and what the clouds use inside. Written
# out, because what Python calls global differs from one release to the next.
_NOT_PUBLIC_4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
    "168.63.129.16/32"
)
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = _networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20")
"""Teredo and its like, documentation, 6to4."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether a numeric address is one of a host on the public internet, to everybody the same.

    IPv4 inside IPv6 is refused wherever it may lead around this check. Only the common prefix of NAT64, through which a
    network without IPv4 reaches all of it, is judged by the IPv4 address within.
    """
    found = ipaddress.ip_address(address)
    if found.version == 6 and found in _NAT64:
        found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    if found.version == 4:
        return not any(found in network for network in _NOT_PUBLIC_4)
    return found in _UNICAST_6 and not any(found in network for network in _NOT_PUBLIC_6)


def look_up(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, the preferred first; raises `OSError` when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
