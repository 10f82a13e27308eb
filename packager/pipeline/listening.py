"""The listening plan as people write it, in packager.toml, front matter or options, over what holds by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from packager.errors import UsageError
from packager.model import Listening

_CHOICES: dict[str, tuple[str, ...]] = {
    "code": ("read", "announce", "leave-out"),
    "tables": ("read", "summarise", "announce", "leave-out"),
    "notes": ("read", "announce", "leave-out"),
    "pictures": ("read", "announce", "leave-out"),
    "addresses": ("read", "summarise", "announce", "leave-out"),
    "citations": ("read", "leave-out"),
}
_MOST_CELLS = 100_000


def listening_plan(base: Listening, wishes: object, place: str) -> Listening:
    """`base` with the wishes: a mapping, or text such as "code=read, tables=summarise".

    Raises `UsageError` with the place and the choices for what cannot be.
    """
    changed: dict[str, Any] = dict(_wish(str(key), value, place) for key, value in _pairs(wishes, place).items())
    return replace(base, **changed)


def _pairs(wishes: object, place: str) -> Mapping[object, object]:
    if isinstance(wishes, Mapping):
        return wishes
    pairs = [pair.partition("=") for pair in str(wishes).split(",") if pair.strip()]
    if not all(sign for _, sign, _ in pairs):
        raise UsageError(
            f"{place} sets the listening plan to “{wishes}”.", "Write it like “code=read, notes=leave-out”."
        )
    return {key: value for key, _, value in pairs}


def _wish(key: str, value: object, place: str) -> tuple[str, object]:
    name = key.strip().lower().replace("-", "_")
    wanted = str(value).strip().lower().replace(" ", "-").replace("_", "-")
    if name == "table_cells":
        if not wanted.isdecimal() or int(wanted) > _MOST_CELLS:
            raise UsageError(
                f"{place} sets table-cells of the listening plan to “{value}”.",
                f"Give a whole number from 0 to {_MOST_CELLS}.",
            )
        return name, int(wanted)
    if name not in _CHOICES:
        known = ", ".join([*_CHOICES, "table-cells"])
        raise UsageError(
            f"{place} sets “{key}” in the listening plan, which is none of its kinds.", f"There are {known}."
        )
    if wanted not in _CHOICES[name]:
        raise UsageError(
            f"{place} sets {name} in the listening plan to “{value}”.", f"Choose from {', '.join(_CHOICES[name])}."
        )
    return name, wanted
