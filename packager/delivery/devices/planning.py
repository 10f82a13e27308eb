"""What loading would do: which file goes where under which name, and what stays as it is and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from packager.delivery.devices import names
from packager.delivery.devices.holding import Held, digest_of
from packager.delivery.devices.record import Loaded, Record, RecordDamagedError, read_record, settled
from packager.delivery.devices.room import check_room
from packager.delivery.devices.targets import Target
from packager.delivery.shelf import Book
from packager.errors import SourceError
from packager.model import FILE_OF_PRODUCT

Action = Literal["new", "newer", "same", "foreign", "changed", "missing", "too large"]
"""`foreign`: somebody else put the same file there. `changed`: ours, and changed on the device since."""

WRITTEN: tuple[Action, ...] = ("new", "newer")
FAILED: tuple[Action, ...] = ("missing", "too large", "changed")

_NUMBER = re.compile(r"(\d{3,}) ")


@dataclass(frozen=True)
class Item:
    """A product of a book and what is to be done with it. `note` is for the user; `replaced` are the bytes it frees.

    `sha256` is known of what is there already and of what has been written.
    """

    book: Book
    product: str
    action: Action
    path: str = ""
    bytes: int = 0
    sha256: str = ""
    note: str = ""
    replaced: int = 0

    @property
    def source(self) -> Path:
        """The built file."""
        return self.book.files[self.product]

    def loaded(self, count: int, sha256: str, part: str = "") -> Loaded:
        """The item as the record has it."""
        metadata = self.book.metadata
        return Loaded(self.book.slug, self.product, metadata.title, metadata.authors, self.path, count, sha256, part)


@dataclass(frozen=True)
class Plan:
    """All items, the record they start from, and what an interrupted load left to be cleared away.

    `record_is_damaged` tells that there is a record that cannot be read; it will be put aside.
    """

    items: tuple[Item, ...]
    record: Record
    stored: Record
    leftovers: tuple[str, ...]
    new_folders: tuple[str, ...]
    record_is_damaged: bool = False

    @property
    def to_write(self) -> tuple[Item, ...]:
        """The items that change the device."""
        return tuple(item for item in self.items if item.action in WRITTEN)


class Meter:
    """Turns bytes that are done into the share of all, for a progress bar."""

    def __init__(self, total: int, progress: Callable[[float], None]) -> None:
        self._total = max(total, 1)
        self._done = 0
        self._progress = progress

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(min(self._done / self._total, 1.0))


def plan_load(
    held: Held,
    target: Target,
    books: Sequence[Book],
    progress: Callable[[float], None] = lambda share: None,
    *,
    overwrite: bool = False,
) -> Plan:
    """What loading these books would do; nothing is written. `overwrite` replaces also what was changed on the device.

    Raises `DeliveryError` when the device does not answer or has too little room, and `SourceError` when a built file
    cannot be read.
    """
    damaged = False
    try:
        stored = read_record(held)
    except RecordDamagedError:
        stored, damaged = Record(), True
    meter = Meter(_to_read(books, stored), progress)
    record, leftovers = settled(held, stored, meter)
    planner = _Planner(held, target, record, meter, overwrite, leftovers)
    ordered = sorted(books, key=lambda book: book.made) if target.profile.numbered else books
    items = tuple(item for book in ordered for item in planner.items_of(book))
    folders = {
        folder: None
        for item in items
        if item.action in WRITTEN
        for folder in held.missing_folders(item.path.rpartition("/")[0])
    }
    plan = Plan(items, record, stored, tuple(leftovers), tuple(folders), damaged)
    if plan.to_write:
        held.refuse_read_only()
        check_room(held, [(item.bytes, item.replaced) for item in plan.to_write])
    return plan


def unreadable(source: Path, error: OSError) -> SourceError:
    """A built file that this computer does not give."""
    return SourceError(f"“{source}” cannot be read ({error.strerror}).", "Build that article again.")


def _to_read(books: Sequence[Book], record: Record) -> int:
    slugs = {book.slug for book in books}
    return sum((1 if one.part else 2) * one.bytes for one in record.files if one.slug in slugs or one.part)


@dataclass
class _Planner:
    held: Held
    target: Target
    record: Record
    meter: Meter
    overwrite: bool
    leftovers: Sequence[str]
    given: dict[str, set[str]] = field(default_factory=dict)
    own_folders: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def items_of(self, book: Book) -> list[Item]:
        """An item for each product that the device wants."""
        wanted = self.target.profile.products
        lacking = [product for product in wanted if product not in book.files]
        if len(lacking) == len(wanted):
            call = f"packager build --for {self.target.profile.id}"
            note = f"no {' and no '.join(lacking)} is built, which is what this device opens; make it with “{call}”"
            return [Item(book, lacking[0], "missing", note=note)]
        return [self._item(book, product) for product in wanted if product in book.files]

    def _item(self, book: Book, product: str) -> Item:
        source = book.files[product]
        try:
            count = source.stat().st_size
        except OSError as error:
            raise unreadable(source, error) from None
        if count > self.target.profile.largest_file:
            return Item(book, product, "too large", bytes=count, note="it is larger than this device takes a file")
        if own := self._ours(book, product):
            return self._again(book, own, count)
        return self._first_time(book, product, count)

    def _digest_of(self, book: Book, product: str) -> str:
        try:
            return digest_of(book.files[product], self.meter)
        except OSError as error:
            raise unreadable(book.files[product], error) from None

    def _ours(self, book: Book, product: str) -> Loaded | None:
        """The file that we loaded of the same book: two articles of one slug share neither title nor authors.

        To have no author is nothing that two articles share.
        """
        title, authors = book.metadata.title, book.metadata.authors or None
        return next(
            (
                one
                for one in self.record.files
                if (one.slug, one.product) == (book.slug, product)
                and (one.title == title or one.authors == authors)
                and self._is_in_place(one)
            ),
            None,
        )

    def _is_in_place(self, one: Loaded) -> bool:
        """Whether a file is where this load would put it: it may have been loaded as something else, or to elsewhere."""
        if self.target.folder is None and self.record.profile in ("", self.target.profile.id):
            return True
        wanted = [self.target.folder] if self.target.folder is not None else self.target.profile.folders[one.product]
        return any(not folder or names.key(one.path).startswith(names.key(f"{folder}/")) for folder in wanted)

    def _again(self, book: Book, own: Loaded, count: int) -> Item:
        there = self.held.size(own.path)
        if there is None and self.held.exists(own.path):
            note = f"something else is there, as “{own.path}”, and stays; take it away first"
            return Item(book, own.product, "changed", own.path, count, note=note)
        if there is None:
            return Item(book, own.product, "new", own.path, count)
        found = self.held.digest(own.path, self.meter)
        if there == count and found == self._digest_of(book, own.product):
            return Item(book, own.product, "same", own.path, count, found)
        if found != own.sha256 and not self.overwrite:
            note = "it was changed on the device since it was loaded, and stays; --overwrite replaces it"
            return Item(book, own.product, "changed", own.path, count, note=note)
        return Item(book, own.product, "newer", own.path, count, replaced=there)

    def _first_time(self, book: Book, product: str, count: int) -> Item:
        folder = self._folder(product)
        forbidden = self.target.profile.forbidden
        otherwise = f"book {book.slug}"
        stem = names.legal(names.spoken_of(book.metadata), forbidden, otherwise)
        if product in self.target.profile.own_folder:
            folder = self._own_folder(book, product, folder, self._numbered(stem, folder, book, product))
            stem = names.legal(book.metadata.title, forbidden, otherwise)
        else:
            stem = self._numbered(stem, folder, book, product)
        ending = FILE_OF_PRODUCT[product].format(slug="")
        room = self._room(folder)
        there = {names.key(name): name for name in self.held.names(folder)}
        wished = names.fitted(stem, ending, room, ())
        other = there.get(names.key(wished))
        if other and self._is_same(path := _joined(folder, other), book, product, count):
            note = f"it is there already, as “{path}”, put there by somebody else"
            return Item(book, product, "foreign", path, count, note=note)
        name = names.fitted(stem, ending, room, there.keys() | self._given(folder))
        self.given[folder].add(names.key(name))
        note = f"“{other}” is there and not ours, and stays" if other else ""
        return Item(book, product, "new", _joined(folder, name), count, note=note)

    def _folder(self, product: str) -> str:
        if self.target.folder is not None:
            return self.target.folder
        wanted = self.target.profile.folders[product]
        return next((found for folder in wanted if (found := self._existing(folder)) is not None), wanted[0])

    def _existing(self, folder: str) -> str | None:
        """The folder as it is written on the device, which may differ in case; None when it is not there."""
        found = ""
        for part in filter(None, folder.split("/")):
            alike = [name for name in self.held.names(found) if names.key(name) == names.key(part)]
            if not alike or not self.held.is_folder(_joined(found, alike[0])):
                return None
            found = _joined(found, part if part in alike else alike[0])
        return found

    def _own_folder(self, book: Book, product: str, above: str, stem: str) -> str:
        """A folder for this book alone, the same for all its products."""
        known = self.own_folders.get((book.slug, above))
        if known is None:
            there = [name for name in self.held.names(above) if not self._is_left_over(_joined(above, name))]
            taken = {names.key(name) for name in there} | self._given(above)
            name = names.fitted(stem, "", self._room(above) // 2, taken)
            self.given[above].add(names.key(name))
            known = self.own_folders[book.slug, above] = _joined(above, name)
        return known

    def _is_left_over(self, folder: str) -> bool:
        """Whether it is a folder of ours in which a load that was cut off has finished nothing."""
        return folder in self.record.folders and all(
            _joined(folder, name) in self.leftovers for name in self.held.names(folder)
        )

    def _numbered(self, stem: str, folder: str, book: Book, product: str) -> str:
        """With the next number, for players that sort by name."""
        if not self.target.profile.numbered:
            return stem
        if folder not in self.numbers:
            used = [_NUMBER.match(one.path.removeprefix(folder).lstrip("/")) for one in self.record.files]
            self.numbers[folder] = max((int(match[1]) for match in used if match), default=0)
        self.numbers[folder] += 1
        return f"{self.numbers[folder]:03} {stem}"

    def _room(self, folder: str) -> int:
        return self.target.profile.path_limit - (names.units(folder) + 1 if folder else 0)

    def _given(self, folder: str) -> set[str]:
        """The names in a folder that this plan or the record has for other books."""
        if folder not in self.given:
            parts = [one.path.rpartition("/") for one in self.record.files]
            self.given[folder] = {names.key(name) for above, _, name in parts if above == folder}
        return self.given[folder]

    def _is_same(self, path: str, book: Book, product: str, count: int) -> bool:
        return self.held.size(path) == count and self.held.digest(path) == self._digest_of(book, product)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
