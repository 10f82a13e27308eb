"""Source and settings → one `Package`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from packager import cache
from packager.errors import UsageError
from packager.files import folder_for_results
from packager.model import SAMPLE_RATE, Article, Omission
from packager.pipeline.binding import bound, metadata_of_book
from packager.pipeline.editions import Front, cover_notes, front_of, write_silent_edition
from packager.pipeline.lexicons import lexicon_of_all
from packager.pipeline.packages import FILE_OF_PRODUCT, Package, slug_of
from packager.pipeline.settings import Settings
from packager.readers.read import read_article

if TYPE_CHECKING:
    from packager.pipeline.narrated import Narrated

WITH_SOUND = frozenset({"narrated", "mp3", "vtt"})


def cache_folder(settings: Settings) -> Path:
    """Where clips are kept: the setting, else the user's cache folder."""
    return Path(settings.cache) if settings.cache else cache.default_folder()


def build(
    source: str,
    settings: Settings,
    overrides: Mapping[str, object],
    executor: Executor,
    progress: Callable[[float], None],
    taken: Collection[str] = (),
) -> Package:
    """Make the products that `settings.only` names of one article. Earlier results stay until the new ones are whole.

    `taken` are the slugs of the same run: raises `UsageError` when this article would overwrite one of them.
    """
    article = read_article(source, overrides)
    slug = slug_of(source, article.metadata.title)
    if slug in taken:
        raise UsageError(f"Two articles would be written to “{slug}”.", "Give one another title or file name.")
    folder = Path(settings.output) / slug
    with folder_for_results(folder):
        return _built((source,), article, slug, folder, settings, executor, progress)


def build_book(
    sources: Sequence[str],
    title: str,
    settings: Settings,
    overrides: Mapping[str, object],
    executor: Executor,
    progress: Callable[[float], None],
) -> Package:
    """Make the products of one book in which each source is a chapter."""
    cover = {"cover": overrides["cover"]} if "cover" in overrides else {}
    wishes = {"listening": overrides["listening"]} if "listening" in overrides else {}
    articles = [read_article(source, (cover if source == sources[0] else {}) | wishes) for source in sources]
    article = bound(articles, metadata_of_book(title, articles, overrides))
    slug = slug_of("-", title)
    folder = Path(settings.output) / slug
    with folder_for_results(folder):
        return _built(sources, article, slug, folder, settings, executor, progress)


def _built(
    sources: Sequence[str],
    article: Article,
    slug: str,
    folder: Path,
    settings: Settings,
    executor: Executor,
    progress: Callable[[float], None],
) -> Package:
    files = {product: folder / FILE_OF_PRODUCT[product].format(slug=slug) for product in settings.only}
    lexicon = lexicon_of_all(sources)
    front = front_of(article, lexicon)
    narrated: Narrated | None = None
    if WITH_SOUND & set(settings.only):
        narrated = _write_with_sound(front, settings, files, executor, progress)
    if "epub" in files:
        write_silent_edition(front, settings.certified_by, files["epub"])
    omitted = (*article.omissions, *(narrated.plan.unspoken if narrated else ()))
    if "json" in files:
        _write_report(files, slug, sources, article, settings, narrated, omitted)
    duration = narrated.pocket_samples / SAMPLE_RATE if narrated else None
    notes = (*article.notes, *lexicon.notes, *cover_notes(article), *(narrated.doubts if narrated else ()))
    count = len(narrated.sentences) if narrated else 0
    return Package(slug, article.metadata.title, article.metadata.language, files, duration, count, omitted, notes)


def _write_with_sound(
    front: Front,
    settings: Settings,
    files: Mapping[str, Path],
    executor: Executor,
    progress: Callable[[float], None],
) -> Narrated:
    from packager.pipeline.narrated import (
        narrate_article,
        write_narrated_edition,
        write_pocket_captions,
        write_pocket_mp3,
    )

    narrated = narrate_article(front, settings, cache_folder(settings), executor, progress)
    if "narrated" in files:
        write_narrated_edition(narrated, settings.certified_by, files["narrated"])
    if "mp3" in files:
        write_pocket_mp3(narrated, settings.loudness, files["mp3"])
    if "vtt" in files:
        write_pocket_captions(narrated, files["vtt"])
    return narrated


def _write_report(
    files: Mapping[str, Path],
    slug: str,
    sources: Sequence[str],
    article: Article,
    settings: Settings,
    narrated: Narrated | None,
    omitted: tuple[Omission, ...],
) -> None:
    from packager.pipeline.report import write_report

    others = {product: file for product, file in files.items() if product != "json"}
    write_report(files["json"], slug, sources, article, settings, others, narrated, omitted)
