"""Letting go of a device, so that it may be pulled out."""

from __future__ import annotations

import shutil
import subprocess
import sys

from packager.delivery.devices.targets import Target
from packager.errors import DeliveryError

_TIMEOUT = 120.0
"""Seconds: what the system has still to write is written now."""


def eject(target: Target) -> str:
    """Unmount the device and switch it off; gives what it came to. Raises `DeliveryError` when it stays mounted."""
    if target.is_of_this_computer:
        return f"“{target.name}” is a folder of this computer: there is nothing to eject."
    if sys.platform == "darwin":
        _run(target, "diskutil", "eject", str(target.root))
        return f"“{target.name}” is ejected: it can be pulled out."
    _run(target, "udisksctl", "unmount", "--no-user-interaction", "-b", target.device)
    try:
        _run(target, "udisksctl", "power-off", "--no-user-interaction", "-b", target.device)
    except DeliveryError:
        # A card reader, for instance, has no switch; what matters is that nothing is mounted.
        return f"“{target.name}” is unmounted, but not switched off: it can be pulled out."
    return f"“{target.name}” is ejected: it can be pulled out."


def _run(target: Target, program: str, *arguments: str) -> None:
    by_hand = "Eject it in the file manager before you pull it out."
    found = shutil.which(program)
    if not found:
        raise DeliveryError(f"“{target.name}” cannot be ejected: {program} is not installed.", by_hand)
    try:
        done = subprocess.run([found, *arguments], capture_output=True, timeout=_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise DeliveryError(f"“{target.name}” was not ejected within {_TIMEOUT:.0f} seconds.", by_hand) from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        reason = said[-1][:200] if said else f"{program} ended with {done.returncode}"
        raise DeliveryError(f"“{target.name}” could not be ejected: {reason}.", by_hand)
