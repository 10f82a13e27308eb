"""packager audio: the recording and its captions alone."""

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
    voice_options,
)


@click.command("audio")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@metadata_options
@reading_options
@as_book_option
@voice_options
@output_options
@click.option("--force", is_flag=True, help="Speak every sentence again, whatever is kept of earlier builds.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@json_option
@quiet_option
def command(sources: tuple[str, ...], **options: Any) -> int:
    """Make the MP3 and its captions alone."""
    return make(sources, options | {"only": "mp3,vtt"})
