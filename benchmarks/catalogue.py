"""How quick `packager serve` is with very many books, and while somebody downloads as fast as he can.

    python benchmarks/catalogue.py [--books 10000] [--runs 20] [--downloads 1] [--json]

Promised: with 10,000 books the server starts in under 2 s and gives its first page in under 100 ms; a client that downloads
at full speed leaves 95 of 100 pages under 100 ms.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from common import PACKAGER, Row, Surroundings, load, table
from PIL import Image

_LANGUAGES = ("en", "de", "fr", "es", "ar")
_LARGE = 400_000_000
_PAGES_WHILE_DOWNLOADING = 200


@dataclass
class Server:
    """A server at work, and how long it took to start."""

    address: str
    seconds: float

    def get(self, path: str) -> float:
        """Seconds that one page takes on a connection of its own."""
        parts = urlsplit(self.address)
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        connection.request("GET", parts.path + path)
        answer = connection.getresponse()
        answer.read()
        seconds = time.perf_counter() - begun
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} was answered with {answer.status}")
        return seconds

    def download(self, path: str, end: threading.Event) -> int:
        """Take a file again and again until it is enough; gives the bytes."""
        taken = 0
        while not end.is_set():
            connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
            connection.request("GET", path)
            answer = connection.getresponse()
            while not end.is_set() and (block := answer.read(1 << 20)):
                taken += len(block)
            connection.close()
        return taken


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        surroundings = Surroundings(Path(name))
        shelf = surroundings.folder / "build"
        _fill(shelf, arguments.books)
        rows, further = _measure(surroundings, shelf, arguments)
    if arguments.json:
        print(json.dumps({"load": load(), **further, "rows": [row.as_json() for row in rows]}, indent=2))
    else:
        print(table(rows))
        print(", ".join(f"{name}: {value}" for name, value in further.items()))


def _measure(
    surroundings: Surroundings, shelf: Path, arguments: argparse.Namespace
) -> tuple[list[Row], dict[str, Any]]:
    starts: list[float] = []
    firsts: dict[str, list[float]] = {"/opds": [], "/-/opds1/books": [], "/-/opds2/books": []}
    for _ in range(3):
        for path, times in firsts.items():
            with _served(surroundings, shelf) as server:
                starts.append(server.seconds)
                times.append(server.get(path))
    rows = [Row("start", starts, longest=2.0)]
    rows += [Row(f"first page {path}", times, longest=0.1) for path, times in firsts.items()]
    with _served(surroundings, shelf) as server:
        for path in ("/-/opds1/books?page=100", "/-/opds1/books?query=number+77", "/-/opds2/books?language=de"):
            rows.append(Row(path, [server.get(path) for _ in range(arguments.runs)], longest=0.1))
        rows.append(Row("/feed.xml", [server.get("/feed.xml") for _ in range(3)]))
        quiet = [server.get("/-/opds1/books") for _ in range(_PAGES_WHILE_DOWNLOADING)]
        end = threading.Event()
        taken: list[int] = []
        path = "/-/files/book-00000/book-00000.mp3"
        threads = [
            threading.Thread(target=lambda: taken.append(server.download(path, end)))
            for _ in range(arguments.downloads)
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        busy = [server.get("/-/opds1/books") for _ in range(_PAGES_WHILE_DOWNLOADING)]
        end.set()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
    rows += [
        Row("a page, nobody downloads", quiet),
        Row("a page, somebody downloads", busy),
        Row("  of 100 pages the 95th", [quantiles(busy, n=20)[18]], longest=0.1),
    ]
    return rows, {
        "books": arguments.books,
        "downloaded MB/s": round(sum(taken) / seconds / 1e6),
        "whole lists without paging, s": round(_unpaged(surroundings, shelf), 2),
    }


def _unpaged(surroundings: Surroundings, shelf: Path) -> float:
    with _served(surroundings, shelf, "--no-paging") as server:
        return median([server.get("/-/opds1/books") for _ in range(3)])


@contextmanager
def _served(surroundings: Surroundings, shelf: Path, *options: str) -> Iterator[Server]:
    command = [PACKAGER, "serve", str(shelf), "--port", "0", "--json", *options]
    environment = surroundings.environment | {"PACKAGER_STATE": str(surroundings.folder / "state")}
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert process.stdout
        text = ""
        while (line := process.stdout.readline()) and line != "}\n":
            text += line
        seconds = time.perf_counter() - begun
        yield Server(json.loads(text + "}")["page"].rstrip("/"), seconds)
    finally:
        process.terminate()
        process.wait()


def _fill(shelf: Path, count: int) -> None:
    """Tiny books; the first has a recording that takes a while to download."""
    epub = _epub()
    for number in range(count):
        slug = f"book-{number:05}"
        folder = shelf / slug
        folder.mkdir(parents=True)
        (folder / f"{slug}.epub").write_bytes(epub)
        (folder / f"{slug}.mp3").write_bytes(bytes(500))
        (folder / f"{slug}.vtt").write_text("WEBVTT\n")
        (folder / f"{slug}.json").write_text(json.dumps(_report(slug, number), indent=1))
    with (shelf / "book-00000" / "book-00000.mp3").open("r+b") as file:
        file.truncate(_LARGE)


def _report(slug: str, number: int) -> dict[str, object]:
    """As a build writes it, in length too."""
    sentence = {"id": "s0001", "page": "article", "kind": "sentence", "text": "word " * 20, "spoken": "word " * 20}
    return {
        "slug": slug,
        "metadata": {
            "title": f"Article number {number} on the weather",
            "language": _LANGUAGES[number % len(_LANGUAGES)],
            "authors": [f"Author {number % 300}"],
            "date": f"20{number % 25:02}-{number % 12 + 1:02}-01",
            "subjects": ["weather", f"subject {number % 40}"],
            "description": "What the weather was like, and what was said about it. " * 4,
        },
        "narration": {
            "voices": ["voice"],
            "disclosure": "The voice in this edition is synthetic.",
            "duration": 500.0 + number,
            "accessibility": {
                "access_modes": ["textual"],
                "sufficient": ["textual", "auditory"],
                "features": ["tableOfContents", "readingOrder", "structuralNavigation", "synchronizedAudioText"],
                "hazards": ["noFlashingHazard", "noMotionSimulationHazard", "noSoundHazard"],
                "summary": "The text reflows and follows your own settings. A synthetic voice reads it aloud.",
                "not_read": "",
            },
        },
        "sentences": [sentence | {"mp3": float(second)} for second in range(50)],
    }


def _epub() -> bytes:
    picture, data = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (600, 800), "#345678").save(picture, "JPEG")
    with zipfile.ZipFile(data, "w") as book:
        book.writestr("META-INF/container.xml", '<container><rootfile full-path="a.opf"/></container>')
        item = '<item href="cover.jpg" properties="cover-image"/>'
        book.writestr("a.opf", f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{item}</manifest></package>')
        book.writestr("cover.jpg", picture.getvalue())
    return data.getvalue()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--downloads", type=int, default=1, help="clients that download at once")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
