"""Uvicorn's HTTP/1.1, watched over by `Connections`."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from packager.delivery.server.connections import Connections, Peer


def watched_protocol(connections: Connections) -> type[H11Protocol]:
    """A protocol for one server."""

    class Watched(H11Protocol):
        """Tells of everything that happens to a connection."""

        peer: Peer = ("", 0)

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            if not isinstance(transport, asyncio.Transport):
                raise TypeError("HTTP goes both ways")
            super().connection_made(transport)
            name = transport.get_extra_info("peername")
            # Somebody who has gone again already has no name.
            if not name:
                transport.abort()
                return
            self.peer = (name[0], name[1])
            connections.add(self.peer, transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.remove(self.peer)
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            connections.client_is_full(self.peer)
            super().pause_writing()

        def resume_writing(self) -> None:
            connections.client_takes(self.peer)
            super().resume_writing()

    return Watched
