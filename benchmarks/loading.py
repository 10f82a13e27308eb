"""How long `packager load` takes to put books on a volume, beside `cp` and `sync` of the same bytes.

    python benchmarks/loading.py [--books 20] [--megabytes 8] [--rate 20] [--folder FOLDER] [--runs 5] [--json]

Without --folder the volume is exFAT on a loop device, by way of FUSE (needs root, losetup, mkfs.exfat, mount.exfat-fuse),
which takes no more than --rate megabytes a second, as a USB stick does; 0 is as many as this computer's memory takes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from common import PACKAGER, ROOT, Row, Surroundings, interleaved, load, table

sys.path.insert(0, str(ROOT / "tests"))

from volumes import build_book, volumes_below

THROTTLE = Path("/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device")
SLOWDOWN = round(1 / 0.9, 2)
"""How many times as long as `cp` and `sync` it may take on a device; memory gives what is read back no quicker than that."""


def main() -> None:
    """Measure, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=8, help="of each book")
    parser.add_argument("--rate", type=int, default=20, help="megabytes a second that the volume takes")
    parser.add_argument("--folder", type=Path, help="a folder on a device, to be written to")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    before = load()
    with TemporaryDirectory(prefix="packager-benchmark-") as folder:
        around = Surroundings(Path(folder))
        for number in range(chosen.books):
            build_book(around.output, f"b{number}", f"Book {number}", (), ("epub",), chosen.megabytes * 2**20)
        with volume(chosen.folder, Path(folder), 2 * chosen.books * chosen.megabytes + 64, chosen.rate) as target:
            rows = measure(around, target, chosen.runs, SLOWDOWN if chosen.rate or chosen.folder else None)
    facts = {"megabytes": chosen.books * chosen.megabytes, "files": chosen.books, "load_before": before}
    if chosen.json:
        print(json.dumps({"rows": [row.as_json() for row in rows], **facts}, indent=2))
    else:
        print(table(rows))
        print(", ".join(f"{name}: {value}" for name, value in facts.items()))


@contextmanager
def volume(named: Path | None, folder: Path, megabytes: int, rate: int) -> Iterator[Path]:
    """Where to write: what the user named, or a volume of our own."""
    if named:
        yield named
        return
    with volumes_below(folder) as make:
        made = make(megabytes=megabytes)
        if not rate:
            yield made.mount
            return
        number = Path(made.loop).stat().st_rdev
        name = f"{os.major(number)}:{os.minor(number)}"
        try:
            THROTTLE.write_text(f"{name} {rate * 1_000_000}")
        except OSError as error:
            raise SystemExit(f"This system slows no device down ({error}): use --rate 0 or --folder.") from None
        try:
            yield made.mount
        finally:
            THROTTLE.write_text(f"{name} 0")


def measure(around: Surroundings, target: Path, runs: int, limit: float | None) -> list[Row]:
    """The whole command, its start subtracted from neither."""
    sources = sorted(str(path) for path in around.output.glob("*/*.epub"))
    place = target / "copied"

    def ours() -> float:
        seconds = around.seconds(
            [PACKAGER, "load", "-q", "--to", str(target), "--as", "generic", "-o", str(around.output)]
        )
        around.run([PACKAGER, "unload", "-q", "--from", str(target)])
        return seconds

    def copied() -> float:
        place.mkdir()
        begun = time.perf_counter()
        subprocess.run(["cp", *sources, str(place)], check=True)
        subprocess.run(["sync", *(str(path) for path in place.iterdir()), str(place)], check=True)
        seconds = time.perf_counter() - begun
        shutil.rmtree(place)
        return seconds

    times = interleaved({"ours": ours, "cp": copied}, runs)
    os.sync()
    return [
        Row("cp, sync", times["cp"]),
        Row("packager load", times["ours"], times["cp"], "cp, sync", limit=limit),
    ]


if __name__ == "__main__":
    main()
