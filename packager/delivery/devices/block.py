"""What Linux knows of the devices behind volumes and of what hangs on USB; elsewhere nothing is known."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from packager.delivery.reports import plain

SYSTEM = Path("/sys")

_TIMEOUT = 5.0
"""Seconds: a device that was pulled out can keep whoever asks it waiting."""
_SBIN = "/usr/sbin:/sbin"
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")


@dataclass(frozen=True)
class Block:
    """A disk: whether it can be taken off, and the USB ids of what it is in."""

    removable: bool | None = None
    usb: str = ""


@dataclass(frozen=True)
class UsbDevice:
    """Something on USB: its ids ("2237:4228"), what it calls itself, and whether the system sees a disk in it."""

    ids: str
    name: str
    has_disk: bool


def block_of(device: str, system: Path = SYSTEM) -> Block:
    """What is known of the disk that `device` (/dev/sdb1) is on."""
    try:
        number = Path(device).stat().st_rdev
        place = (system / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}").resolve(strict=True)
    except OSError:
        return Block()
    usb = next((ids for folder in (place, *place.parents) if (ids := _ids(folder))), "")
    flags = [_text(folder / "removable") for folder in (place, place.parent)]
    return Block(removable=bool(usb) or "1" in flags, usb=usb)


def usb_devices(system: Path = SYSTEM) -> list[UsbDevice]:
    """All that hangs on USB, in order of its ids."""
    folder = system / "bus" / "usb" / "devices"
    found = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else []:
        if ids := _ids(place):
            name = plain(" ".join(filter(None, (_text(place / "manufacturer"), _text(place / "product")))))
            found.append(UsbDevice(ids, name, any(place.resolve().glob("*/host*/target*/*/block"))))
    return sorted(found, key=lambda one: one.ids)


def labels(devices: list[str]) -> dict[str, str]:
    """The labels of volumes, by device: as read from the volume where that is allowed, else as the system remembers them."""
    remembered = _remembered_labels()
    found = {
        device: _output_of("blkid", "-c", os.devnull, "-o", "value", "-s", "LABEL", device)
        if os.access(device, os.R_OK)
        else remembered.get(os.path.realpath(device), "")
        for device in devices
    }
    # Whoever made the volume chose its label, and it is shown on a terminal.
    return {device: plain(label) for device, label in found.items()}


def _remembered_labels() -> dict[str, str]:
    found = _labels_by_lsblk()
    for link in _links(Path("/dev/disk/by-label")):
        found.setdefault(str(link.resolve()), _ESCAPE.sub(lambda match: chr(int(match[1], 16)), link.name))
    return found


def _labels_by_lsblk() -> dict[str, str]:
    try:
        rows = json.loads(_output_of("lsblk", "--json", "--list", "-o", "PATH,LABEL") or "{}").get("blockdevices", [])
        return {row["path"]: row["label"] for row in rows if row.get("label")}
    except (ValueError, KeyError):
        return {}


def _output_of(program: str, *arguments: str) -> str:
    """What a program of the system says; nothing where it is missing, fails, or takes too long."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:{_SBIN}")
    if not found:
        return ""
    try:
        done = subprocess.run([found, *arguments], capture_output=True, timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip()


def _links(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _ids(folder: Path) -> str:
    vendor, product = _text(folder / "idVendor"), _text(folder / "idProduct")
    return f"{vendor}:{product}".lower() if vendor and product else ""


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
