"""What is made once is kept: files under the hash of all that shaped them, in a folder that every process can reach."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.errors import OutputError
from packager.files import make_folder, write_bytes_whole

KINDS = {"clips": ".flac", "segments": ".mp3frames", "narrations": ".done", "networks": ".onnx", "fetched": ".http"}
"""What is kept: spoken sentences, paragraphs of them as MP3 frames (with a .json beside each), a mark for each article that
was spoken whole, the network of a voice as it is loaded most quickly, pages and pictures."""


@dataclass(frozen=True)
class CacheUse:
    """How much of one kind is kept."""

    files: int
    size: int
    oldest: float | None


def default_folder() -> Path:
    """The user's cache folder, or the one named by `PACKAGER_CACHE`."""
    if named := os.environ.get("PACKAGER_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("packager")


def key_of(*parts: object) -> str:
    """The address of something that these parts, and nothing else, shape."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def place(folder: Path, kind: str, key: str) -> Path:
    """Where the file of this kind and key is or would be."""
    return folder / kind / key[:2] / f"{key}{KINDS[kind]}"


def keep(path: Path, data: bytes) -> None:
    """Put a file into the cache, whole."""
    try:
        make_folder(path.parent)
        write_bytes_whole(path, data)
    except OutputError as error:
        raise OutputError(error.message, "Free some space, or name another cache folder with PACKAGER_CACHE.") from None


def mark_used(path: Path) -> None:
    """Note that a file was of use, so that pruning by age leaves it."""
    try:
        os.utime(path)
    except OSError:
        # Another process may have pruned it this moment; who needs it makes it again.
        return


def usage(folder: Path) -> dict[str, CacheUse]:
    """What the cache holds, by kind."""
    found = {}
    for kind in KINDS:
        stats = [status for _, status in _files(folder / kind)]
        found[kind] = CacheUse(
            len(stats),
            sum(status.st_size for status in stats),
            min((status.st_mtime for status in stats), default=None),
        )
    return found


def prune(folder: Path, days: float | None = None, size: int | None = None) -> CacheUse:
    """Remove what was not used for `days`, then the longest unused until at most `size` bytes are left.

    With neither, remove everything. Says what was removed.
    """
    files = sorted(
        ((path, status) for kind in KINDS for path, status in _files(folder / kind)),
        key=lambda pair: pair[1].st_mtime,
    )
    total = sum(status.st_size for _, status in files)
    before = time.time() - days * 86_400 if days is not None else None
    removed, freed = 0, 0
    for path, status in files:
        too_old = before is not None and status.st_mtime < before
        too_much = size is not None and total - freed > size
        if too_old or too_much or (days is None and size is None):
            path.unlink(missing_ok=True)
            removed, freed = removed + 1, freed + status.st_size
    return CacheUse(removed, freed, None)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            if path.is_file():
                yield path, path.stat()
        except OSError:
            continue
