"""The report beside the book: what was made, from what, by which versions, and when each sentence is heard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from packager import __version__
from packager.files import write_bytes_whole
from packager.model import SAMPLE_RATE, Article, Omission
from packager.pages.colophon import disclosure
from packager.pages.ledger import counts_of
from packager.pipeline.settings import Settings

if TYPE_CHECKING:
    from packager.pipeline.narrated import Narrated

_LIBRARIES = ("EbookLib", "markdown-it-py", "num2words", "sentencex", "lameenc", "hibari-tts", "espeakng-loader")


def write_report(
    path: Path,
    slug: str,
    sources: Sequence[str],
    article: Article,
    settings: Settings,
    files: Mapping[str, Path],
    narrated: Narrated | None,
    omitted: tuple[Omission, ...],
) -> None:
    """Put the report at `path`. It names files without their folder, so that it is the same wherever it is made."""
    report: dict[str, object] = {
        "slug": slug,
        "packager": __version__,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "sources": ["standard input" if source == "-" else Path(source).name for source in sources],
        "metadata": asdict(article.metadata),
        "notes": list(article.notes),
        "settings": {
            "engine": settings.engine,
            "voice": settings.voice,
            "speed": settings.speed,
            "loudness": settings.loudness,
            "bitrate": settings.bitrate,
        },
        "files": {product: _described(file) for product, file in files.items()},
        "omitted": [asdict(omission) for omission in omitted],
    }
    if narrated:
        report["narration"] = _narration(narrated)
        report["ledger"] = {
            "sentence": narrated.plan.claims.not_read,
            "not_read": counts_of(narrated.plan.missed),
            "listening": asdict(narrated.plan.listening),
        }
        report["sentences"] = _sentences(narrated)
    write_bytes_whole(path, (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())


def _described(file: Path) -> dict[str, object]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"name": file.name, "bytes": file.stat().st_size, "sha256": digest}


def _narration(narrated: Narrated) -> dict[str, object]:
    return {
        "voices": list(narrated.plan.voices),
        "disclosure": disclosure(narrated.plan.voices),
        "duration": narrated.pocket_samples / SAMPLE_RATE,
        "loudness": narrated.narration.loudness,
        "sample_rate": SAMPLE_RATE,
        "accessibility": asdict(narrated.plan.claims),
    }


def _sentences(narrated: Narrated) -> list[dict[str, object]]:
    """Each sentence with its times in its page's sound, and in the MP3 where that has it."""
    in_mp3 = {cue.id: cue.begin / SAMPLE_RATE for cue, _ in narrated.pocket_cues}
    by_id = {sentence.id: sentence for sentence in narrated.sentences}
    rows: list[dict[str, object]] = []
    for track in narrated.narration.tracks:
        for cue in track.cues:
            sentence = by_id[cue.id]
            rows.append(
                {
                    "id": cue.id,
                    "page": track.page,
                    "kind": sentence.kind,
                    "text": sentence.text,
                    "spoken": sentence.spoken,
                    "spans": sentence.spans,
                    "treatment": sentence.treatment,
                    "lang": sentence.language,
                    "begin": cue.begin / SAMPLE_RATE,
                    "end": cue.end / SAMPLE_RATE,
                    "mp3": in_mp3.get(cue.id),
                }
            )
    return rows
