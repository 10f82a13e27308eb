"""What the benchmarks share: surroundings that touch nothing of the user's, and the clock."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PACKAGER = str(Path(sysconfig.get_path("scripts")) / "packager")


@dataclass(frozen=True)
class Surroundings:
    """A temporary folder in which everything happens: cache, results, settings, compiled modules."""

    folder: Path

    @property
    def cache(self) -> Path:
        """Where packager keeps its clips."""
        return self.folder / "cache"

    @property
    def output(self) -> Path:
        """Where results go."""
        return self.folder / "out"

    @property
    def environment(self) -> dict[str, str]:
        """The environment without the user's settings.

        Compiled modules are kept, as in any installed package, but not among the sources.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PACKAGER_") and name != "PYTHONDONTWRITEBYTECODE"
        }
        return kept | {
            "PACKAGER_CACHE": str(self.cache),
            "PACKAGER_CONFIG": os.devnull,
            "PYTHONPYCACHEPREFIX": str(self.folder / "compiled"),
        }

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; raises what it says of a failure."""
        done = subprocess.run(command, env=self.environment, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done

    def output_of(self, command: Sequence[str]) -> str:
        """What a command writes to standard output."""
        return self.run(command).stdout

    def seconds(self, command: Sequence[str]) -> float:
        """How long a whole process takes, from start to end."""
        begun = time.perf_counter()
        self.run(command)
        return time.perf_counter() - begun


def interleaved(measures: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Take each measure `runs` times, every other round backwards, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in measures}
    for measure in measures.values():
        measure()
    for number in range(runs):
        names = list(measures) if number % 2 == 0 else list(measures)[::-1]
        for name in names:
            times[name].append(measures[name]())
    return times


@dataclass(frozen=True)
class Row:
    """One line of the table: times in seconds, and the promise that they are held against, if any.

    `limit` is how many times as long as `reference` (the times it is compared with) it may take.
    """

    name: str
    times: Sequence[float]
    reference: Sequence[float] = ()
    reference_name: str = ""
    limit: float | None = None
    longest: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as long as the reference, median to median."""
        return median(self.times) / median(self.reference) if self.reference else None

    @property
    def least_ratio(self) -> float | None:
        """The same of the shortest times, which a busy machine disturbs less."""
        return min(self.times) / min(self.reference) if self.reference else None

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        if self.limit is None and self.longest is None:
            return None
        by_ratio = self.limit is None or (self.ratio is not None and self.ratio <= self.limit)
        return by_ratio and (self.longest is None or median(self.times) <= self.longest)

    def as_json(self) -> dict[str, object]:
        """The row as plain values."""
        return {
            "name": self.name,
            "median": round(median(self.times), 4),
            "minimum": round(min(self.times), 4),
            "runs": len(self.times),
            "compared_with": self.reference_name or None,
            "ratio": self.ratio and round(self.ratio, 3),
            "ratio_of_minimums": self.least_ratio and round(self.least_ratio, 3),
            "promised_ratio": self.limit,
            "promised_seconds": self.longest,
            "kept": self.kept,
        }


def table(rows: Sequence[Row]) -> str:
    """The rows for people to read."""
    lines = [f"{'':34} {'median':>9} {'minimum':>9}  {'ratio':>5} {'(min)':>6}  promise"]
    for row in rows:
        ratios = f"{row.ratio or 0:5.2f} {f'({row.least_ratio:.2f})':>6}" if row.reference else " " * 12
        promise = [f"at most {row.limit} of {row.reference_name}"] if row.limit is not None else []
        promise += [f"under {row.longest * 1000:.0f} ms"] if row.longest is not None else []
        kept = {True: ": kept", False: ": NOT KEPT", None: ""}[row.kept]
        times = f"{median(row.times) * 1000:6.0f} ms {min(row.times) * 1000:6.0f} ms"
        lines.append(f"{row.name:34} {times}  {ratios}  {', '.join(promise)}{kept}".rstrip())
    return "\n".join(lines)


def cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else float("nan")
