"""packager cache: what is kept of earlier builds."""

from __future__ import annotations

import math
import time
from pathlib import Path

import click

from packager import cache as kept
from packager.cli.options import json_option
from packager.cli.telling import print_json, size
from packager.errors import ExitCode, UsageError
from packager.pipeline.build import cache_folder
from packager.pipeline.settings import load_settings

_UNITS = {"KB": 1000, "MB": 1000**2, "GB": 1000**3}


@click.group("cache")
def command() -> None:
    """See or empty what is kept of earlier builds: spoken sentences and encoded paragraphs."""


@command.command("info")
@json_option
def info(as_json: bool) -> int:
    """Tell where the cache is and how much it holds."""
    folder = cache_folder(load_settings(Path("content"), {}))
    uses = kept.usage(folder)
    if as_json:
        print_json(
            {
                "folder": str(folder),
                **{kind: {"files": use.files, "bytes": use.size} for kind, use in uses.items()},
            }
        )
        return ExitCode.GOOD
    click.echo(f"Folder: {folder}")
    for kind, use in uses.items():
        age = f", the oldest unused for {round((time.time() - use.oldest) / 86_400)} days" if use.oldest else ""
        click.echo(f"{kind}: {use.files} files, {size(use.size)}{age}")
    return ExitCode.GOOD


@command.command("prune")
@click.option("--days", type=click.FloatRange(0), metavar="N", help="Remove what was not used for N days.")
@click.option(
    "--size",
    "limit",
    metavar="SIZE",
    help="Then remove the longest unused until SIZE is left, such as 500MB.",
)
@click.option("--all", "everything", is_flag=True, help="Remove all.")
@json_option
def prune(days: float | None, limit: str | None, everything: bool, as_json: bool) -> int:
    """Remove what is no longer needed. The next build speaks again what is missing."""
    if not everything and days is None and limit is None:
        raise UsageError("What is to be removed was not said.", "Give --days, --size or --all.")
    folder = cache_folder(load_settings(Path("content"), {}))
    removed = kept.prune(folder) if everything else kept.prune(folder, days, _bytes(limit) if limit else None)
    if as_json:
        print_json({"folder": str(folder), "removed": removed.files, "bytes": removed.size})
    else:
        click.echo(f"Removed {removed.files} files, {size(removed.size)}.")
    return ExitCode.GOOD


def _bytes(text: str) -> int:
    upper = text.strip().upper()
    for unit, factor in _UNITS.items():
        if upper.endswith(unit):
            upper, scale = upper.removesuffix(unit), factor
            break
    else:
        scale = 1
    try:
        number = float(upper)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise UsageError(f"“{text}” is no size.", "Write it like 500MB or 2GB.")
    return int(number * scale)
