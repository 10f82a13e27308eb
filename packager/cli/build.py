"""packager build: everything, of one or many articles."""

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


@click.command("build")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@metadata_options
@reading_options
@as_book_option
@voice_options
@output_options
@click.option(
    "--only", metavar="LIST", help="Products to make: epub, kepub, narrated, mp3, vtt, json, web (comma between)."
)
@click.option(
    "--for",
    "devices",
    multiple=True,
    metavar="DEVICE",
    help="Make what a device wants: kobo, kindle, … (see “packager devices --known”); several times, or with commas.",
)
@click.option("--force", is_flag=True, help="Speak every sentence again, whatever is kept of earlier builds.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@json_option
@quiet_option
def command(sources: tuple[str, ...], **options: Any) -> int:
    """Make the books, narration and captions of articles.

    SOURCE is a file (text, Markdown, HTML, DOCX, ODT, EPUB, PDF, mail, feed), a folder of them, an http address, or “-” for
    standard input. Without any, all of “content” is built. For each article, build/NAME holds NAME.epub (text),
    NAME.narrated.epub (text and voice in step), NAME.mp3, NAME.vtt (captions) and NAME.json (the report).

    With --for, it holds what the devices want instead, and the report: for a Kobo NAME.kepub.epub, for other e-readers
    NAME.epub, for players NAME.mp3. Pictures larger than their screens are made smaller.

    With --only web, build/web holds the page that reads along, for all articles in build: a folder of static files for any
    web server.
    """
    return make(sources, options)
