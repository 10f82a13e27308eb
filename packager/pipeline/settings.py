"""Settings: packager.toml beside the content or in the user's folder, then `PACKAGER_*`, then options."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from packager.errors import UsageError
from packager.model import FILE_OF_PRODUCT, Listening
from packager.pipeline.listening import listening_plan

PRODUCTS = ("epub", "narrated", "mp3", "vtt", "json")
"""What is made when nobody says what."""

WEB = "web"
"""The page that reads along, for all articles in the folder of results at once; it is made of the `PRODUCTS`."""

WITH_SOUND = frozenset({"narrated", "mp3", "vtt"})
WITHOUT_SOUND = frozenset({"epub", "kepub"})
_PRODUCTS_AND_WEB = (*FILE_OF_PRODUCT, WEB)

FILE_NAME = "packager.toml"


@dataclass(frozen=True)
class Settings:
    """All that a user may set, with what holds when nobody sets it.

    `only` are the products to make. `devices` are ids of profiles: naming them sets `only` to what they want.
    """

    output: str = "build"
    engine: str = "auto"
    voice: str | None = None
    speed: float = 1.0
    loudness: float = -18.0
    bitrate: int = 64
    jobs: int = 0
    only: tuple[str, ...] = PRODUCTS
    devices: tuple[str, ...] = ()
    certified_by: str | None = None
    cache: str | None = None
    listening: Listening = field(default_factory=Listening)

    @property
    def products(self) -> tuple[str, ...]:
        """What is made of each article."""
        return tuple(name for name in self.only if name != WEB)

    @property
    def workers(self) -> int:
        """How many sentences are spoken at once: `jobs`, else as many as there are cores."""
        if self.jobs:
            return self.jobs
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_RANGES = {"speed": (0.5, 3.0), "loudness": (-30.0, -16.0), "jobs": (0, 256)}


def load_settings(folder: Path, options: Mapping[str, object]) -> Settings:
    """The settings that hold for content in `folder`; raises `UsageError` with the place of what cannot be."""
    _check_epoch()
    settings = Settings()
    for file in (_user_file(), folder / FILE_NAME):
        if file.is_file():
            settings = _merged(settings, _read(file), str(file))
    environment = {
        one.name: os.environ[f"PACKAGER_{one.name.upper()}"]
        for one in fields(Settings)
        if os.environ.get(f"PACKAGER_{one.name.upper()}")
    }
    settings = _merged(settings, environment, "The environment (PACKAGER_…)")
    given = {key: value for key, value in options.items() if value not in (None, ())}
    return _merged(settings, given, "The command line")


def _check_epoch() -> None:
    """Before anything else reads it: numpy stumbles over a wrong one with a traceback."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11:
        raise UsageError(f"SOURCE_DATE_EPOCH is “{epoch}”, not a number of seconds.", "Unset it or correct it.")


def _user_file() -> Path:
    if named := os.environ.get("PACKAGER_CONFIG"):
        if not Path(named).exists():
            raise UsageError(f"There is no file “{named}”, which PACKAGER_CONFIG names.", "Correct it or unset it.")
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("packager") / FILE_NAME


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"“{file}” is not valid TOML: {error}.", "Correct it or take it away.") from None
    except OSError as error:
        raise UsageError(f"“{file}” cannot be read: {error.strerror}.", "Check that you may read it.") from None


def _merged(settings: Settings, values: Mapping[str, object], place: str) -> Settings:
    known = {one.name for one in fields(Settings)}
    changed: dict[str, Any] = {}
    for key, value in values.items():
        name = key.replace("-", "_")
        if name not in known:
            raise UsageError(f"{place} sets “{key}”, which is no setting.", f"There are {', '.join(sorted(known))}.")
        if name == "listening":
            changed[name] = listening_plan(settings.listening, value, place)
        else:
            changed[name] = _valid(name, value, place)
    return replace(settings, **_with_products(changed, place))


def _with_products(changed: dict[str, Any], place: str) -> dict[str, Any]:
    """Devices say what is made, and so does `only`: whichever is said last holds."""
    if "devices" in changed and "only" in changed:
        raise UsageError(
            f"{place} says both what to make and for which devices.",
            "Give one alone, --only or --for: a device says itself what it wants.",
        )
    if "only" in changed:
        return changed | {"devices": ()}
    if "devices" not in changed:
        return changed
    from packager.delivery.profiles import profile

    wanted = {product for name in changed["devices"] for product in profile(name).products}
    return changed | {"only": _in_order((*wanted, "json"))}


def _valid(name: str, value: object, place: str) -> object:
    try:
        if name == "only":
            return _products(value)
        if name == "devices":
            return _devices(value)
        if name in ("bitrate", "jobs"):
            number: float = int(str(value))
        elif name in ("speed", "loudness"):
            number = float(str(value))
        else:
            return _printable(str(value), name, place)
    except ValueError:
        raise UsageError(
            f"{place} sets {name} to “{value}”, which is not such a number.",
            "Give a number, a whole one for jobs and bitrate.",
        ) from None
    if name in _RANGES and not _RANGES[name][0] <= number <= _RANGES[name][1]:
        low, high = _RANGES[name]
        raise UsageError(f"{place} sets {name} to {value}.", f"It goes from {low} to {high}.")
    return number


def _printable(text: str, name: str, place: str) -> str:
    if not text.isprintable():
        raise UsageError(f"{place} sets {name} to something with control characters in it.", "Write it without.")
    return text


def _products(value: object) -> tuple[str, ...]:
    chosen = _names(value)
    if not chosen:
        raise UsageError("No product to make is named.", f"Choose from {', '.join(_PRODUCTS_AND_WEB)}.")
    for name in chosen:
        if name not in _PRODUCTS_AND_WEB:
            raise UsageError(f"There is no product “{name}” to make.", f"Choose from {', '.join(_PRODUCTS_AND_WEB)}.")
    return _in_order((*chosen, *PRODUCTS) if WEB in chosen else chosen)


def _devices(value: object) -> tuple[str, ...]:
    from packager.delivery.profiles import profile, profiles

    chosen = _names(value)
    if not chosen:
        raise UsageError(
            "No device to make books for is named.", f"Choose from {', '.join(sorted(one.id for one in profiles()))}."
        )
    return tuple(dict.fromkeys(profile(name).id for name in chosen))


def _names(value: object) -> tuple[str, ...]:
    """What is listed, with commas between or one by one."""
    listed = [value] if isinstance(value, str) else value if isinstance(value, (list, tuple)) else []
    return tuple(name.strip() for one in listed for name in str(one).split(",") if name.strip())


def _in_order(products: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in _PRODUCTS_AND_WEB if name in products)
