"""The volumes that are mounted and are not this computer's own."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from packager.delivery.devices.block import Block, block_of, labels

_OWN = ("/", "/home", "/root", "/boot", "/boot/efi", "/usr", "/var", "/opt", "/srv", "/nix", "/snap")
_OWN_PREFIXES = ("/boot/", "/snap/", "/System/", "/var/lib/", "/usr/")
_MEDIA = ("/media", "/run/media", "/mnt", "/Volumes")
"""Where systems mount what is plugged in: a folder there that is no volume is what is left of one."""


@dataclass(frozen=True)
class Volume:
    """A mounted volume. `removable` and `usb` ("2237:4228", of the device it is on) are known on Linux only.

    `answers` is False when it was pulled out and is still mounted.
    """

    mount: Path
    device: str
    filesystem: str
    label: str
    read_only: bool
    number: int
    removable: bool | None = None
    usb: str = ""
    answers: bool = True

    @property
    def name(self) -> str:
        """What its user knows it by."""
        return self.label or self.mount.name or str(self.mount)


def volumes() -> list[Volume]:
    """All mounted volumes but those that this computer runs from, in the order they were mounted."""
    import psutil

    own = _own_numbers()
    found = []
    for part in psutil.disk_partitions(all=False):
        mount = Path(part.mountpoint)
        if part.mountpoint in _OWN or part.mountpoint.startswith(_OWN_PREFIXES):
            continue
        about = _about(mount)
        if about is not None and (about.st_dev in own or not mount.is_dir()):
            continue
        found.append((part, mount, about))
    names = labels([part.device for part, _, _ in found])
    return [
        _volume(part.device, part.fstype, part.opts, mount, about, names.get(part.device, ""))
        for part, mount, about in found
    ]


def volume_of(folder: Path, among: list[Volume]) -> Volume | None:
    """The volume that a folder is on, if it is one of these."""
    number = folder.stat().st_dev
    fitting = [one for one in among if one.number == number and folder.is_relative_to(one.mount)]
    return max(fitting, key=lambda one: len(one.mount.parts), default=None)


def is_place_for_volumes(folder: Path) -> bool:
    """Whether the folder is where volumes are mounted, and so should be on one."""
    return any(folder.is_relative_to(media) and folder != Path(media) for media in _MEDIA)


def _volume(
    device: str, filesystem: str, options: str, mount: Path, about: os.stat_result | None, label: str
) -> Volume:
    block = block_of(device) if sys.platform == "linux" else Block()
    return Volume(
        mount=mount,
        device=device,
        filesystem=filesystem,
        label=label or (mount.name if is_place_for_volumes(mount) else ""),
        read_only="ro" in options.split(","),
        number=about.st_dev if about else 0,
        removable=block.removable,
        usb=block.usb,
        answers=about is not None,
    )


def _own_numbers() -> set[int]:
    """The numbers of the volumes that this computer runs from."""
    return {about.st_dev for path in (*_OWN, Path.home()) if (about := _about(Path(path)))}


def _about(path: Path) -> os.stat_result | None:
    try:
        os.statvfs(path)
        return path.stat()
    except OSError:
        return None
