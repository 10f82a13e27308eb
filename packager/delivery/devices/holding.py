"""A device's volume held open, so that whatever is written lands on it or nowhere.

A path is not enough: when a volume is unmounted while it is written to, its path still leads somewhere, namely to this
computer's own disk. So every file is reached from a handle on the volume's root, and the handle is compared with what the
path leads to before a file counts as written.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Self

from packager.delivery.devices.failures import pulled_out, refused
from packager.errors import DeliveryError

BLOCK = 2**18
"""Bytes that are read and written at once: as many as a processor's own cache holds."""

Counted = Callable[[int], None]
"""Is told of every so many bytes that are done."""

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class Held:
    """A volume or folder, open until the end of the `with` block. All paths are relative to it, with slashes.

    `name` is what messages call it. Every method raises `DeliveryError` when the device is gone or refuses.
    """

    def __init__(self, root: Path, name: str) -> None:
        if os.open not in os.supports_dir_fd:
            raise DeliveryError("Devices can be loaded safely on Linux and macOS only.", "Copy the files by hand.")
        self.root = root
        self.name = name
        try:
            self._handle = os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
            try:
                about = os.fstat(self._handle)
            except OSError:
                os.close(self._handle)
                raise
        except OSError as error:
            gone = error.errno in (errno.ENOTCONN, errno.ENODEV, errno.EIO, errno.ENXIO)
            raise pulled_out(name) if gone else refused(name, "", error) from None
        self._identity = (about.st_dev, about.st_ino)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # All that was written is known to be there or not by now.
        with suppress(OSError):
            os.close(self._handle)

    def lock(self) -> None:
        """Keep other processes of Packager off it until it is closed; raises `DeliveryError` when one is at work."""
        from fcntl import LOCK_EX, LOCK_NB, flock

        with self._refusals(""):
            try:
                flock(self._handle, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                raise DeliveryError(
                    f"Packager is at work on “{self.name}” already.", "Wait until it is done."
                ) from None

    def is_there(self) -> bool:
        """Whether the volume answers, and its path still leads to it."""
        try:
            os.fstatvfs(self._handle)
            about = self.root.stat()
        except OSError:
            return False
        return (about.st_dev, about.st_ino) == self._identity

    def check(self) -> None:
        """Raise `DeliveryError` when it is gone or another volume is in its place."""
        if not self.is_there():
            raise pulled_out(self.name)

    def free(self) -> int:
        """Bytes that may still be written."""
        with self._refusals(""):
            about = os.fstatvfs(self._handle)
            return about.f_bavail * about.f_frsize

    def cluster(self) -> int:
        """Bytes of the smallest unit that a file takes."""
        with self._refusals(""):
            return max(os.fstatvfs(self._handle).f_frsize, 1)

    def is_read_only(self) -> bool:
        """Whether it is mounted so."""
        with self._refusals(""):
            return bool(os.fstatvfs(self._handle).f_flag & os.ST_RDONLY)

    def refuse_read_only(self) -> None:
        """Raise `DeliveryError` when nothing can be written, by the way it is mounted or by its permissions."""
        with self._refusals(""):
            if self.is_read_only():
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            if not os.access(".", os.W_OK, dir_fd=self._handle):
                raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    def names(self, folder: str) -> list[str]:
        """What is in a folder; nothing when there is none."""
        with self._refusals(folder):
            try:
                with self._open(folder) as handle, os.scandir(handle) as entries:
                    return [entry.name for entry in entries]
            except (FileNotFoundError, NotADirectoryError):
                return []

    def size(self, path: str) -> int | None:
        """Bytes of a file; None when there is no such file."""
        about = self._about(path)
        return about.st_size if about and stat.S_ISREG(about.st_mode) else None

    def exists(self, path: str) -> bool:
        """Whether anything is there."""
        return self._about(path) is not None

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there; "" is the root."""
        about = self._about(path)
        return about is not None and stat.S_ISDIR(about.st_mode)

    def read(self, path: str, limit: int) -> bytes:
        """The first bytes of a file, `limit` at most."""
        with self._refusals(path), self._parent(path) as (folder, name):
            handle = os.open(name, _READ, dir_fd=folder)
            with os.fdopen(handle, "rb") as file:
                return file.read(limit)

    def digest(self, path: str, counted: Counted = lambda count: None) -> str:
        """The SHA-256 of a file as the device has it, not as this computer remembers it."""
        with self._refusals(path), self._parent(path) as (folder, name):
            handle = os.open(name, _READ, dir_fd=folder)
            try:
                if hasattr(os, "posix_fadvise"):
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                return _digest(_blocks(handle), counted)
            finally:
                os.close(handle)

    def missing_folders(self, path: str) -> list[str]:
        """The folders of a path that are not there yet, the uppermost first."""
        parts = PurePosixPath(path).parts
        chain = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return [folder for folder in chain if not self.exists(folder)]

    def make_folder(self, path: str) -> None:
        """Make one folder; the one above it must be there."""
        with self._refusals(path), self._parent(path) as (folder, name):
            self.check()
            os.mkdir(name, dir_fd=folder)
            os.fsync(folder)

    def write(
        self, path: str, part: str, blocks: Iterable[memoryview | bytes], *, replace: bool, counted: Counted
    ) -> None:
        """Put a file at `path` whole or not at all, by way of `part`, a name in the same folder.

        Whether the device has kept it is another question: ask `digest`.
        """
        with self._refusals(path), self._parent(path) as (folder, name):
            try:
                handle = os.open(part, _NEW, 0o644, dir_fd=folder)
                try:
                    for block in blocks:
                        _write_all(handle, block)
                        counted(len(block))
                    os.fsync(handle)
                finally:
                    os.close(handle)
                self.check()
                if not replace and _is_in(folder, name):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
                os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with suppress(OSError):
                    os.unlink(part, dir_fd=folder)
                    os.fsync(folder)
                raise
            os.fsync(folder)
            self.check()

    def move(self, path: str, to: str) -> None:
        """Give a file of the root another name there; what had that name is gone."""
        with self._refusals(path):
            os.replace(path, to, src_dir_fd=self._handle, dst_dir_fd=self._handle)
            os.fsync(self._handle)

    def remove(self, path: str) -> None:
        """Take away a file, if it is there."""
        with self._refusals(path), suppress(FileNotFoundError), self._parent(path) as (folder, name):
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def remove_folder(self, path: str) -> bool:
        """Take away a folder if it is empty; gives whether it is gone."""
        with self._refusals(path), suppress(FileNotFoundError), self._parent(path) as (folder, name):
            try:
                os.rmdir(name, dir_fd=folder)
            except OSError as error:
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                    return False
                raise
            os.fsync(folder)
        return True

    def _about(self, path: str) -> os.stat_result | None:
        with self._refusals(path):
            try:
                if not path:
                    return os.fstat(self._handle)
                with self._parent(path) as (folder, name):
                    return os.stat(name, dir_fd=folder, follow_symlinks=False)
            except (FileNotFoundError, NotADirectoryError):
                return None

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """A handle on the folder that a path is in, and its name there."""
        above, _, name = path.rpartition("/")
        with self._open(above) as handle:
            yield handle, name

    @contextmanager
    def _open(self, folder: str) -> Iterator[int]:
        handle = os.dup(self._handle)
        try:
            for part in PurePosixPath(folder).parts:
                below = os.open(part, _FOLDER, dir_fd=handle)
                os.close(handle)
                handle = below
                if os.fstat(handle).st_dev != self._identity[0]:
                    # Another volume is mounted inside this one.
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def _refusals(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not self.is_there():
                raise pulled_out(self.name) from None
            raise refused(self.name, path, error) from None


def digest_of(path: Path, counted: Counted = lambda count: None) -> str:
    """The SHA-256 of a file of this computer."""
    with path.open("rb", buffering=0) as file:
        return _digest(_blocks(file.fileno()), counted)


def blocks_of(path: Path) -> Iterator[memoryview]:
    """A file of this computer, block by block; each is good until the next."""
    with path.open("rb", buffering=0) as file:
        yield from _blocks(file.fileno())


def _blocks(handle: int) -> Iterator[memoryview]:
    block = memoryview(bytearray(BLOCK))
    with os.fdopen(handle, "rb", buffering=0, closefd=False) as file:
        while count := file.readinto(block):
            yield block[:count]


def _digest(blocks: Iterable[memoryview], counted: Counted) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
        counted(len(block))
    return digest.hexdigest()


def _write_all(handle: int, block: memoryview | bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _is_in(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
