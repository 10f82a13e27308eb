"""Google's voices on this machine: a proxy on 127.0.0.1 that ends TLS itself and speaks as Google does.

gTTS's own client, unpatched, comes here when `HTTPS_PROXY` is `Google.proxy`: it checks no certificates.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from threading import Lock, Thread
from typing import Any, Self
from urllib.parse import parse_qs

import lameenc
import numpy as np

RATE = 24_000
_SECONDS_PER_CHARACTER = 0.05
_PATIENCE = 10
"""Seconds that a hanging answer lasts at most, should the client never leave."""


class Answer(Enum):
    """What the server does with a request."""

    GOOD = "speaks"
    TOO_MANY = 429
    FAILED = 500
    BUSY = 503
    REFUSED = 403
    DROPPED = "closes right behind CONNECT"
    CUT = "closes in the middle of the answer"
    NO_SOUND = "gives an empty list"
    PAGE = "gives an HTML page"
    NO_MP3 = "gives the base64 of something else"
    HANGING = "says nothing until the client leaves"


@dataclass(frozen=True)
class Request:
    """What was asked, and what came of it. Of a dropped connection only the host is known."""

    answer: Answer
    host: str
    text: str = ""
    language: str = ""
    slow: bool = False


class Google(ThreadingTCPServer):
    """Serves while its `with` lasts. `answers` are given one a request, the last for ever.

    `requests` is what was asked so far.
    """

    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = [Answer.GOOD]
        self.requests: list[Request] = []
        self.faults: list[BaseException] = []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self._lock = Lock()

    @property
    def proxy(self) -> str:
        """The value for `HTTPS_PROXY`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_answer(self) -> Answer:
        """The answer to the request that comes now."""
        with self._lock:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps what is wrong with this server itself; a client that leaves early is none of it."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.faults.append(error)

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection: CONNECT, TLS, one POST."""

    server: Google
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        self.answer = self.server.next_answer()
        self.host = self.path.rpartition(":")[0]
        self.send_response_only(200)
        self.end_headers()
        self.close_connection = self.answer is Answer.DROPPED
        if self.answer is Answer.DROPPED:
            self.server.requests.append(Request(self.answer, self.host))
            return
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        [[[_, parameters, *_]]] = json.loads(form["f.req"][0])
        text, language, slow, _ = json.loads(parameters)
        self.server.requests.append(Request(self.answer, self.host, text, language, bool(slow)))
        self.close_connection = True
        match self.answer:
            case Answer.HANGING:
                self.connection.settimeout(_PATIENCE)
                self.rfile.read(1)
            case Answer.GOOD:
                self._send(_spoken(mp3_of(text)))
            case Answer.CUT:
                self._send(_spoken(mp3_of(text)), share=0.5)
            case Answer.NO_MP3:
                self._send(_spoken(b"This is no sound at all. " * 40))
            case Answer.NO_SOUND:
                self._send(_answer([]))
            case Answer.PAGE:
                self._send(b"<!doctype html><title>Before you continue</title>")
            case other:
                self._send(b"<!doctype html><title>Sorry</title>", status=int(other.value))

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _send(self, body: bytes, status: int = 200, share: float = 1.0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: round(len(body) * share)])


def seconds_of(text: str) -> float:
    """How long the server speaks a text."""
    return _SECONDS_PER_CHARACTER * len(text)


def mp3_of(text: str) -> bytes:
    """A tone as long as the text would take, as Google's voices send it: MP3, 24 kHz, mono, 32 kb/s."""
    times = np.arange(round(seconds_of(text) * RATE)) / RATE
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_bit_rate(32)
    encoder.set_quality(7)
    encoder.silence()
    dying_away = np.clip((times[-1] - times) / 0.05, 0, 1) if len(times) else times
    tone = (np.sin(2 * np.pi * 220 * times) * dying_away * 8000).astype(np.int16)
    return bytes(encoder.encode(tone.tobytes()) + encoder.flush())


def make_certificate(folder: Path) -> Path:
    """A file with a key and a certificate for it that nobody but gTTS would trust. Needs `openssl`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-subj", "/CN=translate.google.com", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", "-x509", *kind, *files], check=True, capture_output=True)
    both = folder / "google.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both


def _spoken(sound: bytes) -> bytes:
    return _answer([b64encode(sound).decode()])


def _answer(content: list[str]) -> bytes:
    line = json.dumps([["wrb.fr", "jQ1olc", json.dumps(content), None, None, None, "generic"]], separators=(",", ":"))
    return f")]}}'\n\n{len(line)}\n{line}\n".encode()
