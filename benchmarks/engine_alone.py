"""What the engine alone needs: load hibari and speak a list of sentences; nothing is joined, encoded or kept.

    python benchmarks/engine_alone.py SENTENCES.json

hibari as its makers ship it, with SciPy where that is installed, on as many threads. Packager itself loads it with quicker
parts in the place of a few of its own (packager/narrators/hibari_process.py).
"""

from __future__ import annotations

import argparse
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from hibari import Hibari


def main() -> None:
    """Speak them all, the longest first, so that no thread is left alone with a long one at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sentences", type=Path, help="a JSON list of texts")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    sentences: list[str] = json.loads(options.sentences.read_text("utf-8"))
    engine = Hibari(threads=1)
    engine.g2p("ready")
    one_at_a_time = threading.Lock()

    def speak(text: str) -> int:
        with one_at_a_time:
            phonemes = engine.phonemize(text)
        parts = [engine.from_ids(engine.ids(part), 1.0, np.random.default_rng(0)) for part in phonemes]
        return sum(map(len, parts))

    with ThreadPoolExecutor(options.threads) as pool:
        samples = sum(pool.map(speak, sorted(sentences, key=len, reverse=True)))
    print(f"{len(sentences)} sentences, {samples / Hibari.sample_rate:.0f} s of speech")


if __name__ == "__main__":
    main()
