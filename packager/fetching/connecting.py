"""Connections that go only where they may, and end when their time is up.

httpcore is the library, because it lets its user make the connections: a host is looked up once, all its addresses are
checked, and the connection is made to one of exactly these. So a name that leads elsewhere when it is asked again gains
nothing, while the certificate is still held against the host's name. Proxies of the environment are not used: behind one
nobody can see which address is reached.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, Queue
from ssl import SSLContext
from threading import Thread
from typing import Any

import httpcore

from packager.fetching.failures import CHECK, PRIVATE, FetchError
from packager.fetching.networks import is_public
from packager.fetching.policy import Policy

_MAX_TRIED = 4
"""Addresses of one host that are tried."""


class DeadlineError(Exception):
    """The time for the whole is up."""


class Deadline:
    """When something must be done: in so many seconds, and not later than what it is a part of."""

    def __init__(self, seconds: float, whole: Deadline | None = None) -> None:
        self._until = time.monotonic() + seconds
        self._whole = whole

    def left(self) -> float:
        """The seconds that are left; raises `DeadlineError` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise DeadlineError
        return min(left, self._whole.left()) if self._whole else left

    def stop(self) -> None:
        """Let no more time be left, here and in every part."""
        self._until = 0


class GuardedNetwork(httpcore.NetworkBackend):
    """The network as `policy` shows it. `deadline` holds for every connection made here, also while it is kept open."""

    def __init__(self, policy: Policy) -> None:
        self.deadline = Deadline(policy.seconds)
        self._policy = policy
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one of the addresses that `host` has now, all of which must be allowed."""
        addresses = self._looked_up(host, port)
        for address in addresses:
            if not self._may_reach(address, port):
                raise FetchError(f"lies at {address}, which is no address on the public internet", PRIVATE, True)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses[:_MAX_TRIED]:
            seconds = min(self._policy.connecting, self.deadline.left())
            try:
                return _TimedStream(self._network.connect_tcp(address, port, seconds), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """No web page comes that way."""
        raise httpcore.ConnectError(path)

    def _may_reach(self, address: str, port: int) -> bool:
        return self._policy.allow_private or (address, port) in self._policy.exceptions or is_public(address)

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """Ask in a thread, for the system's resolver cannot be told to hurry. A number is its own address."""
        with suppress(ValueError):
            return (str(ip_address(host)),)
        answers: Queue[Sequence[str] | OSError] = Queue()

        def ask() -> None:
            try:
                answers.put(self._policy.resolve(host, port))
            except OSError as error:
                answers.put(error)

        Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=self.deadline.left())
        except Empty:
            raise DeadlineError from None
        if isinstance(found, OSError) or not found:
            raise FetchError(f"is on the host “{host}”, which cannot be found", f"{CHECK} Are you online?", True)
        return found


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every step ends with the deadline, however little comes at a time."""

    def __init__(self, stream: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        seconds = self._seconds(timeout)
        try:
            return self._stream.read(max_bytes, seconds)
        except httpcore.ReadTimeout:
            self._network.deadline.left()
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._seconds(timeout))

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._seconds(timeout))
        return _TimedStream(stream, self._network)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _seconds(self, timeout: float | None) -> float:
        left = self._network.deadline.left()
        return left if timeout is None else min(left, timeout)
