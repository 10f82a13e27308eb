"""Tells the network that there is a catalogue (DNS-SD, service `_opds._tcp`), and not how to get in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from packager.delivery.catalogue.links import CATALOGUE
from packager.delivery.server.addresses import own_name

if TYPE_CHECKING:
    from zeroconf import Zeroconf

SERVICE = "_opds._tcp.local."
_LONGEST_NAME = 63
"""Bytes of one label in DNS."""


@contextmanager
def announced(title: str, port: int, addresses: list[str], tell: Callable[[str], None]) -> Iterator[None]:
    """Announced as long as this lasts. It takes a second or two, and nobody waits; `tell` hears when it does not work.

    The path that is announced has no token: everybody on the network hears it. It asks for the token as a password.
    """
    if not addresses:
        yield
        return
    with ThreadPoolExecutor(1) as worker:
        announcing = worker.submit(_announce, title, port, addresses, tell)
        try:
            yield
        finally:
            if zeroconf := announcing.result():
                # Says farewell, so that apps do not offer it any longer.
                zeroconf.unregister_all_services()
                zeroconf.close()


def _announce(title: str, port: int, addresses: list[str], tell: Callable[[str], None]) -> Zeroconf | None:
    from zeroconf import Error, ServiceInfo, Zeroconf

    label = title.encode("utf-8")[:_LONGEST_NAME].decode("utf-8", "ignore").replace(".", " ").strip() or "Packager"
    service = ServiceInfo(
        SERVICE,
        f"{label}.{SERVICE}",
        addresses=[socket.inet_aton(address) for address in addresses],
        port=port,
        properties={"path": f"/{CATALOGUE}"},
        server=f"{own_name() or 'packager'}.local.",
    )
    zeroconf = None
    try:
        zeroconf = Zeroconf(interfaces=addresses)
        zeroconf.register_service(service, allow_name_change=True)
    except (OSError, Error) as error:
        tell(f"The catalogue could not be announced on the network ({type(error).__name__}); its address works.")
        if zeroconf:
            zeroconf.close()
        return None
    return zeroconf
