"""Loads a real FAT32 volume in every way, and prints what came of it: run by init.sh inside User-mode Linux.

python fat32.py DEVICE MOUNT_POINT BUILD_FOLDER
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packager.delivery.devices.holding import Held
from packager.delivery.devices.loading import load, unload
from packager.delivery.devices.planning import Plan, plan_load
from packager.delivery.devices.targets import attached_devices, chosen_target
from packager.delivery.shelf import Book, read_shelf
from packager.errors import PackagerError

DEVICE, MOUNT, BUILD = sys.argv[1:]
NAMES = (
    'Why? 1/2: "A" * <B> | C\\D',
    "CON",
    "aux.txt",
    "Ends in a dot.",
    "ÉCOLE",
    "école",
    "日本語" * 100,
    "e\u0301 decomposed",
    "\u202eurl",
    "🛳" * 150,
    "...",
    "ẞ straße STRASSE",
)


def main() -> None:
    """Everything in its order, each from a volume that is mounted and has no book of ours."""
    mount()
    found = [
        (one.profile.id if one.profile else None, one.volume.filesystem, one.volume.label) for one in attached_devices()
    ]
    results = {
        "found": found,
        "loaded": attempt(load_all),
        "on device": digests(),
        "again": [item.action for item in plan().items],
        "user's name": attempt(beside_a_file_of_the_user),
        "unloaded": attempt(unload_all) + str(sorted(digests())),
        "nasty names": attempt(lambda: load_all(nasty_books())),
        "nasty paths": sorted(digests()),
        "nasty again": sorted({item.action for item in plan(nasty_books()).items}),
        "nasty unloaded": attempt(unload_all) + str(sorted(digests())),
        "detached": attempt(lambda: load_all(during=once(lambda: run("umount", "-l", MOUNT)))),
        "on this computer": sorted(digests()),
        "full": attempt(fill_while_loading),
        "after full": sorted(path for path in digests() if path.endswith((".part", ".epub"))),
        "read-only": attempt(load_read_only),
    }
    run("umount", MOUNT)
    sys.stdout.write(json.dumps(results))


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def mount() -> None:
    run("mount", "-t", "vfat", "-o", "utf8", DEVICE, MOUNT)
    marker = Path(MOUNT, ".kobo/version")
    marker.parent.mkdir(exist_ok=True)
    marker.write_text("N1,4.1,4.41,4.1,4.1,00000000-0000-0000-0000-000000000384\n")


def attempt(action: Callable[[], None]) -> str:
    try:
        action()
    except PackagerError as error:
        return str(error)
    return "good"


def once(action: Callable[[], None]) -> Callable[[float], None]:
    left = [action]

    def during(share: float) -> None:
        if share > 0.3 and left:
            left.pop()()

    return during


def plan(books: tuple[Book, ...] = ()) -> Plan:
    target = chosen_target(None)
    with Held(target.root, target.name) as held:
        return plan_load(held, target, books or read_shelf(Path(BUILD)).books)


def load_all(books: tuple[Book, ...] = (), during: Callable[[float], None] = lambda share: None) -> None:
    target = chosen_target(None)
    with Held(target.root, target.name) as held:
        load(held, plan_load(held, target, books or read_shelf(Path(BUILD)).books), target.profile.id, during)


def unload_all() -> None:
    target = chosen_target(None)
    with Held(target.root, target.name) as held:
        unload(held, ())


def nasty_books() -> tuple[Book, ...]:
    book = read_shelf(Path(BUILD)).books[0]
    return tuple(
        replace(book, slug=f"book-{number}", metadata=replace(book.metadata, title=title, authors=()))
        for number, title in enumerate(NAMES)
    )


def digests() -> dict[str, str]:
    """What is on the volume but its marks."""
    files = [path for path in Path(MOUNT).rglob("*") if path.is_file() and ".kobo" not in path.parts]
    return {path.relative_to(MOUNT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def beside_a_file_of_the_user() -> None:
    (name,) = [path for path in digests() if path.endswith(".epub")]
    unload_all()
    theirs = Path(MOUNT, name.upper())
    theirs.write_text("theirs")
    load_all()
    assert theirs.read_text() == "theirs"
    assert len(digests()) == 3
    theirs.unlink()


def fill_while_loading() -> None:
    mount()

    def fill() -> None:
        with Path(MOUNT, "film").open("wb", buffering=0) as film:
            try:
                while film.write(b"x" * 2**20):
                    pass
            except OSError:
                return

    try:
        load_all(during=once(fill))
    finally:
        Path(MOUNT, "film").unlink(missing_ok=True)


def load_read_only() -> None:
    run("mount", "-o", "remount,ro", MOUNT)
    load_all()


main()
