"""What Packager has put on a device, kept on the device itself, so that nothing else is ever replaced or taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from packager.delivery.devices.holding import Held
from packager.delivery.reports import plain
from packager.errors import DeliveryError

RECORD = ".packager.json"
"""Its name at the root of the volume."""
DAMAGED_RECORD = ".packager-damaged.json"

_PART = ".packager.json.part"
_FORMAT = 1
_LARGEST = 2**24
_PART_NAME = re.compile(r"pkg-[0-9]{1,9}\.part")


def part_name(number: int) -> str:
    """What a file is called while it is written."""
    return f"pkg-{number}.part"


@dataclass(frozen=True)
class Loaded:
    """A file that we put there: of which book and product, where, and its SHA-256.

    While it is written it has a `part`, the name under which it lies beside `path` until it is whole, and no SHA-256 yet.
    """

    slug: str
    product: str
    title: str
    authors: tuple[str, ...]
    path: str
    bytes: int
    sha256: str
    part: str = ""

    @property
    def part_path(self) -> str:
        """Where the part lies."""
        folder, slash, _ = self.path.rpartition("/")
        return folder + slash + self.part


@dataclass(frozen=True)
class Record:
    """The files, the folders that we made for them, and the id of the profile they were loaded by."""

    profile: str = ""
    files: tuple[Loaded, ...] = ()
    folders: tuple[str, ...] = ()


class RecordDamagedError(DeliveryError):
    """The record is there and cannot be read: nobody knows what is ours."""


def read_record(held: Held) -> Record:
    """The record of a device; an empty one when nothing was loaded. Raises `RecordDamagedError`."""
    if not held.exists(RECORD):
        return Record()
    if held.size(RECORD) is None:
        raise _damaged(held)
    data = held.read(RECORD, _LARGEST)
    try:
        return _record(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged(held) from None


def _damaged(held: Held) -> RecordDamagedError:
    return RecordDamagedError(
        f"The record of what Packager put on “{held.name}” ({RECORD}) is damaged, so that nobody knows what is ours.",
        "Take files off by hand, and delete the record; “packager load” begins a new one.",
    )


def write_record(held: Held, record: Record) -> None:
    """Put the record in its place; an empty one is no file at all."""
    held.remove(_PART)
    if not record.files and not record.folders:
        held.remove(RECORD)
        return
    data = json.dumps({"packager": _FORMAT, **asdict(record)}, ensure_ascii=False, indent=1).encode()
    held.write(RECORD, _PART, [data], replace=True, counted=lambda count: None)


def settled(held: Held, record: Record, counted: Callable[[int], None]) -> tuple[Record, list[str]]:
    """The record after what an interrupted load left: files that came through whole count, others do not.

    Gives also the paths of the parts that are left over.
    """
    files = {one.path: one for one in record.files if not one.part}
    interrupted = [one for one in record.files if one.part]
    for one in interrupted:
        # Nothing has a name of ours before it is whole, and its name was free, or that of the older build.
        if held.size(one.path) != one.bytes:
            continue
        found = held.digest(one.path, counted)
        if one.path not in files or files[one.path].sha256 != found:
            files[one.path] = replace(one, part="", sha256=found)
    leftovers = [one.part_path for one in interrupted if held.exists(one.part_path)]
    return replace(record, files=tuple(files.values())), leftovers


def _record(value: Any) -> Record:
    if value["packager"] != _FORMAT:
        raise ValueError("another format")
    files = tuple(_loaded(one) for one in value["files"])
    folders = tuple(_text(folder) for folder in value["folders"])
    for path in [*folders, *(one.path for one in files)]:
        _refuse_strange(path)
    # Parts are taken away unseen, so nothing else may pass for one.
    if not all(_PART_NAME.fullmatch(one.part) for one in files if one.part):
        raise ValueError("no part of ours")
    return Record(_text(value["profile"]), files, folders)


def _loaded(value: dict[str, Any]) -> Loaded:
    known = {one.name: value[one.name] for one in fields(Loaded)}
    authors = tuple(map(_text, known.pop("authors")))
    if type(count := known.pop("bytes")) is not int:
        raise ValueError("no number")
    return Loaded(authors=authors, bytes=count, **{name: _text(one) for name, one in known.items()})


def _text(value: object) -> str:
    """A text of ours: without controls, with which a strange record would steer the terminal it is shown on."""
    if not isinstance(value, str) or plain(value) != value:
        raise ValueError("no text of ours")
    return value


def _refuse_strange(path: str) -> None:
    """A path that leads out of the device, or that nobody can have written."""
    parts = path.split("/")
    if not all(parts) or {".", ".."} & set(parts):
        raise ValueError("no path")
