"""Putting files on a device, and taking back what we put there, so that a device pulled out at any moment is no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

from packager.delivery.devices.holding import Held, blocks_of
from packager.delivery.devices.planning import Item, Meter, Plan, unreadable
from packager.delivery.devices.record import (
    DAMAGED_RECORD,
    RECORD,
    Loaded,
    Record,
    part_name,
    read_record,
    settled,
    write_record,
)
from packager.errors import DeliveryError

Progress = Callable[[float], None]


def load(
    held: Held,
    plan: Plan,
    profile: str,
    progress: Progress = lambda share: None,
    done: Callable[[Item], None] = lambda item: None,
) -> None:
    """Do what the plan says, `done` being told of every file that is on the device and was read back from it.

    What is about to be written is put into the record first, so that after whatever happens the next call knows it for
    ours. Raises `DeliveryError` when the device is gone or refuses, and `SourceError` when a built file cannot be read.
    """
    held.check()
    changes = plan.to_write
    if not changes and plan.record == plan.stored and not plan.leftovers:
        return
    if plan.record_is_damaged:
        held.move(RECORD, DAMAGED_RECORD)
    for leftover in plan.leftovers:
        held.remove(leftover)
    parts = _parts(held, changes)
    # A load that was cut off may have written a folder down and not made it.
    folders = tuple(dict.fromkeys((*plan.record.folders, *plan.new_folders)))
    record = replace(plan.record, profile=profile, folders=folders)
    pending = tuple(item.loaded(item.bytes, "", part) for item, part in zip(changes, parts, strict=True))
    with _kept(held, record) as kept:
        write_record(held, replace(record, files=(*record.files, *pending)))
        for folder in plan.new_folders:
            held.make_folder(folder)
        meter = Meter(2 * sum(item.bytes for item in changes), progress)
        for item, one in zip(changes, pending, strict=True):
            kept.underway = one
            loaded = _put(held, item, one.part, meter)
            kept.files = (*(other for other in kept.files if other.path != item.path), loaded)
            kept.underway = None
            done(replace(item, bytes=loaded.bytes, sha256=loaded.sha256))


@dataclass(frozen=True)
class Taken:
    """A file of the record: taken off, already gone, or left because somebody changed it."""

    loaded: Loaded
    state: Literal["taken", "gone", "changed"]


def unload(
    held: Held,
    slugs: tuple[str, ...],
    progress: Progress = lambda share: None,
    done: Callable[[Taken], None] = lambda taken: None,
    *,
    dry_run: bool = False,
) -> None:
    """Take back what we put there of these books, of all when none is named, and the folders that we made if they are empty.

    A file that is not what we wrote stays. Raises `DeliveryError` when the device is gone or refuses, when its record is
    damaged, and when one of the books was never loaded.
    """
    stored = read_record(held)
    meter = Meter(sum(one.bytes for one in stored.files if not slugs or one.slug in slugs), progress)
    record, leftovers = settled(held, stored, meter)
    known = {one.slug for one in record.files}
    if unknown := [slug for slug in slugs if slug not in known]:
        raise DeliveryError(
            f"“{unknown[0]}” was not loaded onto “{held.name}” by Packager.",
            f"There are: {', '.join(sorted(known)) or 'none'}.",
        )
    if dry_run:
        for one in _of(record, slugs):
            done(Taken(one, _state(held, one, meter)))
        return
    if record == stored and not _of(record, slugs):
        return
    for leftover in leftovers:
        held.remove(leftover)
    with _kept(held, record) as kept:
        for one in _of(record, slugs):
            state = _state(held, one, meter)
            if state == "taken":
                held.remove(one.path)
            if state != "changed":
                kept.files = tuple(other for other in kept.files if other != one)
            done(Taken(one, state))


def _of(record: Record, slugs: tuple[str, ...]) -> list[Loaded]:
    return [one for one in record.files if not slugs or one.slug in slugs]


def _state(held: Held, one: Loaded, meter: Meter) -> Literal["taken", "gone", "changed"]:
    if not held.exists(one.path):
        return "gone"
    is_ours = held.size(one.path) == one.bytes and held.digest(one.path, meter) == one.sha256
    return "taken" if is_ours else "changed"


@dataclass
class _Kept:
    """What the record shall have of files, and the one of which it is not known yet whether it came through."""

    files: tuple[Loaded, ...]
    underway: Loaded | None = None


@contextmanager
def _kept(held: Held, record: Record) -> Iterator[_Kept]:
    """Give what the record shall have of files, and write it in the end, also when something failed, with the folders."""
    kept = _Kept(record.files)
    try:
        yield kept
    except BaseException:
        # The reason is what the user has to hear; what is not recorded now, the next call settles.
        with suppress(DeliveryError):
            one = kept.underway
            is_open = one is not None and (held.exists(one.path) or held.exists(one.part_path))
            _close(held, replace(record, files=(*kept.files, one) if one and is_open else kept.files))
        raise
    _close(held, replace(record, files=kept.files))


def _close(held: Held, record: Record) -> None:
    held.check()
    used = {one.path for one in record.files}
    folders = [
        folder
        for folder in sorted(record.folders, key=len, reverse=True)
        if any(path.startswith(f"{folder}/") for path in used) or not held.remove_folder(folder)
    ]
    write_record(held, replace(record, folders=tuple(folders)))
    held.check()


def _put(held: Held, item: Item, part: str, meter: Meter) -> Loaded:
    source = _Source(item.source)
    held.write(item.path, part, source.blocks(), replace=item.action == "newer", counted=meter)
    written = source.digest.hexdigest()
    if held.digest(item.path, meter) != written:
        held.remove(item.path)
        raise DeliveryError(
            f"“{held.name}” does not give back what was written to it (“{item.path}”); the file was removed.",
            "The device or its cable is faulty: check it with the disk tool of this computer, or use another.",
        )
    held.check()
    return item.loaded(source.bytes, written)


class _Source:
    """A built file, counted and hashed while it is read, since it may be built anew at any time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bytes = 0
        self.digest = sha256()

    def blocks(self) -> Iterator[memoryview]:
        """Block by block; raises `SourceError` when this computer does not give it."""
        blocks = blocks_of(self.path)
        while True:
            try:
                block = next(blocks, None)
            except OSError as error:
                raise unreadable(self.path, error) from None
            if block is None:
                return
            self.digest.update(block)
            self.bytes += len(block)
            yield block


def _parts(held: Held, items: tuple[Item, ...]) -> list[str]:
    """A name for each file while it is written, none of which is there yet."""
    parts: list[str] = []
    number = 0
    for item in items:
        folder = item.path.rpartition("/")[0]
        there = {name.casefold() for name in held.names(folder)}
        number += 1
        while part_name(number) in there:
            number += 1
        parts.append(part_name(number))
    return parts
