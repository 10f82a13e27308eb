"""Files that are always whole: written under a temporary name beside the target, then moved into place."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from packager.errors import OutputError

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
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    except OSError as error:
        raise refused(path, error) from None
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o666 & ~_umask())
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


def refused(path: Path, error: OSError) -> OutputError:
    """The error that a user can act on, for what the system said about writing `path`."""
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "Check the folder, or name another with --output.")
    return OutputError(f"“{path}” cannot be written: {reason}.", remedy)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
