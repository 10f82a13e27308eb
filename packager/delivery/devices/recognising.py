"""What kind of device a volume is: by the marks on it, then by its label. USB ids alone prove nothing."""

from __future__ import annotations

from dataclasses import dataclass

from packager.delivery.devices.holding import Held
from packager.delivery.devices.record import RecordDamagedError, read_record
from packager.delivery.profiles import Profile, profiles

LOADED_BEFORE = "it was loaded as that before"
"""Why a device is known that its user has named once."""

_MARKER_BYTES = 4096


@dataclass(frozen=True)
class Recognised:
    """The profile of a device, None when it is not known, and why."""

    profile: Profile | None
    why: str


def recognised(held: Held, label: str = "", usb: str = "") -> Recognised:
    """What the volume is. Raises `DeliveryError` when it does not answer."""
    if chosen := _chosen_before(held):
        return Recognised(chosen, LOADED_BEFORE)
    if fitting := [
        (rank, one, marks) for one in profiles() for marks in one.markers if (rank := _rank(held, one, marks))
    ]:
        _, found, marks = max(fitting, key=lambda fit: fit[0])
        return Recognised(found, f"it has {_listed(marks)}")
    return _by_label(label) if label and _by_label(label).profile else Recognised(None, _why_not(held, label, usb))


def _chosen_before(held: Held) -> Profile | None:
    try:
        wanted = read_record(held).profile
    except RecordDamagedError:
        return None
    return next((one for one in profiles() if one.id == wanted), None)


def _rank(held: Held, one: Profile, marks: tuple[str, ...]) -> tuple[bool, int] | None:
    """How well the marks fit: a mark whose text tells devices apart beats others, then more marks beat fewer."""
    if not all(held.exists(mark) for mark in marks):
        return None
    endings = [(mark, one.marker_endings[mark]) for mark in marks if mark in one.marker_endings]
    if not all(_text(held, mark).endswith(ending) for mark, ending in endings):
        return None
    return bool(endings), len(marks)


def _text(held: Held, mark: str) -> str:
    return held.read(mark, _MARKER_BYTES).decode("utf-8", "replace").strip() if held.size(mark) is not None else ""


def _by_label(label: str) -> Recognised:
    fitting = [one for one in profiles() if label.casefold() in (known.casefold() for known in one.labels)]
    if len(fitting) == 1:
        return Recognised(fitting[0], f"its label is “{label}”")
    return Recognised(None, "")


def _why_not(held: Held, label: str, usb: str) -> str:
    if not held.names(""):
        return "it is empty"
    if alike := [one.name for one in profiles() if label.casefold() in (known.casefold() for known in one.labels)]:
        return f"its label is “{label}”, which {' and '.join(alike)} share, and it has no folder that tells which it is"
    if hinted := [one.name for one in profiles() if usb and usb in one.usb]:
        return (
            f"its USB ids ({usb}) are those of {' or '.join(hinted)}, but none of its folders is: perhaps a memory card"
        )
    return "it has no file or folder by which a device is known"


def _listed(marks: tuple[str, ...]) -> str:
    return " and ".join(f"“{mark}”" for mark in marks)
