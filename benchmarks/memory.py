"""How much memory a long article needs beyond a short one: the peak of a whole `packager build`.

    python benchmarks/memory.py [--words 100000] [--short 1000] [--json]

The articles are the prose in content/, repeated, with a number in every sentence so that no two are the same
and nothing is found in the cache. 100,000 words take some minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from common import PACKAGER, ROOT, Surroundings, load

PROMISE = 300
"""Megabytes that a long article may need beyond a short one."""

_HEAD = "---\ntitle: A Long Article\nlanguage: en-GB\n---\n\n"
_SENTENCE_END = re.compile(r"(?<=[a-z][.!?])\s+")
_MEGABYTE = 1_000_000
_LOOK = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Built:
    """One build: how long the article was, and what it took."""

    words: int
    sentences: int
    peak_megabytes: float
    seconds: float


def article_of(words: int, content: Path) -> tuple[str, int]:
    """An article of about so many words, and how many sentences were numbered in it."""
    blocks: list[str] = []
    count, number = 0, 0
    for block in _endless_prose(content):
        if count >= words:
            break
        sentences = _SENTENCE_END.split(block) if not block.startswith("#") else [block]
        numbered = []
        for sentence in sentences:
            number += 1
            stop = sentence[-1] if sentence[-1] in ".!?" else ""
            numbered.append(f"{sentence.removesuffix(stop)} {number}{stop}")
        blocks.append(" ".join(numbered))
        count += len(blocks[-1].split())
    return _HEAD + "\n\n".join(blocks) + "\n", number


def _endless_prose(content: Path) -> Iterator[str]:
    """Headings and paragraphs of the articles, over and over; no tables, lists, notes or pictures."""
    texts = [path.read_text("utf-8").split("\n---\n", 1)[-1] for path in sorted(content.glob("*.md"))]
    prose = [
        re.sub(r"\[\^\w+\]|\{[^}]*\}", "", " ".join(block.split()))
        for text in texts
        for block in re.split(r"\n\s*\n", text)
        if re.match(r"[A-Z“]|#{2,3} ", block)
    ]
    if not prose:
        raise SystemExit(f"There is no prose in {content}.")
    while True:
        yield from prose


def build(words: int, content: Path, folder: Path) -> Built:
    """Build an article of so many words, with an empty cache, in a process of its own."""
    around = Surroundings(folder)
    text, sentences = article_of(words, content)
    article = folder / "article.md"
    article.write_text(text, "utf-8")
    command = [PACKAGER, "build", str(article), "-o", str(around.output), "-q"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=around.environment, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory_of(process.pid))
        time.sleep(_LOOK)
    if process.returncode:
        raise SystemExit(f"The build ended with {process.returncode}.")
    seconds = time.perf_counter() - begun
    return Built(len(text.split()), sentences, round(peak / _MEGABYTE, 1), round(seconds, 1))


def _memory_of(process: int) -> int:
    """Resident bytes of a process and of those that it started: the voice has one of its own."""
    try:
        whole = psutil.Process(process)
        return sum(one.memory_info().rss for one in (whole, *whole.children(recursive=True)))
    except psutil.Error:
        # One of them has ended between two looks.
        return 0


def main() -> None:
    """Build both, and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--words", type=int, default=100_000, help="length of the long article")
    parser.add_argument("--short", type=int, default=1_000, help="length of the short one")
    parser.add_argument("--content", type=Path, default=ROOT / "content", help="folder with the prose")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    before = load()
    built = []
    for words in (options.short, options.words):
        with TemporaryDirectory(prefix="packager-memory-") as name:
            built.append(build(words, options.content, Path(name)))
    more = built[1].peak_megabytes - built[0].peak_megabytes
    if options.json:
        result = {
            "builds": [asdict(one) for one in built],
            "more_megabytes": round(more, 1),
            "promised_megabytes": PROMISE,
            "kept": more <= PROMISE,
            "load_before": before,
            "load_after": load(),
        }
        print(json.dumps(result, indent=2))
        return
    for one in built:
        print(
            f"{one.words:8,} words, {one.sentences:6,} sentences: "
            f"{one.peak_megabytes:6.0f} MB at most, {one.seconds:6.1f} s"
        )
    print(f"{more:.0f} MB more; promised are at most {PROMISE}: {'kept' if more <= PROMISE else 'NOT KEPT'}")
    print(f"load: {before} before, {load()} after")


if __name__ == "__main__":
    main()
