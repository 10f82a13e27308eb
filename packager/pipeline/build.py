"""Source and settings → one `Package`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from packager import cache
from packager.errors import UsageError
from packager.files import folder_for_results
from packager.model import FILE_OF_PRODUCT, SAMPLE_RATE, Article
from packager.pipeline.packages import Package, slug_of
from packager.pipeline.settings import WITH_SOUND, Settings
from packager.pipeline.sources import Reading, articles_from, is_address
from packager.readers.kinds import kind_of
from packager.readers.source import read_file

if TYPE_CHECKING:
    from packager.pipeline.editions import Front
    from packager.pipeline.narrated import Narrated

_MEANT_FOR_ONE = {"title", "author", "cover", "date"}


def cache_folder(settings: Settings) -> Path:
    """Where clips are kept: the setting, else the user's cache folder."""
    return Path(settings.cache) if settings.cache else cache.default_folder()


def planned_slug(source: str, title: str) -> str | None:
    """What a source's results will be called; None where only the titles in it tell: of an address, and of a feed."""
    if is_address(source) or (source != "-" and kind_of(read_file(source)) == "feed"):
        return None
    return slug_of(source, title)


def build(
    source: str,
    settings: Settings,
    reading: Reading,
    executor: Executor,
    progress: Callable[[float], None],
    taken: Collection[str] = (),
) -> list[Package]:
    """Make the products that `settings.only` names of the article, or of each article of a feed.

    Earlier results stay until the new ones are whole. `taken` are the slugs of the same run: raises `UsageError` when an
    article would overwrite one of them.
    """
    articles = articles_from(source, replace(reading, cache=cache_folder(settings)))
    if len(articles) > 1 and (meant_for_one := sorted(_MEANT_FOR_ONE & set(reading.overrides))):
        raise UsageError(
            f"The {meant_for_one[0]} is given for one article, and “{source}” holds {len(articles)}.",
            "Leave it away, or make one book of them with --as-book.",
        )
    packages: list[Package] = []
    for number, article in enumerate(articles):
        slug = slug_of(source if len(articles) == 1 and not is_address(source) else "-", article.metadata.title)
        slug = _free(slug, [package.slug for package in packages])
        if slug in taken:
            raise UsageError(f"Two articles would be written to “{slug}”.", "Give one another title or file name.")
        folder = Path(settings.output) / slug

        def share_done(share: float, before: int = number) -> None:
            progress((before + share) / len(articles))

        with folder_for_results(folder):
            packages.append(_built((source,), article, slug, folder, settings, executor, share_done))
    return packages


def _free(slug: str, made: Collection[str]) -> str:
    """The slug, with a number behind it where another entry of the feed has it."""
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in made else next(one for one in numbered if one not in made)


def build_book(
    sources: Sequence[str],
    title: str,
    settings: Settings,
    reading: Reading,
    executor: Executor,
    progress: Callable[[float], None],
) -> Package:
    """Make the products of one book in which each article of the sources is a chapter."""
    from packager.pipeline.binding import bound, metadata_of_book

    of_chapters = {name: reading.overrides[name] for name in ("cover", "listening") if name in reading.overrides}
    for_chapters = replace(reading, overrides=of_chapters, cache=cache_folder(settings))
    articles = [article for source in sources for article in articles_from(source, for_chapters)]
    article = bound(articles, metadata_of_book(title, articles, reading.overrides))
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
    with_sound = WITH_SOUND & set(settings.only)
    if with_sound:
        from packager.pipeline.preparing import begin_to_load_voice

        begin_to_load_voice(article, settings, cache_folder(settings))
    # Only now, so that the voice is loaded beside them.
    from packager.pipeline.devices import fit_of
    from packager.pipeline.editions import cover_notes, front_of, write_kobo_edition, write_silent_edition
    from packager.pipeline.lexicons import lexicon_of_all

    files = {product: folder / FILE_OF_PRODUCT[product].format(slug=slug) for product in settings.products}
    lexicon = lexicon_of_all(sources)
    front = front_of(article, lexicon)
    narrated: Narrated | None = None
    if with_sound:
        narrated = _write_with_sound(front, settings, files, executor, progress)
    if "epub" in files:
        write_silent_edition(front, settings.certified_by, files["epub"], fit_of("epub", settings.devices))
    if "kepub" in files:
        write_kobo_edition(front, settings, files["kepub"], fit_of("kepub", settings.devices))
    stale = _keep_report(folder, slug, sources, front, settings, files, narrated)
    omitted = (*article.omissions, *(narrated.plan.unspoken if narrated else ()))
    duration = narrated.pocket_samples / SAMPLE_RATE if narrated else None
    notes = (*article.notes, *lexicon.notes, *cover_notes(article), *(narrated.doubts if narrated else ()), *stale)
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


def _keep_report(
    folder: Path,
    slug: str,
    sources: Sequence[str],
    front: Front,
    settings: Settings,
    files: Mapping[str, Path],
    narrated: Narrated | None,
) -> tuple[str, ...]:
    """Write the report where it is wanted, or is there and would no longer be true; gives what is to be noted."""
    path = folder / FILE_OF_PRODUCT["json"].format(slug=slug)
    if "json" not in files and not path.is_file():
        return ()
    from packager.pipeline.devices import wanting
    from packager.pipeline.report import Made, write_report

    others = {product: file for product, file in files.items() if product != "json"}
    fitted = {product: wanting(product, settings.devices) for product in others}
    return write_report(path, Made(slug, sources, front, settings, others, fitted, narrated))
