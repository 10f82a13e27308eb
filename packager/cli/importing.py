"""packager import: articles as Markdown, to be edited and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.finding import CONTENT, find_articles, folder_of, name_of
from packager.cli.options import json_option, metadata_options, quiet_option, reading_of, reading_options
from packager.cli.telling import print_json, remark
from packager.errors import ExitCode, PackagerError
from packager.pipeline.settings import load_settings

if TYPE_CHECKING:
    from packager.pipeline.importing import Imported


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@metadata_options
@reading_options
@click.option(
    "-o", "--output", metavar="FOLDER", default=CONTENT, help="Where the articles go; “content” when not given."
)
@click.option("--force", is_flag=True, help="Overwrite articles that are there.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@json_option
@quiet_option
def command(sources: tuple[str, ...], output: str, **options: Any) -> int:
    """Write articles as Markdown with front matter, and their pictures, to be edited and kept.

    SOURCE is a file, a folder, an address, a feed, or “-” for standard input. “packager build” makes of the Markdown what it
    makes of the source. What is left out of the source is listed.
    """
    folder = Path(output)
    imported: list[Imported] = []
    failures: list[tuple[str, PackagerError]] = []
    found = find_articles(sources, given=True)
    for source in found:
        try:
            imported += _import_one(source, folder, options, [one.slug for one in imported])
        except PackagerError as error:
            if len(found) == 1 and not options["as_json"]:
                raise
            failures.append((source, error))
            remark(f"Error in {name_of(source)}: {error}")
    if options["as_json"]:
        articles = [one.as_json(folder) for one in imported]
        failed = [{"source": source, "error": str(error)} for source, error in failures]
        print_json({"would_write" if options["dry_run"] else "imported": articles, "failed": failed})
    elif not options["quiet"]:
        for one in imported:
            _tell(one, folder)
    return failures[0][1].exit_code if failures else ExitCode.GOOD


def _import_one(source: str, folder: Path, options: dict[str, Any], taken: list[str]) -> list[Imported]:
    from packager.pipeline.build import cache_folder
    from packager.pipeline.importing import import_source, refuse_present, write_imported

    cache = cache_folder(load_settings(folder_of(source), {}))
    imported = import_source(source, replace(reading_of(options), cache=cache), taken)
    if not options["force"]:
        refuse_present(imported, folder)
    if not options["dry_run"]:
        write_imported(imported, folder)
    return imported


def _tell(one: Imported, folder: Path) -> None:
    click.echo(f"{one.title} ({one.language})")
    for file in one.files(folder):
        click.echo(f"  {file}")
    for note in one.notes:
        click.echo(f"  Note: {note}")
    for omission in one.omitted:
        click.echo(f"  Left out: {omission.what}: {omission.reason}")
