"""How long it takes to put an article into spoken words, and whether twice the text takes twice the time.

    python benchmarks/spoken_forms.py [--language en] [--json]

The sentences are those of tests/fixtures/spoken of the language, which are dense with numbers, dates and abbreviations,
each with a number of its own, so that nothing is answered from memory. Processor time of one core is counted.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import count, cycle

from common import ROOT

from packager.speech.forms import spoken_form

WORDS = (20_000, 100_000)
PROMISE = 20.0
"""Seconds for the longer text."""


def sentences_of(language: str, words: int) -> list[str]:
    """So many words of written sentences."""
    file = ROOT / "tests" / "fixtures" / "spoken" / f"{language}.tsv"
    rows = [line.split("\t")[0] for line in file.read_text("utf-8").splitlines() if line and not line.startswith("# ")]
    sentences: list[str] = []
    total = 0
    for row, number in zip(cycle(rows), count(1)):
        if total >= words:
            return sentences
        sentences.append(f"{number} times: {row}")
        total += len(sentences[-1].split())
    return sentences


def seconds_for(sentences: list[str], language: str) -> float:
    """Processor time for all of them, the rules already compiled."""
    spoken_form("1 word.", language)
    begun = time.process_time()
    for sentence in sentences:
        spoken_form(sentence, language)
    return time.process_time() - begun


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", default="en")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    took = {words: seconds_for(sentences_of(options.language, words), options.language) for words in WORDS}
    short, long = WORDS
    growth = (took[long] / long) / (took[short] / short)
    if options.json:
        print(json.dumps({"seconds": took, "growth": growth, "promise": PROMISE}))
        return
    for words, seconds in took.items():
        print(f"{words:>7,} words: {seconds:.1f} s")
    print(f"A word of the long text takes {growth:.2f} times as long; promised: {PROMISE:.0f} s for {long:,} words.")


if __name__ == "__main__":
    main()
