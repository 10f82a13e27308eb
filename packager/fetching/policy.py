"""What may be fetched, and how much of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.fetching.networks import look_up

Resolver = Callable[[str, int], Sequence[str]]
"""A host and a port → its numeric addresses; raises `OSError` when there are none."""


@dataclass(frozen=True)
class Policy:
    """`allow_private` lets addresses of this machine and its network through; `exceptions` only these of them (numeric).

    `seconds` bounds a page with all its redirects, or a picture; `pictures_seconds` all pictures of a page together;
    `connecting` one try to connect; `silence` the time between two pieces of an answer. `cache` is the folder of
    `packager.cache`; without it nothing is kept.
    """

    allow_private: bool = False
    exceptions: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolver = look_up
    cache: Path | None = None
    seconds: float = 30
    connecting: float = 8
    silence: float = 10
    redirects: int = 10
    page_bytes: int = 20_000_000
    picture_bytes: int = 30_000_000
    pictures: int = 200
    pictures_bytes: int = 150_000_000
    pictures_seconds: float = 90
