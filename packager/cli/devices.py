"""packager devices: what is attached, what it is, and what Packager has put on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import json_option
from packager.cli.telling import print_json, remark, size
from packager.errors import DeliveryError, ExitCode

if TYPE_CHECKING:
    from packager.delivery.devices.targets import Device


@click.command("devices")
@click.option("--known", is_flag=True, help="Tell which kinds of devices Packager knows, for --for and --as.")
@json_option
def command(known: bool, as_json: bool) -> int:
    """Tell which e-readers, players and cards are attached, and what Packager has put on them."""
    from packager.delivery.devices.targets import attached_devices, attached_unmounted

    if known:
        return _tell_profiles(as_json)
    devices = attached_devices()
    found = [_about(device) for device in devices]
    unmounted = [
        {
            "profile": one.profile.id,
            "name": one.profile.name,
            "usb": one.usb.ids,
            "calls_itself": one.usb.name or None,
            "steps": one.steps,
        }
        for one in attached_unmounted(devices)
    ]
    if as_json:
        print_json({"devices": found, "unmounted": unmounted})
        return ExitCode.GOOD
    for about in sorted(found, key=lambda about: about["profile"] is None):
        click.echo(_line(about))
    for about in unmounted:
        click.echo(f"{about['name']}, by its USB ids {about['usb']}: attached, but not as a disk. {about['steps']}")
    if not found and not unmounted:
        remark("No device is attached. Plug one in, and confirm on its screen that it may connect.")
    return ExitCode.GOOD


def _tell_profiles(as_json: bool) -> int:
    from packager.delivery.profiles import profiles

    if as_json:
        shown = ("id", "name", "products", "attachment", "steps", "remark")
        print_json({"profiles": [{name: getattr(one, name) for name in shown} for one in profiles()]})
        return ExitCode.GOOD
    for one in profiles():
        click.echo(f"{one.id}: {one.name}, gets {' and '.join(one.products)}.")
    return ExitCode.GOOD


def _about(device: Device) -> dict[str, Any]:
    """The device as plain values."""
    from packager.delivery.devices.holding import Held
    from packager.delivery.devices.record import read_record

    volume, kind = device.volume, device.profile
    about: dict[str, Any] = {
        "profile": kind.id if kind else None,
        "name": kind.name if kind else None,
        "why": device.why,
        "label": volume.label or None,
        "mount": str(volume.mount),
        "device": volume.device,
        "filesystem": volume.filesystem,
        "usb": volume.usb or None,
        "removable": volume.removable,
        "read_only": volume.read_only,
        "free": None,
        "loaded": [],
        "problem": None,
        "remark": kind.remark if kind else "",
        "steps": kind.steps if kind and kind.attachment != "disk" else "",
    }
    try:
        with Held(volume.mount, volume.name) as held:
            about |= {"free": held.free(), "read_only": held.is_read_only()}
            files = read_record(held).files
            about["loaded"] = [
                {"slug": one.slug, "product": one.product, "path": one.path} for one in files if not one.part
            ]
    except DeliveryError as error:
        about["problem"] = error.message
    return about


def _line(about: dict[str, Any]) -> str:
    label = f"“{about['label']}” " if about["label"] else ""
    facts = [f"{about['name'] or 'Not recognised'}: {label}at {about['mount']}"]
    if about["free"] is not None:
        facts.append(f"{size(about['free'])} free")
    if about["read_only"]:
        facts.append("read-only")
    if slugs := sorted({one["slug"] for one in about["loaded"]}):
        facts.append(f"loaded: {', '.join(slugs)}")
    elif about["profile"]:
        facts.append("nothing loaded by Packager")
    sentences = [", ".join(facts) + "."]
    if not about["profile"]:
        sentences.append(f"{about['why'][:1].upper()}{about['why'][1:].removesuffix('.')}.")
        if about["free"] is not None:
            sentences.append(
                f"To load it all the same: --to “{about['mount']}” --as PROFILE (see packager devices --known)."
            )
    elif about["problem"]:
        sentences.append(about["problem"])
    return " ".join(filter(None, [*sentences, about["steps"]]))
