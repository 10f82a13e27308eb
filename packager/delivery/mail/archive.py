"""The zip file that an EPUB is, looked at within limits and never unpacked to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packager.zip_faults import ZIP_FAULTS

MAX_MEMBERS = 10_000
MAX_MEMBER = 20_000_000
"""Bytes of a page or a style sheet; pictures and sound are not read."""
MAX_TOTAL = 200_000_000
"""Bytes of all that is read of one book."""


class ArchiveError(Exception):
    """The zip file, or a file in it, cannot be read; says why."""


class Archive:
    """The files in an EPUB. `names` are in the order of the zip file."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        members = [member for member in file.infolist() if not member.filename.endswith("/")]
        self._members = {member.filename: member for member in members}
        self.names = tuple(member.filename for member in members)
        self._left = MAX_TOTAL

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises `ArchiveError` for one that is missing, damaged or too large to look at."""
        if name not in self._members:
            raise ArchiveError("it is missing")
        most = min(MAX_MEMBER, self._left)
        data = self._read(name, most + 1)
        if len(data) > most:
            raise ArchiveError("it is too large to be looked at")
        self._left -= len(data)
        return data

    def begin(self, name: str, count: int = 16) -> bytes:
        """The first bytes of a file."""
        return self._read(name, count)

    def _read(self, name: str, count: int) -> bytes:
        try:
            with self._file.open(self._members[name]) as member:
                return member.read(count)
        except ZIP_FAULTS:
            raise ArchiveError("it cannot be unpacked") from None


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The zip file at `path`. Raises `ArchiveError` when it is none, or holds far too many files."""
    try:
        file = zipfile.ZipFile(path)
        archive = Archive(file)
    except ZIP_FAULTS:
        raise ArchiveError("it is no zip file, or is damaged") from None
    with file:
        if len(archive.names) > MAX_MEMBERS:
            raise ArchiveError(f"it holds more than {MAX_MEMBERS:,} files")
        yield archive
