"""The site as one folder of static files, for any web server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from packager.delivery.shelf import Book, Shelf
from packager.delivery.web.addresses import checked, site_file, site_paths
from packager.delivery.web.record import SITE_RECORD
from packager.files import make_folder, refused, write_bytes_whole, write_whole


def write_site(books: Shelf | Iterable[Book], folder: Path) -> list[Path]:
    """Write the site as static files, each whole, the list of articles last; gives where all of them are.

    Of what an earlier call wrote there, what is no longer part of the site is removed; nothing else is. Large files that are
    there already are left as they are. Raises `SourceError` for a damaged book before anything is written, and `OutputError`
    when the folder does not take a file.
    """
    shelf = books if isinstance(books, Shelf) else Shelf(tuple(books))
    for book in shelf.books:
        checked(book)
    paths = list(site_paths(shelf))
    make_folder(folder)
    before = _written_before(folder)
    # Told before it is done: should this run be cut short, the next one knows what to clear away.
    _remember(folder, {*before, *paths})
    written = [folder / path for path in paths if _write(shelf, path, folder / path)]
    now = set(paths)
    for path in sorted(before - now):
        _remove(folder, path)
    _remember(folder, now)
    return written


def _write(shelf: Shelf, path: str, target: Path) -> bool:
    found = site_file(shelf, path)
    if found is None:
        return False
    make_folder(target.parent)
    content = found.content
    if isinstance(content, bytes):
        write_bytes_whole(target, content)
    elif not _is_same(content, target):
        _copy(content, target)
    return True


def _copy(source: Path, target: Path) -> None:
    def write(temporary: Path) -> None:
        # With its time, by which it is known again.
        shutil.copy2(source, temporary)

    write_whole(target, write)


def _is_same(source: Path, target: Path) -> bool:
    try:
        there, here = target.stat(), source.stat()
    except OSError:
        return False
    return there.st_size == here.st_size and there.st_mtime_ns == here.st_mtime_ns


def _written_before(folder: Path) -> set[str]:
    try:
        listed = json.loads((folder / SITE_RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return {path for path in listed if isinstance(path, str) and _is_below(path)} if isinstance(listed, list) else set()


def _is_below(path: str) -> bool:
    """Whether a path of the list stays in the folder, whoever may have written the list."""
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts


def _remember(folder: Path, paths: set[str]) -> None:
    write_bytes_whole(folder / SITE_RECORD, json.dumps(sorted(paths), ensure_ascii=False, indent=0).encode())


def _remove(folder: Path, path: str) -> None:
    target = folder / path
    # A link may lead out of the folder.
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        return
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise refused(target, error) from None
    for parent in target.relative_to(folder).parents[:-1]:
        # Not empty is as it should be.
        with suppress(OSError):
            (folder / parent).rmdir()
