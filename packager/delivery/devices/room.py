"""Whether there is room on a device for what is to be written."""

from __future__ import annotations

from collections.abc import Sequence

from packager.delivery.devices.holding import Held
from packager.errors import DeliveryError

_SPARE = 2**21
"""Bytes that stay free on a device, for its own database."""


def check_room(held: Held, files: Sequence[tuple[int, int]]) -> None:
    """Raise `DeliveryError` when files would not fit, each beside the one that it replaces.

    Of each file the bytes are given, and those of the older one that goes when it is whole.
    """
    cluster = held.cluster()
    free = held.free()
    room = free - _SPARE
    for count, replaced in files:
        room -= _whole(count, cluster)
        if room < 0:
            total = sum(_whole(one, cluster) for one, _ in files)
            raise DeliveryError(
                f"“{held.name}” has too little room: {_megabytes(total + _SPARE)} are needed and {_megabytes(free)} are "
                "free; nothing was written.",
                "Name fewer articles, or take some off with “packager unload”.",
            )
        room += _whole(replaced, cluster)


def _whole(count: int, cluster: int) -> int:
    return -(-count // cluster) * cluster


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
