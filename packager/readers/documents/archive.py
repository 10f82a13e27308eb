"""Zip files from strangers: looked at before anything in them is unpacked, and never unpacked to the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.zip_faults import ZIP_FAULTS

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 100_000_000
MAX_TOTAL_BYTES = 500_000_000
MAX_RATIO = 200
"""How many times larger than packed a member of some size may be: documents stay below 30, bombs are at 1,000."""

_SMALL = 5_000_000
"""Bytes that no bomb is made of."""

_DAMAGED = "Open it in the program that made it, save it again and try once more."
_REFUSED = "Do not trust this file; ask for another copy of the document."


@dataclass(frozen=True)
class Archive:
    """A zip file whose members have been looked at; `called` is what to call it in messages."""

    called: str
    names: tuple[str, ...]
    _members: dict[str, zipfile.ZipInfo]
    _file: zipfile.ZipFile

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises `SourceError` when it is missing, damaged or larger than it says."""
        if name not in self._members:
            raise SourceError(f"{self.called} is damaged: “{name}” is missing in it.", _DAMAGED)
        member = self._members[name]
        try:
            with self._file.open(member) as file:
                data = file.read(member.file_size + 1)
        except ZIP_FAULTS:
            raise SourceError(f"{self.called} is damaged: “{name}” in it cannot be unpacked.", _DAMAGED) from None
        if len(data) != member.file_size:
            raise SourceError(f"{self.called} is damaged: “{name}” in it is not of the size that is said.", _DAMAGED)
        return data

    def size(self, name: str) -> int:
        """How many bytes a member has."""
        return self._members[name].file_size

    def find(self, name: str) -> str | None:
        """The member of this name, whatever the case of its letters."""
        if name in self._members:
            return name
        return next((other for other in self.names if other.lower() == name.lower()), None)


def open_archive(called: str, data: bytes) -> Archive:
    """Look at a zip file. Raises `SourceError` for one that is damaged, locked, or made to do harm."""
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        members = file.infolist()
    except ZIP_FAULTS:
        raise SourceError(f"{called} is damaged: it cannot be unpacked.", _DAMAGED) from None
    if len(members) > MAX_MEMBERS:
        raise SourceError(f"{called} holds more than {MAX_MEMBERS:,} files.", _REFUSED)
    if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise SourceError(f"{called} would unpack to more than {MAX_TOTAL_BYTES // 1_000_000} MB.", _REFUSED)
    for member in members:
        _look_at(called, member)
    kept = {_plain(member.filename): member for member in members if not member.is_dir()}
    return Archive(called, tuple(kept), kept, file)


def names_in(data: bytes) -> frozenset[str]:
    """The names in a zip file, none when it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return frozenset(_plain(name) for name in file.namelist()[:MAX_MEMBERS])
    except ZIP_FAULTS:
        return frozenset()


def rewritten(archive: Archive, parts: dict[str, bytes]) -> bytes:
    """A zip file with the members of another, of which some are replaced by `parts`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as file:
        for name, data in _replaced(archive, parts):
            file.writestr(name, data)
    return target.getvalue()


def _replaced(archive: Archive, parts: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name in archive.names:
        yield name, parts[name] if name in parts else archive.read(name)


def _look_at(called: str, member: zipfile.ZipInfo) -> None:
    name = _plain(member.filename)
    if ".." in PurePosixPath(name).parts or name.startswith("/") or name[1:2] == ":":
        raise SourceError(f"{called} holds a file whose name leads out of it: “{name}”.", _REFUSED)
    if member.flag_bits & 1:
        raise SourceError(f"{called} is locked by a password.", "Save it without a password and try again.")
    if member.file_size > MAX_MEMBER_BYTES:
        raise SourceError(f"“{name}” in {called} is larger than {MAX_MEMBER_BYTES // 1_000_000} MB.", _REFUSED)
    if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
        raise SourceError(
            f"“{name}” in {called} unpacks to more than {MAX_RATIO} times its size, as a zip bomb does.", _REFUSED
        )


def _plain(name: str) -> str:
    """Some programs on Windows write "\\" between folders."""
    return name.replace("\\", "/")
