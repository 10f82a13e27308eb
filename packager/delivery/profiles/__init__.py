"""Profiles: what a kind of device opens and how it wants it, one TOML file each; this file reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from packager.errors import UsageError

Attachment = Literal["disk", "mtp", "network"]


@dataclass(frozen=True)
class Profile:
    """A kind of device. `id` is what the user types, `name` what it is called in a sentence.

    `products` are the files that it wants, the one to read first; `folders` says for each product where they go on the
    volume: the first of these folders that exists, else the first ("" is the root). `own_folder` tells for which products
    each book gets a folder of its own. `markers` are sets of paths: the device is recognised by any set that is there
    whole. `labels` are volume labels and `usb` pairs of vendor and product ids in hexadecimal, which alone prove nothing.
    `forbidden` are characters that names cannot have besides those of FAT; `path_limit` counts characters from the root of
    the volume; `numbered` names begin with a number, for players that sort by name. `largest_file` in bytes; `picture` is
    the size of the screen in pixels. `attachment` says how it is connected: what is no disk cannot be loaded, and `steps`
    says how it is done by hand. `remark` is what its user should know.
    """

    id: str
    name: str
    products: tuple[str, ...]
    folders: Mapping[str, tuple[str, ...]]
    own_folder: tuple[str, ...] = ()
    markers: tuple[tuple[str, ...], ...] = ()
    labels: tuple[str, ...] = ()
    usb: tuple[str, ...] = ()
    forbidden: str = ""
    path_limit: int = 250
    numbered: bool = False
    largest_file: int = 2**32 - 1
    picture: tuple[int, int] | None = None
    attachment: Attachment = "disk"
    steps: str = ""
    remark: str = ""
    also: tuple[str, ...] = field(default=())
    """Other words that users call it by."""


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, in order of name."""
    read = [
        _profile(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(read, key=lambda profile: profile.name.casefold()))


def profile(name: str) -> Profile:
    """The profile of that id or other name; raises `UsageError` when there is none."""
    wanted = name.strip().casefold()
    for one in profiles():
        if wanted in (one.id, one.name.casefold(), *(other.casefold() for other in one.also)):
            return one
    raise UsageError(f"There is no device profile “{name}”.", f"There are {', '.join(one.id for one in profiles())}.")


def _profile(name: str, values: Mapping[str, object]) -> Profile:
    return Profile(id=name, **{key: _frozen(value) for key, value in values.items()})  # type: ignore[arg-type]


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return value
