"""packager unload: takes back what Packager has put on a device, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from packager.cli.load import described, tell_target
from packager.cli.options import json_option, quiet_option
from packager.cli.telling import print_json, progress_of, remark
from packager.errors import ExitCode, PackagerError

if TYPE_CHECKING:
    from packager.delivery.devices.loading import Taken

_WORDS = {
    "taken": "taken off",
    "gone": "was not there any more",
    "changed": "left: it was changed since it was loaded",
}


@click.command("unload")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--from", "--to", "named", metavar="NAME|PATH", help="The device, by profile, label or mount point.")
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be taken off, and take nothing.")
@json_option
@quiet_option
def command(slugs: tuple[str, ...], named: str | None, dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Take off a device what Packager has put there; all of it, if no article is named.

    A file that was changed on the device since stays, and so does everything that Packager did not put there.
    """
    from packager.delivery.devices.holding import Held
    from packager.delivery.devices.loading import unload
    from packager.delivery.devices.targets import chosen_target

    target = chosen_target(named, to_write=False)
    silent = quiet or as_json
    tell_target(target, quiet)
    found: list[Taken] = []
    failure: PackagerError | None = None
    with Held(target.root, target.name) as held:
        held.lock()
        try:
            with progress_of("Checking", silent) as progress:
                unload(held, tuple(dict.fromkeys(slugs)), progress, found.append, dry_run=dry_run)
        except PackagerError as error:
            failure = error
    if as_json:
        files = [
            {"slug": one.loaded.slug, "product": one.loaded.product, "path": one.loaded.path, "state": one.state}
            for one in found
        ]
        error_told = str(failure) if failure else None
        print_json({"device": described(target), "dry_run": dry_run, "files": files, "error": error_told})
    elif not quiet:
        for one in found:
            words = "would be taken off" if dry_run and one.state == "taken" else _WORDS[one.state]
            click.echo(f"{one.loaded.title}: “{one.loaded.path}” {words}")
    if failure:
        raise failure
    if not found:
        remark("There is nothing on it that Packager has put there.", silent)
    return ExitCode.DELIVERY if any(one.state == "changed" for one in found) else ExitCode.GOOD
