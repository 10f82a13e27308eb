"""A web site on 127.0.0.1 that answers as no site should: whatever bytes a test wants, as slowly as it wants."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, Self

_PATIENCE = 20
"""Seconds that an answer lasts at most, should the client never leave."""


@dataclass(frozen=True)
class Request:
    """What was asked: the path with its query, the headers by their names in lower case, and on which connection."""

    path: str
    headers: dict[str, str]
    connection: int


Answer = bytes | Callable[[Request], bytes | Iterable[bytes]]
"""All that goes over the line, at once or in pieces. After an answer with a `Content-Length` the connection stays open."""


class HostileSite(ThreadingTCPServer):
    """Serves while its `with` lasts. `answers` are by path.

    `requests` is what was asked so far, `faults` what went wrong here.
    """

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[Request] = []
        self.faults: list[BaseException] = []
        self.connections = 0
        self.tls: ssl.SSLContext | None = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def address(self, path: str, host: str = "site.example") -> str:
        """The address of a path here, under any name for the host."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.faults.append(error)

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(StreamRequestHandler):
    server: HostileSite

    def setup(self) -> None:
        self.request.settimeout(_PATIENCE)
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        self.server.connections += 1
        self.number = self.server.connections

    def handle(self) -> None:
        while line := self.rfile.readline().decode("latin-1"):
            fields = iter(lambda: self.rfile.readline().decode("latin-1").rstrip("\r\n"), "")
            headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
            request = Request(line.split(" ")[1], headers, self.number)
            self.server.requests.append(request)
            if not self._answer(request):
                return

    def _answer(self, request: Request) -> bool:
        """Whether the client may ask again on this connection."""
        given = self.server.answers.get(request.path, NOT_THERE)
        pieces = given(request) if callable(given) else given
        if isinstance(pieces, bytes):
            self.wfile.write(pieces)
            return b"content-length" in pieces.partition(b"\r\n\r\n")[0].lower()
        end = time.monotonic() + _PATIENCE
        for piece in pieces:
            self.wfile.write(piece)
            if time.monotonic() > end:
                break
        return False


def answer(
    body: bytes = b"", kind: str | None = "text/html; charset=utf-8", status: str = "200 OK", **headers: str
) -> bytes:
    """A well-formed answer; `content_encoding` and the like are spelt as headers are."""
    fields = {"Content-Length": str(len(body))} | ({"Content-Type": kind} if kind else {})
    fields |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that sends its reader on."""
    return answer(status=status, location=location)


def endless(piece: bytes, pause: float = 0.0, head: bytes = b"") -> Callable[[Request], Iterator[bytes]]:
    """An answer that goes on and on."""

    def pieces(request: Request) -> Iterator[bytes]:
        yield head
        while True:
            yield piece
            time.sleep(pause)

    return pieces


def silent(head: bytes = b"") -> Callable[[Request], Iterator[bytes]]:
    """An answer that stops after `head`, and keeps the connection."""

    def pieces(request: Request) -> Iterator[bytes]:
        yield head
        time.sleep(_PATIENCE)

    return pieces


NOT_THERE = answer(b"Not here.", status="404 Not Found")


def make_certificate(folder: Path, host: str) -> Path:
    """A file with a key and a certificate for `host` that is its own authority. Needs `openssl`."""
    key, certificate = folder / f"{host}.key", folder / f"{host}.crt"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *files], check=True, capture_output=True)
    both = folder / f"{host}.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both
