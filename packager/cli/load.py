"""packager load: built articles onto a device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import json_option, quiet_option
from packager.cli.telling import print_json, progress_of, remark, size
from packager.errors import ExitCode, PackagerError, UsageError

if TYPE_CHECKING:
    from packager.delivery.devices.holding import Held
    from packager.delivery.devices.planning import Item, Plan
    from packager.delivery.devices.targets import Target

_WORDS = {
    "new": "loaded as “{path}”",
    "newer": "loaded as “{path}”, in place of the older build",
    "same": "already there, as “{path}”",
    "foreign": "left alone",
    "changed": "not loaded",
    "missing": "not loaded",
    "too large": "not loaded",
}
_WOULD = {"new": "would be loaded as “{path}”", "newer": "would be loaded as “{path}”, in place of the older build"}


@click.command("load")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--to",
    "named",
    multiple=True,
    metavar="NAME|PATH",
    help="The device, by profile, label or mount point; or a folder.",
)
@click.option(
    "--as",
    "kind",
    metavar="PROFILE",
    help="What the device is, instead of what it is recognised as; see “packager devices --known”.",
)
@click.option("-o", "--output", metavar="FOLDER", help="Where the built articles are; “build” when not given.")
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be loaded, and write nothing.")
@click.option("--overwrite", is_flag=True, help="Replace also what was changed on the device since it was loaded.")
@click.option("--eject", is_flag=True, help="Afterwards unmount the device, so that it can be pulled out.")
@json_option
@quiet_option
def command(
    slugs: tuple[str, ...],
    named: tuple[str, ...],
    kind: str | None,
    output: str | None,
    dry_run: bool,
    overwrite: bool,
    eject: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Load built articles onto an e-reader, a player or a card; all of them, if none is named.

    Each device gets what it opens, where it looks for it. What is there already is not loaded twice, a newer build
    replaces the older, and files of yours are never touched. What was loaded can be taken back with “packager unload”.
    """
    from packager.delivery.devices.holding import Held
    from packager.delivery.devices.planning import plan_load
    from packager.delivery.devices.targets import chosen_target
    from packager.delivery.shelf import chosen_books, read_shelf
    from packager.pipeline.settings import load_settings

    if len(named) > 1:
        raise UsageError(f"--to names {len(named)} devices.", "Load one after the other.")
    shelf = read_shelf(Path(load_settings(Path("content"), {"output": output}).output))
    for problem in shelf.problems:
        remark(f"Note: {problem}", quiet)
    books = chosen_books(shelf, slugs)
    target = chosen_target(named[0] if named else None, kind)
    silent = quiet or as_json
    tell_target(target, quiet)
    with Held(target.root, target.name) as held:
        held.lock()
        with progress_of("Checking", silent) as progress:
            plan = plan_load(held, target, books, progress, overwrite=overwrite)
        if plan.record_is_damaged:
            remark(
                "Note: the record of what was loaded before is damaged; what is on the device counts as yours.", quiet
            )
        done, failure = ([], None) if dry_run else _load(held, plan, target, silent)
    ejected = None
    if eject and not dry_run and not failure:
        ejected, failure = _eject(target)
    written = {(item.book.slug, item.product): item for item in done}
    rows = [
        _row(written.get(key := (item.book.slug, item.product), item), dry_run, key in written) for item in plan.items
    ]
    if as_json:
        result = {"files": rows, "ejected": ejected, "error": (str(failure) or "Interrupted.") if failure else None}
        print_json({"device": described(target), "dry_run": dry_run, **result})
    elif not quiet:
        for line in (*map(_line, rows), *filter(None, [ejected])):
            click.echo(line)
    if failure:
        raise failure
    if done and not ejected and not target.is_of_this_computer:
        remark("Eject the device before you pull it out.", silent)
    return ExitCode.DELIVERY if _failed(plan) else ExitCode.GOOD


def _load(
    held: Held, plan: Plan, target: Target, silent: bool
) -> tuple[list[Item], PackagerError | KeyboardInterrupt | None]:
    """What came to be on the device, and what kept the rest from it."""
    from packager.delivery.devices.loading import load

    done: list[Item] = []
    try:
        with progress_of("Loading", silent or not plan.to_write) as progress:
            load(held, plan, target.profile.id, progress, done.append)
    except (PackagerError, KeyboardInterrupt) as error:
        return done, error
    return done, None


def _eject(target: Target) -> tuple[str | None, PackagerError | None]:
    from packager.delivery.devices.ejecting import eject

    try:
        return eject(target), None
    except PackagerError as error:
        return None, error


def tell_target(target: Target, quiet: bool) -> None:
    """Which device it is and why, or that it is none."""
    if target.is_of_this_computer:
        remark(f"Note: “{target.name}” is a folder of this computer, not a device.", quiet)
    else:
        remark(f"{target.profile.name}: “{target.name}” at {target.root} ({target.why}).", quiet)


def described(target: Target) -> dict[str, Any]:
    """The target as plain values."""
    return {
        "profile": target.profile.id,
        "why": target.why,
        "name": target.name,
        "root": str(target.root),
        "folder": target.folder,
        "of_this_computer": target.is_of_this_computer,
    }


def _failed(plan: Plan) -> bool:
    from packager.delivery.devices.planning import FAILED

    return any(item.action in FAILED for item in plan.items)


def _row(item: Item, dry_run: bool, is_done: bool) -> dict[str, Any]:
    """The item as plain values. An item that was planned and is not done was kept from it by an error."""
    planned = item.action in _WOULD
    words = _WOULD if dry_run and planned else _WORDS
    state = words[item.action].format(path=item.path) if is_done or dry_run or not planned else "not loaded"
    return {
        "slug": item.book.slug,
        "title": item.book.metadata.title,
        "product": item.product,
        "action": item.action,
        "done": is_done,
        "state": state,
        "path": item.path or None,
        "bytes": item.bytes or None,
        "sha256": item.sha256 or None,
        "note": item.note or None,
    }


def _line(row: dict[str, Any]) -> str:
    bytes_told = f" ({size(row['bytes'])})" if row["bytes"] and row["action"] in _WOULD else ""
    note = f": {row['note']}" if row["note"] else ""
    return f"{row['title']}: {row['product']} {row['state']}{bytes_told}{note}"
