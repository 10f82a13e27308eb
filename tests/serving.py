"""What the tests of the catalogue, the podcast and the server share: small books, a running server, and plain requests."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import TOOLS
from PIL import Image

_CLIENTS = ("ajv", "ajv-formats", "opds-feed-parser", "r2-opds-js")


@dataclass(frozen=True)
class Answer:
    """Status, headers with small names, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Server:
    """A `packager serve` at work: what it said with --json, and where its remarks go."""

    told: dict[str, Any]
    process: subprocess.Popen[str]
    remarks: Path

    @property
    def base(self) -> str:
        return str(self.told["page"])

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.base)
        assert parts.hostname and parts.port
        return parts.hostname, parts.port

    def get(self, path: str = "", method: str = "GET", **headers: str) -> Answer:
        """Ask for a path below the base, or for one that begins with a slash as it is, or for a whole address."""
        if path.startswith("http"):
            target = path.removeprefix(f"http://{urlsplit(path).netloc}")
        else:
            target = path if path.startswith("/") else urlsplit(self.base).path + path
        connection = http.client.HTTPConnection(*self.place, timeout=30)
        try:
            connection.request(
                method, target, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def send(self, data: bytes, then_end: bool = True) -> bytes:
        """Send bytes, whatever they are, and give all that comes back; with `then_end` nothing more will follow."""
        with socket.create_connection(self.place, timeout=30) as line:
            answer = b""
            # It may be cut off while we still speak.
            with suppress(OSError):
                line.sendall(data)
                if then_end:
                    line.shutdown(socket.SHUT_WR)
            with suppress(OSError):
                while block := line.recv(65_536):
                    answer += block
            return answer


@contextmanager
def serving(folder: Path, *options: str, state: Path | None = None) -> Iterator[Server]:
    """Serve a folder in a process of its own, on loopback and any port unless the options say otherwise."""
    with tempfile.TemporaryDirectory() as own:
        remarks = Path(own) / "remarks"
        environment = os.environ | {"PACKAGER_STATE": str(state or Path(own) / "state"), "PYTHONIOENCODING": "utf-8"}
        port = () if "--port" in options else ("--port", "0")
        command = [sys.executable, "-m", "packager.cli.main", "serve", str(folder), "--json", *port, *options]
        with remarks.open("w") as file:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=file, encoding="utf-8")
        try:
            assert process.stdout
            text = ""
            while (line := process.stdout.readline()) and line != "}\n":
                text += line
            assert text, remarks.read_text()
            yield Server(json.loads(text + "}"), process, remarks)
        finally:
            process.terminate()
            process.wait(timeout=30)
            if process.stdout:
                process.stdout.close()


def make_book(folder: Path, slug: str, narrated: bool = True, **metadata: object) -> Path:
    """A small book as a build leaves it; gives its folder."""
    place = folder / slug
    place.mkdir(parents=True)
    (place / f"{slug}.epub").write_bytes(small_epub())
    if narrated:
        (place / f"{slug}.mp3").write_bytes(bytes(range(256)) * 40)
        (place / f"{slug}.vtt").write_text("WEBVTT\n")
    claims = {
        "access_modes": ["textual", "visual"],
        "sufficient": ["textual,visual", "textual"],
        "features": ["tableOfContents"],
        "hazards": ["none"],
        "summary": "The text reflows.",
        "not_read": "",
    }
    report = {
        "slug": slug,
        "metadata": {"title": f"Title of {slug}", "language": "en", "authors": ["A. Writer"]} | metadata,
        "accessibility": {"epub": claims},
        "narration": {"voices": ["voice"], "disclosure": "Synthetic.", "duration": 61.5} if narrated else None,
        "sentences": [{"id": "s1", "kind": "title", "text": "One", "mp3": 0.0 if narrated else None}],
    }
    (place / f"{slug}.json").write_text(json.dumps(report, indent=1))
    return place


def small_epub(cover: bytes | None = None) -> bytes:
    """An EPUB with nothing but a cover."""
    picture, data = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 80), "#345678").save(picture, "PNG")
    with zipfile.ZipFile(data, "w") as book:
        book.writestr("META-INF/container.xml", '<container><rootfile full-path="a/b.opf"/></container>')
        item = '<item href="cover.png" properties="cover-image"/>'
        book.writestr("a/b.opf", f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{item}</manifest></package>')
        book.writestr("a/cover.png", picture.getvalue() if cover is None else cover)
    return data.getvalue()


def needed(is_there: bool, reason: str) -> None:
    """Skips on a user's machine, and fails on the gate."""
    if not is_there and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if not is_there:
        pytest.skip(reason)


def need_clients() -> None:
    """The reading apps' own parsers."""
    are_there = all((TOOLS / "node_modules" / name).is_dir() for name in _CLIENTS)
    needed(are_there, f"{', '.join(_CLIENTS)} are missing: run npm install --ignore-scripts in tests/tools")


def need_gpo() -> str:
    """gPodder's command line."""
    program = shutil.which("gpo")
    needed(program is not None, "gpo is missing: install gpodder")
    return program or ""
