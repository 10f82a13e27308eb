"""A load or unload that is cut off at any call of the system: nothing is lost, and the next one ends as if nothing had been."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from volumes import build_book

from packager.delivery.devices.holding import Held
from packager.delivery.devices.loading import load, unload
from packager.delivery.devices.planning import plan_load
from packager.delivery.devices.record import RECORD
from packager.delivery.devices.targets import Target
from packager.delivery.profiles import profile
from packager.delivery.shelf import read_shelf
from packager.errors import PackagerError

CALLS = ("open", "close", "dup", "write", "fsync", "replace", "unlink", "mkdir", "rmdir", "stat", "fstat", "fstatvfs")
SIZE = 3000


class KilledError(BaseException):
    """The process is no more."""


@contextmanager
def failing(number: int, way: str) -> Iterator[list[int]]:
    """The call of that number fails: alone ("error"), with all after it ("gone"), or nothing is done any more ("killed").

    Gives the number of calls that were made.
    """
    made = [0]
    originals: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in CALLS}

    def failing_one(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            made[0] += 1
            fails = made[0] == number or (made[0] > number and way != "error")
            if not fails or name == "close":
                # What is closed is closed, whatever the system says of it.
                result = originals[name](*arguments, **named)
            if fails and way == "killed":
                raise KilledError
            if fails:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return result

        return call

    supported = {originals[name] for name in CALLS} & os.supports_dir_fd
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, failing_one(name))
        patch.setattr(
            os, "supports_dir_fd", os.supports_dir_fd | {getattr(os, n) for n in CALLS if originals[n] in supported}
        )
        yield made


def state(card: Path) -> dict[str, Any]:
    """What is on the card; of the record what it says, in any order."""
    found: dict[str, Any] = {}
    for path in sorted(card.rglob("*")):
        name = path.relative_to(card).as_posix()
        if name == RECORD:
            said = json.loads(path.read_text())
            said["files"].sort(key=lambda one: one["path"])
            said["folders"].sort()
            found[name] = said
        else:
            found[name] = None if path.is_dir() else path.read_bytes()
    return found


def target_at(card: Path, kind: str) -> Target:
    return Target(card, "card", profile(kind), "the test says so")


def loaded_onto(target: Target, build: Path) -> None:
    with Held(target.root, target.name) as held:
        held.lock()
        load(held, plan_load(held, target, read_shelf(build).books), target.profile.id)


def unloaded(target: Target, build: Path) -> None:
    with Held(target.root, target.name) as held:
        held.lock()
        unload(held, ())


@pytest.mark.parametrize("way", ["error", "gone", "killed"])
@pytest.mark.parametrize("action", [loaded_onto, unloaded])
@pytest.mark.parametrize("kind", ["kobo", "victor-reader", "mp3-player"])
def test_nothing_is_lost_wherever_it_is_cut_off(
    kind: str, action: Callable[[Target, Path], None], way: str, tmp_path: Path
) -> None:
    build, before = tmp_path / "build", tmp_path / "before"
    build_book(build, "older", "Older", size=SIZE)
    before.mkdir()
    users = before / "Older.kepub.epub"
    users.write_bytes(b"mine")
    loaded_onto(target_at(before, kind), build)
    build_book(build, "older", "Older", size=SIZE + 500)
    build_book(build, "newer", "Newer", size=SIZE)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(before, undisturbed)
    with failing(0, "error") as made:
        action(target_at(undisturbed, kind), build)
    assert made[0] > 30
    for number in range(1, made[0] + 1):
        card = tmp_path / f"card-{number}"
        shutil.copytree(before, card)
        try:
            with failing(number, way):
                action(target_at(card, kind), build)
        except (PackagerError, KilledError):
            pass
        assert (card / users.name).read_bytes() == b"mine"
        action(target_at(card, kind), build)
        assert state(card) == state(undisturbed), number
        shutil.rmtree(card)
