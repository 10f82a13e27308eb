"""What `build`, `epub` and `audio` have in common: find the articles, make them one by one, tell what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from packager.cli.options import metadata_of, settings_of
from packager.cli.telling import duration, print_json, progress_of, remark, size
from packager.errors import ExitCode, PackagerError, SourceError, UsageError
from packager.files import is_folder
from packager.pipeline.build import WITH_SOUND, build, build_book
from packager.pipeline.packages import FILE_OF_PRODUCT, Package, refuse_shared_slugs, slug_of
from packager.pipeline.settings import Settings
from packager.readers.read import MARKDOWN_SUFFIXES

CONTENT = "content"
_ARTICLE_SUFFIXES = MARKDOWN_SUFFIXES | {".txt"}
_MEANT_FOR_ONE = ("title", "author", "cover", "date")
_Build = Callable[[Executor, Callable[[float], None], Settings], Package]


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
        return _tell_plan(found, options)
    packages: list[Package] = []
    failures: list[tuple[str, PackagerError]] = []
    warned = False
    for source in found:
        settings = settings_of(options, _folder_of(source))
        warned = warned or _warn_of_network(settings, quiet)
        try:
            packages.append(_make_one(source, settings, options, quiet, [made.slug for made in packages]))
        except PackagerError as error:
            if len(found) == 1 and not options.get("as_json"):
                raise
            failures.append((source, error))
            remark(f"Error in {_name_of(source)}: {error}")
            continue
        if not options.get("as_json"):
            _tell_package(packages[-1], quiet)
    if options.get("as_json"):
        print_json(
            {
                "packages": [package.as_json() for package in packages],
                "failed": [{"source": source, "error": str(error)} for source, error in failures],
            }
        )
    return failures[0][1].exit_code if failures else ExitCode.GOOD


def _make_book(found: list[str], options: dict[str, Any]) -> int:
    """One book of all sources, a chapter each."""
    title, quiet = str(options["as_book"]).strip(), bool(options.get("quiet"))
    if not title or not title.isprintable():
        raise UsageError("--as-book has no title that can be printed.", "Say what the book is called.")
    if options.get("title"):
        raise UsageError("--title and --as-book both name the book.", "Leave --title away.")
    settings = settings_of(options, _folder_of(found[0]))
    if options.get("dry_run"):
        return _tell_plan([title], options)
    _warn_of_network(settings, quiet)

    def bind(executor: Executor, progress: Callable[[float], None], settings: Settings) -> Package:
        return build_book(found, title, settings, metadata_of(options), executor, progress)

    package = _made(bind, title, settings, bool(options.get("force")), quiet)
    if options.get("as_json"):
        print_json({"packages": [package.as_json()], "failed": []})
    else:
        _tell_package(package, quiet)
    return ExitCode.GOOD


def find_articles(sources: tuple[str, ...], given: bool) -> list[str]:
    """The files that the user means: files as they are, and of folders all articles in them, in order of name."""
    found: list[str] = []
    for source in sources:
        folder = Path(source)
        if not source:
            raise UsageError("A source without a name was given.", "Name a file, a folder, or - for standard input.")
        if source != "-" and is_folder(source):
            articles = sorted(
                str(path)
                for path in folder.iterdir()
                if path.is_file()
                and path.suffix.lower() in _ARTICLE_SUFFIXES
                and not path.name.startswith((".", "README"))
            )
            if not articles:
                raise SourceError(
                    f"There are no articles (.md, .txt) in the folder “{folder}”.",
                    "Put one there, or name a file.",
                )
            found += articles
        elif source != "-" and not given and not folder.exists():
            raise SourceError("There is no folder “content” here.", "Name an article: packager build ARTICLE.md")
        else:
            found.append(source)
    return list({source if source == "-" else str(Path(source).resolve()): source for source in found}.values())


def _folder_of(source: str) -> Path:
    return Path() if source == "-" else Path(source).parent


def _make_one(source: str, settings: Settings, options: dict[str, Any], quiet: bool, taken: list[str]) -> Package:
    def make_package(executor: Executor, progress: Callable[[float], None], settings: Settings) -> Package:
        return build(source, settings, metadata_of(options), executor, progress, taken)

    return _made(make_package, _name_of(source), settings, bool(options.get("force")), quiet)


def _made(build_it: _Build, name: str, settings: Settings, afresh: bool, quiet: bool) -> Package:
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


def _name_of(source: str) -> str:
    return "standard input" if source == "-" else Path(source).name


def _tell_plan(found: list[str], options: dict[str, Any]) -> int:
    plans: list[dict[str, Any]] = []
    for source in found:
        settings = settings_of(options, _folder_of(source))
        slug = slug_of(source, str(options.get("title") or ""))
        folder = Path(settings.output) / slug
        files = {product: str(folder / FILE_OF_PRODUCT[product].format(slug=slug)) for product in settings.only}
        plans.append({"source": source, "slug": slug, "engine": settings.engine, "files": files})
    if options.get("as_json"):
        print_json({"would_make": plans})
        return ExitCode.GOOD
    for plan in plans:
        click.echo(f"{plan['source']} would give:")
        for name in plan["files"].values():
            click.echo(f"  {name}")
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
