"""Profiles: what a kind of device opens and how it wants it, one TOML file each; this file reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from packager.errors import UsageError
from packager.model import FILE_OF_PRODUCT
from packager.patterns import late_pattern

Attachment = Literal["disk", "mtp", "network"]

PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/svg+xml")
"""The kinds of picture that a book may hold."""

_USB = late_pattern(r"[0-9a-f]{4}:[0-9a-f]{4}")


@dataclass(frozen=True)
class Profile:
    """A kind of device. `id` is what the user types, `name` what it is called in a sentence.

    `products` are the files that it wants, the one to read first; `folders` says for each product where they go on the
    volume: the first of these folders that exists, else the first ("" is the root). `own_folder` tells for which
    products each book gets a folder of its own. `markers` are sets of paths: the device is recognised by any set that
    is there whole. `marker_endings` are files among them whose text must also end in one of these, white space aside.
    Of several profiles that fit, one with endings wins over one without, then the one with the larger set. `labels`
    are volume labels and `usb` pairs of vendor and product ids in hexadecimal ("2237:4237"), which alone prove
    nothing. `forbidden` are characters that names cannot have besides those of FAT; `path_limit` counts characters
    from the root of the volume; `numbered` names begin with a number, for players that sort by name. `largest_file` in
    bytes; `picture` is the size of the largest screen of the kind, upright, in pixels, and `picture_types` the media
    types that it shows. `attachment` says how it is connected: what is no disk cannot be loaded, and `steps` says how
    it is done by hand. `remark` is what its user should know.
    """

    id: str
    name: str
    products: tuple[str, ...]
    folders: Mapping[str, tuple[str, ...]]
    own_folder: tuple[str, ...] = ()
    markers: tuple[tuple[str, ...], ...] = ()
    marker_endings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    usb: tuple[str, ...] = ()
    forbidden: str = ""
    path_limit: int = 250
    numbered: bool = False
    largest_file: int = 2**32 - 1
    picture: tuple[int, int] | None = None
    picture_types: tuple[str, ...] = PICTURE_TYPES
    attachment: Attachment = "disk"
    steps: str = ""
    remark: str = ""
    also: tuple[str, ...] = ()
    """Other words that users call it by."""


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, in order of name."""
    read = [
        read_profile(file.name.removesuffix(".toml"), file.read_text("utf-8"))
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
    known = ", ".join(sorted(one.id for one in profiles()))
    raise UsageError(f"There is no device profile “{name}”.", f"There are {known}.")


def read_profile(name: str, text: str) -> Profile:
    """The profile that a TOML file describes; raises `ValueError` with the reason when it describes none."""
    values: dict[str, Any] = tomllib.loads(text)
    known = {one.name: one for one in fields(Profile) if one.name != "id"}
    if unknown := sorted(values.keys() - known):
        raise ValueError(f"{name}.toml sets “{unknown[0]}”, which no profile has")
    required = {key for key, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if lacking := sorted(required - values.keys()):
        raise ValueError(f"{name}.toml does not say its {lacking[0]}")
    found = Profile(id=name, **{key: _frozen(value) for key, value in values.items()})
    for problem in _problems(found):
        raise ValueError(f"{name}.toml: {problem}")
    return found


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return value


def _problems(found: Profile) -> Iterator[str]:
    """What is wrong with a profile: kinds of values first, since the rest relies on them."""
    for name in ("name", "forbidden", "attachment", "steps", "remark"):
        if not isinstance(getattr(found, name), str):
            yield f"{name} is not a text"
    for name in ("products", "own_folder", "labels", "usb", "picture_types", "also"):
        if not _are_texts(getattr(found, name)):
            yield f"{name} is not a list of texts"
    for name in ("folders", "marker_endings"):
        table = getattr(found, name)
        if not isinstance(table, dict) or not all(map(_are_texts, table.values())):
            yield f"{name} is not a table of lists of texts"
    for name in ("path_limit", "largest_file"):
        if type(getattr(found, name)) is not int or getattr(found, name) < 1:
            yield f"{name} is not a number above 0"
    for name in ("numbered",):
        if type(getattr(found, name)) is not bool:
            yield f"{name} is neither true nor false"
    if not isinstance(found.markers, tuple) or not all(one and _are_texts(one) for one in found.markers):
        yield "markers is not a list of lists of paths"
    yield from _contradictions(found)


def _contradictions(found: Profile) -> Iterator[str]:
    if unknown := [one for one in found.products if one not in FILE_OF_PRODUCT]:
        yield f"there is no product “{unknown[0]}”"
    if not found.products:
        yield "it wants no product"
    if set(found.folders) != set(found.products):
        yield "folders does not name a place for each product and no other"
    if not set(found.own_folder) <= set(found.products):
        yield "own_folder names a product that it does not want"
    paths = [path for places in found.folders.values() for path in places]
    paths += [path for one in found.markers for path in one]
    if wrong := [path for path in paths if path.startswith("/") or ".." in path.split("/")]:
        yield f"“{wrong[0]}” leads out of the volume"
    marked = {path for one in found.markers for path in one}
    if not set(found.marker_endings) <= marked:
        yield "marker_endings names a file that is no marker"
    if wrong := [one for one in found.usb if not _USB.fullmatch(one)]:
        yield f"“{wrong[0]}” is no pair of USB ids"
    if found.picture is not None and not _is_size(found.picture):
        yield "picture is not a width and a height"
    if wrong := [one for one in found.picture_types if one not in PICTURE_TYPES]:
        yield f"“{wrong[0]}” is no kind of picture that a book holds"
    if found.attachment not in get_args(Attachment):
        yield f"attachment is “{found.attachment}”"
    if found.attachment != "disk" and not found.steps:
        yield "steps does not say how it is loaded by hand"


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


def _is_size(value: Sequence[object]) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(type(one) is int and one > 0 for one in value)
