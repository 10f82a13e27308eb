"""How the program speaks: results on standard output, progress on standard error, nothing that a screen reader stumbles on."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[float], None]

_SPARSE_STEP = 0.25
_QUICK = 1.0
"""Seconds within which nobody needs to be told how far it is."""


_printed: list[object] = []


def print_json(value: object) -> None:
    """One object on standard output."""
    _printed.append(value)
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_json_error(message: str, remedy: str, code: int) -> None:
    """The object of a command that failed before it could print its own."""
    if not _printed:
        print_json({"error": message, "remedy": remedy, "exit_code": int(code)})


def remark(text: str, quiet: bool = False) -> None:
    """A line of progress on standard error."""
    if not quiet:
        click.echo(text, err=True)


def duration(seconds: float) -> str:
    """ "8 min 12 s": short to see, and right when it is read aloud."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes or hours else []
    return " ".join([*parts, f"{rest} s"])


def size(count: int) -> str:
    """ "3.4 MB"."""
    if count >= 1_000_000_000:
        return f"{count / 1_000_000_000:.1f} GB"
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} kB"


def is_plain() -> bool:
    """Whether to write sparse lines instead of a moving bar."""
    return bool(os.environ.get("ACCESSIBLE")) or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()


@contextmanager
def progress_of(label: str, quiet: bool) -> Iterator[Progress]:
    """Gives a function that takes the share done (0 to 1), and shows it with the time left."""
    if quiet:
        yield lambda share: None
    elif is_plain():
        yield _sparse(label)
    else:
        bar: click._termui_impl.ProgressBar[int]
        with click.progressbar(length=1000, label=label, file=sys.stderr, show_eta=True) as bar:
            yield lambda share: bar.update(max(round(share * 1000) - bar.pos, 0))


def _sparse(label: str) -> Progress:
    begun = time.monotonic()
    next_step = 0.0

    def tell(share: float) -> None:
        nonlocal next_step
        elapsed = time.monotonic() - begun
        if share < next_step or share >= 1 or elapsed < _QUICK:
            return
        next_step = (share // _SPARSE_STEP + 1) * _SPARSE_STEP
        left = elapsed / share - elapsed
        remark(f"{label}: {share:.0%}, {f'about {duration(left)}' if round(left) else 'a moment'} left")

    return tell
