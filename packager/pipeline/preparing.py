"""The voice is loaded while it is still decided what it will say, where an article is likely to have news for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from packager import __version__, cache
from packager.errors import PackagerError
from packager.model import Article
from packager.narrators.base import Preparing
from packager.narrators.registry import Casting, narrator
from packager.pipeline.settings import Settings


def begin_to_load_voice(article: Article, settings: Settings, folder: Path) -> None:
    """Start loading the voice of the article's language, unless the very same article was spoken before."""
    if _mark(article, settings, folder).exists():
        return
    choice = Casting(settings.engine, settings.voice, settings.speed).choose("a", article.metadata.language)
    if choice and isinstance(engine := narrator(choice.engine), Preparing):
        # What is wrong with the voice comes up again when it is to speak.
        with suppress(PackagerError):
            engine.prepare(choice.voice, folder)


def note_spoken(article: Article, settings: Settings, folder: Path) -> None:
    """Keep in mind that everything of the article is spoken; it is no more than a hint."""
    mark = _mark(article, settings, folder)
    if mark.exists():
        cache.mark_used(mark)
    else:
        cache.keep(mark, b"")


def _mark(article: Article, settings: Settings, folder: Path) -> Path:
    texts = [text.body for text in article.texts]
    voice = [settings.engine, settings.voice, settings.speed]
    return cache.place(folder, "narrations", cache.key_of(__version__, asdict(article.metadata), texts, voice))
