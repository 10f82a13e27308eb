"""What earlier builds of an article left: of it the report keeps what is still there and still true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from packager.cache import key_of
from packager.model import FILE_OF_PRODUCT, Article, Lexicon, Resource
from packager.pipeline.settings import WITH_SOUND, WITHOUT_SOUND

OF_NARRATION = ("settings", "omitted", "narration", "ledger", "sentences")
"""What a report says of a narration; what was left out of the source, which is there too, is the same for the same text."""


@dataclass(frozen=True)
class Earlier:
    """Files of earlier builds that belong to the present article, as the report describes them, and what it says of
    their narration; `notes` name the files that are there and do not belong to it."""

    files: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    narration: Mapping[str, Any] = field(default_factory=dict)
    accessibility: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def digest_of(article: Article, lexicon: Lexicon, certified_by: str | None) -> str:
    """What tells whether two builds are of the same text: the hash of all that its pages and its pictures come from."""
    return key_of(_contents(article), lexicon.lexemes, certified_by)


def described(file: Path) -> dict[str, Any]:
    """A file as the report names it: without its folder, with its length in bytes and its SHA-256."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"name": file.name, "bytes": file.stat().st_size, "sha256": digest}


def earlier_of(report: Path, made: Collection[str], digest: str, narration: Mapping[str, Any] | None) -> Earlier:
    """What stays of the report at this path after the products `made` of the text of this digest were made anew.

    `narration` is what the new report says of theirs, if they have sound: of an earlier one nothing stays but its files,
    and these only when it is the same to the last sample.
    """
    old = _read(report)
    kept: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    for product, file in _others(report, made):
        entry = _mapping(_mapping(old.get("files")).get(product))
        if reason := _reason_against(product, entry, file, old, digest, narration):
            notes.append(f"{file.name} {reason}: build it again or remove it")
        else:
            kept[product] = dict(entry)
    if narration is not None or not WITH_SOUND & kept.keys():
        return Earlier(kept, notes=tuple(notes))
    narrated = _mapping(old.get("accessibility")).get("narrated")
    return Earlier(
        kept,
        {name: old[name] for name in OF_NARRATION if name in old},
        {"narrated": narrated} if narrated else {},
        tuple(notes),
    )


def _others(report: Path, made: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The files beside the report that this build did not make."""
    for product, name in FILE_OF_PRODUCT.items():
        file = report.with_name(name.format(slug=report.stem))
        if product in WITHOUT_SOUND | WITH_SOUND and product not in made and file.is_file():
            yield product, file


def _reason_against(
    product: str,
    entry: Mapping[str, Any],
    file: Path,
    old: Mapping[str, Any],
    digest: str,
    narration: Mapping[str, Any] | None,
) -> str | None:
    """Why a file does not belong to this article, as the end of a sentence; None when it does."""
    here = described(file)
    if {name: entry.get(name) for name in here} != here:
        return "is of a build that the report knows nothing of"
    if old.get("digest") != digest:
        return "is of an earlier text"
    if product in WITH_SOUND and narration is not None and any(old.get(key) != narration[key] for key in narration):
        return "is of another narration"
    return None


def _contents(article: Article) -> list[object]:
    pictures = [*article.resources, *([article.cover] if article.cover else [])]
    return [
        asdict(article.metadata),
        article.body,
        [_picture(one) for one in pictures],
        [asdict(one) for one in article.omissions],
        [_contents(one) for one in article.chapters],
    ]


def _picture(resource: Resource) -> tuple[str, str, str]:
    return resource.name, resource.media_type, hashlib.sha256(resource.data).hexdigest()


def _read(report: Path) -> Mapping[str, Any]:
    """The report of an earlier build; nothing where there is none, or none that can be read."""
    try:
        return _mapping(json.loads(report.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
