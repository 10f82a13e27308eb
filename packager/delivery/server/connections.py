"""Who is connected, and whom to let go: slow and silent clients never keep others out."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

Peer = tuple[str, int]

_REQUEST_SECONDS = 15.0
_TAKING_SECONDS = 120.0
_PER_ADDRESS = 48
_TOTAL = 480
_FILES_EACH = 3
_SWEEP_SECONDS = 1.0


@dataclass
class _Line:
    """A connection. `waiting` tells since when we wait for the client: for its request, or to take what we send."""

    peer: Peer
    transport: asyncio.Transport
    waiting: float | None = field(default_factory=time.monotonic)
    is_answered: bool = False


class Connections:
    """All connections of the server. Who is new is let in, in place of who keeps us waiting longest.

    A client has 15 seconds for its request and must take something of the answer every 120 seconds. No address keeps more
    than 48 connections that we wait for, so that one cannot take all.
    """

    def __init__(self) -> None:
        self._lines: dict[Peer, _Line] = {}
        self._total = min(_TOTAL, _open_files() // _FILES_EACH)
        self._is_sweeping = False

    def add(self, peer: Peer, transport: asyncio.Transport) -> None:
        """Let a new connection in; end it only when there is no room for more and all others are at work."""
        same = [line for line in self._lines.values() if line.peer[0] == peer[0]]
        if len(same) >= _PER_ADDRESS:
            self._end_slowest(same)
        if len(self._lines) >= self._total and not self._end_slowest(list(self._lines.values())):
            transport.abort()
            return
        self._lines[peer] = _Line(peer, transport)
        if not self._is_sweeping:
            self._is_sweeping = True
            asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)

    def remove(self, peer: Peer) -> None:
        """It has ended."""
        self._lines.pop(peer, None)

    def answer_begins(self, peer: Peer | None) -> None:
        """The request is there: now the client waits for us."""
        if peer and (line := self._lines.get(peer)):
            line.waiting, line.is_answered = None, True

    def answer_ends(self, peer: Peer | None) -> None:
        """The next request may come."""
        if peer and (line := self._lines.get(peer)):
            line.waiting, line.is_answered = time.monotonic(), False

    def client_is_full(self, peer: Peer) -> None:
        """The client does not take what we send."""
        if (line := self._lines.get(peer)) and line.waiting is None:
            line.waiting = time.monotonic()

    def client_takes(self, peer: Peer) -> None:
        """The client has taken it."""
        if line := self._lines.get(peer):
            line.waiting = None if line.is_answered else time.monotonic()

    def _sweep(self) -> None:
        now = time.monotonic()
        for line in list(self._lines.values()):
            is_taking = line.is_answered or line.transport.get_write_buffer_size() > 0
            limit = _TAKING_SECONDS if is_taking else _REQUEST_SECONDS
            if line.waiting is not None and now - line.waiting > limit:
                self._end(line)
        # Who was at work when others came, and kept us waiting afterwards.
        for address, count in Counter(peer[0] for peer in self._lines).items():
            for _ in range(count - _PER_ADDRESS):
                self._end_slowest([line for line in self._lines.values() if line.peer[0] == address])
        if self._lines:
            asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)
        else:
            self._is_sweeping = False

    def _end_slowest(self, lines: list[_Line]) -> bool:
        """End the one that keeps us waiting longest; False when none does."""
        waiting = [line for line in lines if line.waiting is not None]
        if waiting:
            self._end(min(waiting, key=lambda line: line.waiting or 0.0))
        return bool(waiting)

    def _end(self, line: _Line) -> None:
        self._lines.pop(line.peer, None)
        line.transport.abort()


def _open_files() -> int:
    """How many files and connections the system lets us have."""
    try:
        import resource
    except ImportError:
        return _TOTAL * _FILES_EACH
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft > 0 else _TOTAL * _FILES_EACH
