"""What comes out of a build, and what it is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from packager.errors import UsageError
from packager.model import Omission
from packager.pipeline.settings import WEB

_LONGEST_SLUG = 80


@dataclass(frozen=True)
class Package:
    """The files made of one article. `duration` in seconds, None without sound; `notes` is what had to be found out."""

    slug: str
    title: str
    language: str
    files: Mapping[str, Path]
    duration: float | None
    sentences: int
    omitted: tuple[Omission, ...]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints."""
        return {
            "slug": self.slug,
            "title": self.title,
            "language": self.language,
            "files": {product: str(path) for product, path in self.files.items()},
            "duration": self.duration,
            "sentences": self.sentences,
            "omitted": [{"what": omission.what, "reason": omission.reason} for omission in self.omitted],
            "notes": list(self.notes),
        }


def slug_of(source: str, title: str = "") -> str:
    """A name for files and folders that every system takes: small ASCII letters, digits and hyphens."""
    name = title if source == "-" else PurePath(source).stem
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    letters = sum(char.isalnum() for char in name)
    if len(slug) < letters / 2 or not slug:
        return f"article-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{slug}-article" if slug == WEB else slug


def refuse_shared_slugs(sources: Sequence[str]) -> None:
    """Raises `UsageError` when two sources would be written to one folder."""
    seen: dict[str, str] = {}
    for source in sources:
        slug = slug_of(source)
        if source != "-" and "://" not in source and slug in seen:
            raise UsageError(
                f"“{seen[slug]}” and “{source}” would both be written to “{slug}”.",
                "Rename one, or build them into two folders with --output.",
            )
        seen[slug] = source
