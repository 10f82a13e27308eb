"""Under which names and numbers this machine can be reached."""

from __future__ import annotations

import ipaddress
import re
import socket

LOOPBACK = "127.0.0.1"

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?")
_LOCAL_NAMES = ("localhost",)


def addresses_on_network() -> list[str]:
    """The IPv4 addresses that others on the network may use, the likeliest first; none without a network."""
    import psutil

    found: list[str] = []
    state = psutil.net_if_stats()
    for interface, addresses in psutil.net_if_addrs().items():
        if interface in state and not state[interface].isup:
            continue
        found += [one.address for one in addresses if one.family == socket.AF_INET and _is_for_others(one.address)]
    outward = _outward_address()
    return sorted(dict.fromkeys(found), key=lambda address: (address != outward, not _is_private(address), address))


def own_name() -> str:
    """What this machine is called on its network, "" where it has no name that fits."""
    name = socket.gethostname().partition(".")[0].lower()
    return name if re.fullmatch(r"[a-z0-9-]{1,63}", name) and name != "localhost" else ""


def host_of(header: str) -> str | None:
    """The name or number in a Host header, in small letters; None when it is neither."""
    match = _HOST.fullmatch(header)
    if not match or int(match[2] or 1) > 65_535:
        return None
    return match[1].lower()


def is_own_host(host: str, reached_at: str, on_network: bool) -> bool:
    """Whether a client that connected to our address `reached_at` may call us `host`.

    A page of a foreign site whose name was made to point at us (DNS rebinding) calls us by that name.
    """
    if host.strip("[]") == reached_at:
        return True
    if _is_loopback(reached_at) and host in _LOCAL_NAMES:
        return True
    return on_network and bool(name := own_name()) and host in (name, f"{name}.local")


def _outward_address() -> str:
    """The address that this machine speaks from; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _is_for_others(address: str) -> bool:
    number = ipaddress.ip_address(address)
    return not (number.is_loopback or number.is_link_local or number.is_unspecified)


def _is_private(address: str) -> bool:
    return ipaddress.ip_address(address).is_private


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
