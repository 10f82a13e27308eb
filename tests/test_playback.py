"""A reading system that is not ours plays the books: foliate-js in Chromium, sampled ten times a second."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import TOOLS, Tool

ARTICLE = "is-k-briefing"
COVER_PAGE, ARTICLE_PAGE = 0, 1
"""Places in the spine."""

LEAST_RIGHT = 0.98


def play(books: Path, tool: Tool, document: int, seconds: int, speed: int) -> dict[str, Any]:
    book = books / ARTICLE / f"{ARTICLE}.narrated.epub"
    options = {"document": document, "seconds": seconds, "speed": speed}
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = [tool("browser tools"), str(TOOLS / "play_overlay.mjs"), str(book), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=150)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def sentence_ids(books: Path, first_page: str) -> list[str]:
    rows = json.loads((books / ARTICLE / f"{ARTICLE}.json").read_text("utf-8"))["sentences"]
    first = next(index for index, row in enumerate(rows) if row["page"] == first_page)
    return [row["id"] for row in rows[first:]]


@pytest.mark.parametrize(("speed", "seconds"), [(1, 20), (4, 12)])
def test_highlight_follows_the_voice(books: Path, tool: Tool, speed: int, seconds: int) -> None:
    report = play(books, tool, ARTICLE_PAGE, seconds, speed)
    assert report["samples"] > 5 * seconds
    assert report["right_within_250ms"] >= LEAST_RIGHT * report["samples"], report["late"]
    assert report["none"] <= 1
    assert report["duration_played"] >= 0.8 * seconds * speed
    assert len(report["ids_seen"]) >= 5
    assert report["ids_seen"] == sentence_ids(books, "article")[: len(report["ids_seen"])]


def test_voice_goes_on_from_the_cover_to_the_article(books: Path, tool: Tool) -> None:
    report = play(books, tool, COVER_PAGE, 8, 3)
    # foliate-js 1.0.1 highlights nothing in the first document of a book: it sets an index where it means to compare it.
    of_the_cover = [late for late in report["late"] if late["document"] == COVER_PAGE]
    assert of_the_cover
    assert {late["seen"] for late in of_the_cover} == {None}
    assert report["none"] <= len(of_the_cover) + 1
    assert report["right_within_250ms"] >= LEAST_RIGHT * (report["samples"] - len(of_the_cover)), report["late"]
    assert len(report["ids_seen"]) >= 3
    assert report["ids_seen"] == sentence_ids(books, "article")[: len(report["ids_seen"])]
