"""packager epub: the text EPUB alone, without any voice."""

from __future__ import annotations

from typing import Any

import click

from packager.cli.making import make
from packager.cli.options import (
    as_book_option,
    json_option,
    metadata_options,
    output_options,
    quiet_option,
    reading_options,
)


@click.command("epub")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@metadata_options
@reading_options
@as_book_option
@output_options
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@json_option
@quiet_option
def command(sources: tuple[str, ...], **options: Any) -> int:
    """Make the text EPUB alone: for e-readers without sound, in less than a second."""
    return make(sources, options | {"only": "epub"})
