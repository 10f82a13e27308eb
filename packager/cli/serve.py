"""`packager serve`: the built books for reading apps, podcast players and browsers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import json_option, quiet_option
from packager.cli.telling import print_json, remark
from packager.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from packager.delivery.server.running import Opened

_LONGEST_TITLE = 100


@click.command("serve")
@click.argument("folder", required=False)
@click.option("-o", "--output", metavar="FOLDER", help="Where the books are, as for the other commands.")
@click.option("--lan", is_flag=True, help="Serve the network too, behind a secret word in the address.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 is any that is free.")
@click.option("--title", default="Packager", help="What the catalogue and the podcast are called.")
@click.option("--no-paging", is_flag=True, help="Whole lists, for apps that cannot turn pages, such as PushRead.")
@click.option("--no-announce", is_flag=True, help="Do not tell the network that the catalogue is there.")
@click.option("--new-token", is_flag=True, help="Change the secret word; who was given the old one is locked out.")
@click.option("--qr", is_flag=True, help="Show a QR code of the address also where no terminal is seen.")
@click.option("--log", is_flag=True, help="Write a line for each request.")
@json_option
@quiet_option
def command(folder: str | None, output: str | None, **options: Any) -> int:
    """Serve the books in FOLDER (“build” when not given) until it is interrupted.

    Reading apps get a catalogue (OPDS), podcast players a feed, and browsers a page that reads along. Only this machine is
    served unless you give --lan.
    """
    from packager.delivery.server.running import Serving, serve
    from packager.pipeline.settings import load_settings

    title = options["title"].strip()
    if not title or not title.isprintable() or len(title) > _LONGEST_TITLE:
        raise UsageError("--title is empty, too long or cannot be printed.", "Give a title of up to 100 letters.")
    serving = Serving(
        folder=Path(load_settings(Path("content"), {"output": folder or output}).output),
        title=title,
        on_network=options["lan"],
        port=options["port"],
        paged=not options["no_paging"],
        announce=not options["no_announce"],
        new_token=options["new_token"],
        tell=remark,
        log=remark if options["log"] else None,
    )
    serve(serving, lambda opened: _tell(opened, title, options))
    remark("Ended.", options["quiet"])
    return ExitCode.GOOD


def _tell(opened: Opened, title: str, options: dict[str, Any]) -> None:
    first = opened.links[0]
    if options["as_json"]:
        print_json(
            {
                "title": title,
                "books": opened.books,
                "lan": opened.on_network,
                "page": first.base,
                "opds": first.catalogue(),
                "podcast": first.feed(),
                "addresses": [links.base for links in opened.links],
                "problems": list(opened.problems),
            }
        )
        return
    for problem in opened.problems:
        remark(f"Note: {problem}", options["quiet"])
    # The addresses are the result: without them nobody gets in.
    click.echo(f"{title}: {opened.books} book{'' if opened.books == 1 else 's'}")
    click.echo(f"In a browser:          {first.base}")
    click.echo(f"In a reading app:      {first.catalogue()}")
    click.echo(f"In a podcast player:   {first.feed()}")
    if not opened.books:
        remark("Nothing is built there yet; what “packager build” makes there appears by itself.", options["quiet"])
    for other in opened.links[1:]:
        click.echo(f"Also reached at:       {other.base}")
    if options["qr"] or (opened.on_network and _shows_pictures()):
        _show_qr_code(first.base)
    if opened.on_network and not opened.is_reached:
        remark("Note: this machine is on no network; connect it, and call again.", options["quiet"])
    if opened.on_network:
        remark("Everybody on the network who knows the address can read the books.", options["quiet"])
        remark("What is sent is not encrypted: use it in networks that you trust.", options["quiet"])
    remark("Press Ctrl-C to end.", options["quiet"])


def _shows_pictures() -> bool:
    """Whether somebody looks at a terminal; a screen reader would read out hundreds of blocks."""
    return sys.stdout.isatty() and not os.environ.get("ACCESSIBLE") and os.environ.get("TERM") != "dumb"


def _show_qr_code(address: str) -> None:
    import segno

    # Half blocks want Unicode; elsewhere it is drawn with coloured spaces, twice as large.
    segno.make(address, error="m").terminal(out=sys.stdout, compact="utf" in (sys.stdout.encoding or "").lower())
