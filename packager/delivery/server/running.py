"""From the port to the last farewell."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from packager.delivery.catalogue.links import Links
from packager.delivery.server.addresses import LOOPBACK, addresses_on_network
from packager.delivery.server.announce import announced
from packager.delivery.server.app import application
from packager.delivery.server.connections import Connections
from packager.delivery.server.guard import GATE, Guard
from packager.delivery.server.keeping import kept
from packager.delivery.server.library import Library
from packager.delivery.server.protocol import watched_protocol
from packager.errors import DeliveryError

PORT = 8421
_PORTS_TRIED = 20
_LARGEST_HEAD = 16_384
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Serving:
    """What is served and how. `port` None is the usual one or the next that is free; 0 is any that is free."""

    folder: Path
    title: str = "Packager"
    on_network: bool = False
    port: int | None = None
    paged: bool = True
    announce: bool = True
    new_token: bool = False
    tell: Tell = lambda text: None
    log: Tell | None = None


@dataclass(frozen=True)
class Opened:
    """The server is ready: where it is reached, the likeliest address first, and what it has.

    `is_reached` is False while it is to serve the network and this machine is on none.
    """

    links: tuple[Links, ...]
    books: int
    problems: tuple[str, ...]
    on_network: bool
    is_reached: bool


def serve(serving: Serving, ready: Callable[[Opened], None]) -> None:
    """Serve until the process is told to end. Raises `SourceError` without a folder, `DeliveryError` without a port."""
    known = kept(serving.new_token)
    library = Library(serving.folder, serving.title, known.number, serving.paged)
    token = known.token if serving.on_network else None
    listener = _listener(serving)
    port: int = listener.getsockname()[1]
    others = addresses_on_network() if serving.on_network else []
    prefix = f"{GATE}/{token}/" if token else ""
    links = tuple(Links(f"http://{address}:{port}/{prefix}") for address in others or [LOOPBACK])
    connections = Connections()
    app = Guard(application(library, serving.tell), serving.title, connections, token, serving.log)
    config = uvicorn.Config(
        app,
        http=watched_protocol(connections),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        # Nobody stands before us: whoever says who he forwards for may say anything.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=_LARGEST_HEAD,
    )
    shelf = library.index().shelf
    opened = Opened(links, len(shelf.books), shelf.problems, serving.on_network, bool(others) or not serving.on_network)
    announcement = (
        announced(serving.title, port, others, serving.tell)
        if serving.announce and serving.on_network
        else nullcontext()
    )
    with listener, announcement:
        asyncio.run(_Server(config, lambda: ready(opened)).serve(sockets=[listener]))


class _Server(uvicorn.Server):
    """Says when it is ready, and takes a signal for a wish to end, not for an accident."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listener(serving: Serving) -> socket.socket:
    host = "" if serving.on_network else LOOPBACK
    tried = range(PORT, PORT + _PORTS_TRIED) if serving.port is None else (serving.port,)
    reason = ""
    for port in tried:
        try:
            return socket.create_server((host, port), backlog=256)
        except OSError as error:
            reason = _reason(error)
            if error.errno != errno.EADDRINUSE:
                break
    named = f"Port {serving.port} cannot be used" if serving.port is not None else "No port can be used"
    raise DeliveryError(f"{named}: {reason}.", "Name another with --port, or leave it away to have a free one chosen.")


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program has it"
    if error.errno == errno.EACCES:
        return "the system keeps it for itself"
    return error.strerror or str(error)
