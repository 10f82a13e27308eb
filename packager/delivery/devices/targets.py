"""Where to load: the one device that is attached, or what the user named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.delivery.devices.block import SYSTEM, UsbDevice, usb_devices
from packager.delivery.devices.failures import pulled_out
from packager.delivery.devices.holding import Held
from packager.delivery.devices.recognising import LOADED_BEFORE, Recognised, recognised
from packager.delivery.devices.volumes import Volume, is_place_for_volumes, volume_of, volumes
from packager.delivery.profiles import Profile, profile, profiles
from packager.delivery.reports import plain
from packager.errors import DeliveryError, UsageError

_PLUG_IN = "Plug it in, confirm on its screen that it may connect, and see “packager devices”."
_NAME_IT = "Name it with --to PATH, and say what it is with --as, such as --as generic."


@dataclass(frozen=True)
class Device:
    """A volume, what it was recognised as, if it was, and why or why not."""

    volume: Volume
    profile: Profile | None
    why: str

    @property
    def described(self) -> str:
        """A few words by which it is told from others."""
        kind = f"{self.profile.name} " if self.profile else ""
        return f"{kind}“{self.volume.name}” at {self.volume.mount}"


@dataclass(frozen=True)
class Unmounted:
    """Something on USB that is no volume: by its ids perhaps a device of that profile."""

    usb: UsbDevice
    profile: Profile

    @property
    def steps(self) -> str:
        """What its user can do."""
        if self.usb.has_disk or not self.profile.steps:
            return "Confirm on its screen that it may connect, and open it in the file manager, which mounts it."
        return self.profile.steps


@dataclass(frozen=True)
class Target:
    """Where to load: the root that the record lies in, the folder below it that the user named, if any, and as what.

    `device` is the block device, "" for a folder of this computer.
    """

    root: Path
    name: str
    profile: Profile
    why: str
    folder: str | None = None
    device: str = ""

    @property
    def is_of_this_computer(self) -> bool:
        """Whether it is a folder, and nothing that is taken along."""
        return not self.device


def attached_devices() -> list[Device]:
    """All volumes that are attached, with what they are."""
    return [_device(volume) for volume in volumes()]


def attached_unmounted(devices: Sequence[Device], system: Path = SYSTEM) -> list[Unmounted]:
    """What hangs on USB and is by its ids a device of a profile, but is not among the volumes."""
    mounted = {one.volume.usb for one in devices}
    found = [
        (usb, kind)
        for usb in usb_devices(system)
        if usb.ids not in mounted
        for kind in profiles()
        if usb.ids in kind.usb
    ]
    # Several profiles may share an id: the first is a guess as good as any.
    first = {usb.ids: Unmounted(usb, kind) for usb, kind in reversed(found)}
    return [first[ids] for ids in sorted(first)]


def chosen_target(named: str | None, kind: str | None = None, *, to_write: bool = True) -> Target:
    """The target that the user means, by a name or a path; the one recognised device when nothing is named.

    `kind` is the profile that the user says it is. Raises `UsageError` and `DeliveryError` when it is none or several,
    and, if it is `to_write`, when it is a folder of this computer that only looks like a device.
    """
    wanted = profile(kind) if kind else None
    devices = attached_devices()
    if named is None:
        return _target(_only(devices), wanted, to_write)
    if _is_path(named):
        return _at_path(Path(named).expanduser(), wanted, devices, to_write)
    return _target(_named(named, devices), wanted, to_write)


def _device(volume: Volume) -> Device:
    if not volume.answers:
        return Device(volume, None, "it does not answer: it was pulled out while it was mounted")
    try:
        with Held(volume.mount, volume.name) as held:
            found = recognised(held, volume.label, volume.usb)
    except DeliveryError as error:
        return Device(volume, None, error.message)
    return Device(volume, found.profile, found.why)


def _only(devices: Sequence[Device]) -> Device:
    known = [one for one in devices if one.profile]
    if len(known) == 1:
        return known[0]
    if known:
        raise UsageError(f"{len(known)} devices are attached: {_listed(known)}.", f"Say which: {_choices(known)}.")
    if devices:
        others = "; ".join(f"{one.described}: {one.why}" for one in devices)
        raise DeliveryError(f"No device was recognised. {others}.", _NAME_IT)
    if unmounted := attached_unmounted(devices):
        raise DeliveryError(f"“{unmounted[0].profile.name}” is attached, but not as a disk.", unmounted[0].steps)
    raise DeliveryError("No device is attached.", _PLUG_IN)


def _named(name: str, devices: Sequence[Device]) -> Device:
    wanted = name.strip().casefold()
    fitting = [one for one in devices if wanted in _names(one)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UsageError(
            f"“{name}” may be any of {len(fitting)} devices: {_listed(fitting)}.",
            f"Say which: {_choices(fitting)}.",
        )
    folder = f" If you mean the folder, write --to ./{name}." if name and Path(name).is_dir() else ""
    if not devices:
        raise DeliveryError(f"“{name}” is not attached, nor any other device.", f"{_PLUG_IN}{folder}")
    raise UsageError(f"No device is called “{name}”.", f"There are {_listed(devices)}.{folder}")


def _names(device: Device) -> set[str]:
    volume, kind = device.volume, device.profile
    names = {volume.label, volume.mount.name, volume.device}
    if kind:
        names |= {kind.id, kind.name, *kind.also}
    return {name.casefold() for name in names if name}


def _choices(devices: Sequence[Device]) -> str:
    """What to type for each: its label if no other has it, else where it is mounted."""
    labels = [one.volume.label for one in devices]
    return " or ".join(
        f"--to {one.volume.label}"
        if one.volume.label and labels.count(one.volume.label) == 1 and " " not in one.volume.label
        else f"--to “{one.volume.mount}”"
        for one in devices
    )


def _listed(devices: Sequence[Device]) -> str:
    return ", ".join(one.described for one in devices)


def _target(device: Device, wanted: Profile | None, to_write: bool, folder: str | None = None) -> Target:
    volume, kind = device.volume, wanted or device.profile
    if not volume.answers:
        raise pulled_out(volume.name)
    why = "you said so" if wanted else device.why
    if kind is None:
        kind, why = profile("generic"), f"{device.why}; so it is taken for any disk"
    if to_write:
        _refuse_what_is_no_disk(kind)
    return Target(volume.mount, volume.name, kind, why, folder, volume.device)


def _refuse_what_is_no_disk(kind: Profile) -> None:
    if kind.attachment != "disk":
        raise DeliveryError(f"“{kind.name}” cannot be loaded like a disk.", kind.steps)


def _is_path(name: str) -> bool:
    return os.sep in name or name in (".", "..", "~") or bool(os.altsep and os.altsep in name)


def _at_path(named: Path, wanted: Profile | None, devices: Sequence[Device], to_write: bool) -> Target:
    if dead := next((one for one in devices if not one.volume.answers and named.absolute() == one.volume.mount), None):
        raise pulled_out(dead.volume.name)
    try:
        folder = named.resolve(strict=True)
        volume = volume_of(folder, [one.volume for one in devices])
    except OSError as error:
        reason = "" if isinstance(error, FileNotFoundError) else f" ({error.strerror})"
        raise UsageError(
            f"There is no folder “{named}”{reason}.", "Name one that is there; see “packager devices”."
        ) from None
    if not folder.is_dir():
        raise UsageError(f"“{named}” is a file, not a folder.", "Name the folder or the device.")
    if volume:
        device = next(one for one in devices if one.volume == volume)
        below = "" if folder == volume.mount else folder.relative_to(volume.mount).as_posix()
        if plain(below) != below:
            raise UsageError(f"“{plain(below)}” has signs in its name that cannot be written down.", "Rename it.")
        return _target(device, wanted, to_write, below or None)
    return _folder_of_this_computer(folder, wanted, to_write)


def _folder_of_this_computer(folder: Path, wanted: Profile | None, to_write: bool) -> Target:
    """The folder as a target, if the user surely means it: what is left of a device that was pulled out looks like one."""
    with Held(folder, str(folder)) as held:
        found = recognised(held)
    kind = wanted or found.profile or profile("generic")
    if to_write:
        _refuse_what_is_no_disk(kind)
        if not wanted and found.why != LOADED_BEFORE:
            _refuse_what_was_a_device(folder, found)
    return Target(folder, str(folder), kind, "it is a folder of this computer")


def _refuse_what_was_a_device(folder: Path, found: Recognised) -> None:
    all_the_same = "Plug the device in; or, to write into that folder all the same, say as what, such as --as "
    if found.profile:
        raise DeliveryError(
            f"“{folder}” looks like a {found.profile.name} ({found.why}), but is a folder of this computer, no device.",
            f"{all_the_same}{found.profile.id}.",
        )
    if is_place_for_volumes(folder):
        raise DeliveryError(f"At “{folder}” nothing is mounted.", f"{all_the_same}generic.")
