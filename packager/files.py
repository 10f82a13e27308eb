"""Files that are always whole: written under a temporary name beside the target, then moved into place."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from packager.errors import OutputError

_numbers = itertools.count()
_REMEDIES = {
    errno.ENOSPC: "Free some space, or name another folder with --output.",
    errno.EDQUOT: "Free some space, or name another folder with --output.",
    errno.EROFS: "Name a folder that can be written with --output.",
    errno.EACCES: "Name a folder that you may write to with --output.",
    errno.EPERM: "Name a folder that you may write to with --output.",
    errno.ENAMETOOLONG: "Give a shorter name with --output.",
}


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file, then put it at `path` in one step. What was there stays until then.

    Raises `OutputError` with the reason and the way out when the disk does not take it.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_numbers)}.part")
    remove_orphans(path)
    try:
        write(temporary)
        temporary.replace(path)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one step."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(data)

    write_whole(path, write)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises `OutputError` when it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"“{path}” is a file, not a folder.", "Name another folder with --output.") from None
    except OSError as error:
        raise refused(path, error) from None


def is_folder(name: str) -> bool:
    """Whether there is such a folder; a name that no file can have is none, and no traceback."""
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def is_file(name: str) -> bool:
    """Whether there is such a file; see `is_folder`."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


@contextmanager
def folder_for_results(path: Path) -> Iterator[None]:
    """A folder that is there while results are written to it, and goes again when none came."""
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    make_folder(path)
    try:
        yield
    finally:
        # Not empty, or gone: both are as they should be.
        with suppress(OSError):
            for folder in new:
                folder.rmdir()


def refused(path: Path, error: OSError) -> OutputError:
    """The error that a user can act on, for what the system said about writing `path`."""
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "Check the folder, or name another with --output.")
    return OutputError(f"“{path}” cannot be written: {reason}.", remedy)


def remove_orphans(path: Path) -> None:
    """Take away what a process that was killed left of the same file."""
    # Not by glob: Python makes a regular expression of every new name, which takes longer than to write a small file.
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        # Whether it can be written to shows in a moment.
        return
    for name in names:
        if name.startswith(f".{path.name}.") and name.endswith(".part"):
            process = name.removesuffix(".part").rpartition(".")[2].partition("-")[0]
            if process.isdigit() and not _is_alive(int(process)):
                with suppress(OSError):
                    path.with_name(name).unlink()


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        # Elsewhere there is no harmless way to ask; the file is hidden and small trouble.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
