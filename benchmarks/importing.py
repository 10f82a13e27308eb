"""How much of the articles in web pages is found: Packager's reader beside the libraries, against texts made by people.

    python benchmarks/importing.py FOLDER [--only packager,trafilatura,readability] [--worst N]

FOLDER holds a manifest.json: `{"items": [{"id", "file", "url", "gold"}]}` with `gold` either `{"file"}`, the article as
.txt or .html, or `{"with", "without"}`, words that must and must not be found. Other items are passed over. The text is
compared by the 4-word shingles that Scrapinghub's article-extraction-benchmark uses, each page weighing the same; the
structure by the elements of the gold's HTML that are found with the same text, picture address or language.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from common import load
from lxml import etree, html

from packager.errors import PackagerError
from packager.readers.html import read_html_page
from packager.readers.sanitise import clean_body
from packager.xhtml import serialise

_SHINGLE = 4
_KINDS = {
    "headings": "h1 h2 h3 h4 h5 h6",
    "items": "li",
    "quotes": "blockquote",
    "cells": "td th",
    "captions": "figcaption",
    "pictures": "img",
    "code": "pre",
    "sub/sup": "sub sup",
}
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span".split()
)
_INLINE_TOO = frozenset("strike strong sub sup time tt u var wbr img math".split())


@dataclass
class Score:
    """What one engine reached: precision and recall a page, words that must (not) be found, elements by kind."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    segments: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    pages: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0

    def f1(self) -> float:
        """The harmonic mean of mean precision and mean recall."""
        precision, recall = mean(self.precision), mean(self.recall)
        return 2 * precision * recall / (precision + recall)


def packager(data: bytes, address: str | None) -> str:
    """The article's HTML as Packager's reader gives it."""
    return read_html_page(data, address=address).markup


def trafilatura(data: bytes, address: str | None) -> str:
    """The article's HTML as trafilatura gives it with everything that it can keep."""
    from trafilatura import extract

    settings = {"include_comments": False, "include_formatting": True, "include_links": True, "include_images": True}
    return extract(data, url=address, output_format="html", **settings) or ""


def trafilatura_text(data: bytes, address: str | None) -> str:
    """The text that trafilatura's own command gives."""
    from html import escape

    from trafilatura import extract

    return "".join(f"<p>{escape(line)}</p>" for line in (extract(data, include_comments=False) or "").split("\n"))


def readability(data: bytes, address: str | None) -> str:
    """The article's HTML as readability-lxml gives it."""
    from readability import Document

    return str(Document(data.decode("utf-8", "replace"), url=address).summary())


_ENGINES: Mapping[str, Callable[[bytes, str | None], str]] = {
    "packager": packager,
    "trafilatura": trafilatura,
    "trafilatura-text": trafilatura_text,
    "readability": readability,
}


def measure(folder: Path, engine: str) -> Score:
    """Run one engine over all pages of a folder."""
    score = Score()
    for item in json.loads((folder / "manifest.json").read_text("utf-8"))["items"]:
        gold = item.get("gold") or {}
        path = folder / item["file"]
        if path.suffix not in (".html", ".htm") or not ({"file", "with"} & set(gold)):
            continue
        begin = time.process_time()
        try:
            markup = _ENGINES[engine](path.read_bytes(), item.get("url"))
        except PackagerError as error:
            score.refused.append(f"{item['id']}: {error.message}")
            markup = ""
        score.seconds += time.process_time() - begin
        if engine == "packager":
            markup = serialise(clean_body(markup))
        _compare(score, item["id"], markup, gold, folder)
    return score


def _compare(score: Score, name: str, markup: str, gold: Mapping[str, object], folder: Path) -> None:
    found = _tree(markup)
    if "with" in gold:
        text = " ".join(_text(found).split())
        for verdict, words in (("with", gold["with"]), ("without", gold["without"])):
            for segment in words if isinstance(words, list) else []:
                score.segments[verdict, " ".join(segment.split()) in text] += 1
        score.pages.append((0.0, name))
        return
    source = (folder / str(gold["file"])).read_text("utf-8")
    wanted = _tree(source) if str(gold["file"]).endswith(".html") else None
    ours, theirs = _shingles(_text(found)), _shingles(source if wanted is None else _text(wanted))
    same = sum((ours & theirs).values())
    precision, recall = same / max(1, ours.total()), same / max(1, theirs.total())
    if ours:
        score.precision.append(precision)
    score.recall.append(recall)
    score.pages.append((2 * precision * recall / max(1e-9, precision + recall), name))
    if wanted is not None:
        for kind, names in _KINDS.items():
            want, have = _elements(wanted, names), _elements(found, names)
            score.wanted[kind] += want.total()
            score.kept[kind] += (want & have).total()


def _tree(markup: str) -> etree._Element:
    return (
        html.fragment_fromstring(f"<div>{markup}</div>")
        if "<body" not in markup[:300]
        else html.document_fromstring(markup)
    )


def _text(tree: etree._Element) -> str:
    """All text, blocks kept apart."""
    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        inline = element.tag in _INLINE or element.tag in _INLINE_TOO
        parts += ["" if inline else " ", (element.text if event == "start" else element.tail) or ""]
    return "".join(parts)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(
        tuple(words[place : place + _SHINGLE]) for place in range(max(1, len(words) - _SHINGLE + 1)) if words
    )


def _elements(tree: etree._Element, names: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for element in tree.iter(*names.split()):
        if element.tag == "img":
            # The same picture in another size is the same picture.
            said = re.sub(r"^\d+px-|-\d+x\d+(?=\.)", "", element.get("src", "").split("?")[0].rpartition("/")[2])
        else:
            said = re.sub(r"\W+", "", "".join(element.itertext()))
        if said:
            found[said] += 1
    return found


def main() -> None:
    """Measure the engines that are named and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(_ENGINES))
    parser.add_argument("--worst", type=int, default=0, help="name so many pages with the lowest F1")
    wishes = parser.parse_args()
    print(f"load {load()}\n\n| engine | F1 | P | R | " + " | ".join(_KINDS) + " | pages/s | refused |")
    print("|---|" + "---|" * (len(_KINDS) + 5))
    for engine in wishes.only.split(","):
        score = measure(wishes.folder, engine)
        hits, misses = score.segments["with", True], score.segments["with", False]
        wrong = score.segments["without", True]
        if score.precision:
            cells = [f"{score.f1():.3f}", f"{mean(score.precision):.3f}", f"{mean(score.recall):.3f}"]
        else:
            cells = [
                f"{2 * hits / (2 * hits + misses + wrong):.3f}",
                f"{hits / (hits + wrong):.3f}",
                f"{hits / (hits + misses):.3f}",
            ]
        cells += [f"{score.kept[kind]}/{score.wanted[kind]}" if score.wanted[kind] else "–" for kind in _KINDS]
        print(
            f"| {engine} | "
            + " | ".join(cells)
            + f" | {len(score.pages) / score.seconds:.0f} | {len(score.refused)} |",
            flush=True,
        )
        if score.precision and hits + misses:
            print(f"| {engine}, words that must (not) be found | {2 * hits / (2 * hits + misses + wrong):.3f} |")
        for value, name in sorted(score.pages)[: wishes.worst]:
            print(f"  {value:.3f} {name}")
        for refusal in score.refused if wishes.worst else []:
            print(f"  refused: {refusal}")


if __name__ == "__main__":
    main()
