"""What `build`, `epub` and `audio` have in common: find the articles, make them one by one, tell what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from packager.cli.finding import CONTENT, find_articles, folder_of, name_of
from packager.cli.options import reading_of, settings_of
from packager.cli.telling import duration, print_json, progress_of, remark, size
from packager.errors import ExitCode, PackagerError, UsageError
from packager.model import FILE_OF_PRODUCT
from packager.pipeline.build import build, build_book, planned_slug
from packager.pipeline.packages import Package, refuse_shared_slugs
from packager.pipeline.settings import WEB, WITH_SOUND, Settings
from packager.pipeline.sources import is_address

_MEANT_FOR_ONE = ("title", "author", "cover", "date")
_Build = Callable[[Executor, Callable[[float], None], Settings], list[Package]]


@dataclass(frozen=True)
class _Plan:
    """What would be made of a source; `slug` is None where only the titles in it tell."""

    source: str
    slug: str | None
    engine: str
    files: dict[str, str]
    website: str | None


def make(sources: tuple[str, ...], options: dict[str, Any]) -> int:
    """Build every source; one that fails does not stop the others. The exit code is that of the first failure."""
    found = find_articles(sources or (CONTENT,), given=bool(sources))
    if options.get("as_book"):
        return _make_book(found, options)
    if len(found) > 1 and (only_for_one := [name for name in _MEANT_FOR_ONE if options.get(name)]):
        raise UsageError(
            f"--{only_for_one[0]} is meant for one article, and {len(found)} are to be built.",
            "Build that one alone.",
        )
    refuse_shared_slugs(found)
    quiet = bool(options.get("quiet"))
    if options.get("dry_run"):
        title = str(options.get("title") or "")
        return _tell_plans([_plan(source, source, title, options) for source in found], bool(options.get("as_json")))
    packages: list[Package] = []
    failures: list[tuple[str, PackagerError]] = []
    sites: set[str] = set()
    warned = False
    for source in found:
        settings = settings_of(options, folder_of(source))
        warned = warned or _warn_of_network(settings, quiet)
        try:
            made = _make_one(source, settings, options, quiet, [package.slug for package in packages])
        except PackagerError as error:
            if len(found) == 1 and not options.get("as_json"):
                raise
            failures.append((source, error))
            remark(f"Error in {name_of(source)}: {error}")
            continue
        packages += made
        if WEB in settings.only:
            sites.add(settings.output)
        if not options.get("as_json"):
            for package in made:
                _tell_package(package, quiet)
    failed = [{"source": source, "error": str(error)} for source, error in failures]
    _finish(packages, sites, failed, bool(options.get("as_json")), quiet)
    return failures[0][1].exit_code if failures else ExitCode.GOOD


def _make_book(found: list[str], options: dict[str, Any]) -> int:
    """One book of all sources, a chapter each."""
    title, quiet = str(options["as_book"]).strip(), bool(options.get("quiet"))
    if not title or not title.isprintable():
        raise UsageError("--as-book has no title that can be printed.", "Say what the book is called.")
    if options.get("title"):
        raise UsageError("--title and --as-book both name the book.", "Leave --title away.")
    settings = settings_of(options, folder_of(found[0]))
    if options.get("dry_run"):
        return _tell_plans([_plan(title, "-", title, options, found[0])], bool(options.get("as_json")))
    _warn_of_network(settings, quiet)

    def bind(executor: Executor, progress: Callable[[float], None], settings: Settings) -> list[Package]:
        return [build_book(found, title, settings, reading_of(options), executor, progress)]

    (package,) = _made(bind, title, settings, bool(options.get("force")), quiet)
    if not options.get("as_json"):
        _tell_package(package, quiet)
    sites = {settings.output} if WEB in settings.only else set[str]()
    _finish([package], sites, [], bool(options.get("as_json")), quiet)
    return ExitCode.GOOD


def _finish(
    packages: list[Package], sites: Collection[str], failed: list[dict[str, str]], as_json: bool, quiet: bool
) -> None:
    """Write the pages that read along, and tell of them, or of everything as JSON."""
    websites = [_write_website(folder, quiet or as_json) for folder in sorted(sites)]
    if as_json:
        print_json({"packages": [package.as_json() for package in packages], "failed": failed, "websites": websites})


def _write_website(folder: str, quiet: bool) -> dict[str, Any]:
    from packager.pipeline.website import write_website

    site = write_website(Path(folder))
    if not quiet:
        number = len(site.slugs)
        click.echo(f"The page that reads along, with {number} {'article' if number == 1 else 'articles'}")
        click.echo(f"  {site.index}")
    for problem in site.problems:
        remark(f"Left out of the page that reads along: {problem}")
    return {"index": str(site.index), "slugs": list(site.slugs), "problems": list(site.problems)}


def _make_one(source: str, settings: Settings, options: dict[str, Any], quiet: bool, taken: list[str]) -> list[Package]:
    def make_package(executor: Executor, progress: Callable[[float], None], settings: Settings) -> list[Package]:
        return build(source, settings, reading_of(options), executor, progress, taken)

    return _made(make_package, name_of(source), settings, bool(options.get("force")), quiet)


def _made(build_it: _Build, name: str, settings: Settings, afresh: bool, quiet: bool) -> list[Package]:
    """Run a build with its workers and its progress bar; `afresh` with a cache of its own, so that what is kept stays."""
    from tempfile import TemporaryDirectory

    if afresh:
        with TemporaryDirectory(prefix="packager-", ignore_cleanup_errors=True) as folder:
            return _made(build_it, name, replace(settings, cache=folder), False, quiet)
    label = "Speaking" if WITH_SOUND & set(settings.only) else "Writing"
    # Threads: the engines leave Python's lock alone while they compute, and share one model in memory.
    executor = ThreadPoolExecutor(settings.workers)
    try:
        with progress_of(f"{label} {name}", quiet) as progress:
            return build_it(executor, progress, settings)
    finally:
        executor.shutdown(wait=sys.exc_info()[0] is None, cancel_futures=True)


def _warn_of_network(settings: Settings, quiet: bool) -> bool:
    """Say so, and give True, when the text will leave this machine."""
    if not WITH_SOUND & set(settings.only) or not (online := _online(settings.engine)):
        return False
    remark(f"Note: the engine {settings.engine} sends the text to {online} to be spoken.", quiet)
    return True


def _online(engine: str) -> str | None:
    """Where an engine sends the text; None for one that speaks on this machine."""
    from packager.narrators.registry import AUTO, narrator

    if engine == AUTO or not narrator(engine).online:
        return None
    return "Google" if engine == "gtts" else "a server on the network"


def _plan(name: str, source: str, title: str, options: dict[str, Any], beside: str | None = None) -> _Plan:
    """What would be made of a source, or of the sources of a book, the first of which the settings lie `beside`."""
    settings = settings_of(options, folder_of(beside or source))
    slug = planned_slug(source, title)
    folder = Path(settings.output) / (slug or "")
    files = {product: str(folder / FILE_OF_PRODUCT[product].format(slug=slug)) for product in settings.products if slug}
    website = str(Path(settings.output) / WEB / "index.html") if WEB in settings.only else None
    return _Plan(name, slug, settings.engine, files, website)


def _tell_plans(plans: list[_Plan], as_json: bool) -> int:
    websites = sorted({plan.website for plan in plans if plan.website})
    if as_json:
        made = [
            {"source": plan.source, "slug": plan.slug, "engine": plan.engine, "files": plan.files} for plan in plans
        ]
        print_json({"would_make": made, "websites": websites})
        return ExitCode.GOOD
    for plan in plans:
        unnamed = "fetched" if is_address(plan.source) else "taken apart into its entries"
        would = "would give:" if plan.slug else f"would be {unnamed}; the files are named by title."
        click.echo(f"{plan.source} {would}")
        for file in plan.files.values():
            click.echo(f"  {file}")
    for website in websites:
        click.echo("The page that reads along would be made:")
        click.echo(f"  {website}")
    return ExitCode.GOOD


def _tell_package(package: Package, quiet: bool) -> None:
    if quiet:
        return
    length = f", {duration(package.duration)} of speech, {package.sentences} sentences" if package.duration else ""
    click.echo(f"{package.title} ({package.language}){length}")
    for path in package.files.values():
        click.echo(f"  {path} ({size(path.stat().st_size)})")
    for note in package.notes:
        click.echo(f"  Note: {note}")
    for omission in package.omitted:
        click.echo(f"  Left out: {omission.what}: {omission.reason}")
