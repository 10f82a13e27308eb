"""The report beside the book: what was made, from what, by which versions, and when each sentence is heard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager import __version__
from packager.files import write_bytes_whole
from packager.model import FILE_OF_PRODUCT, SAMPLE_RATE
from packager.pages.colophon import disclosure
from packager.pages.ledger import counts_of
from packager.pipeline.earlier import OF_NARRATION, described, digest_of, earlier_of
from packager.pipeline.editions import Front, silent_claims
from packager.pipeline.settings import Settings

if TYPE_CHECKING:
    from packager.pipeline.narrated import Narrated

_LIBRARIES = ("EbookLib", "markdown-it-py", "num2words", "sentencex", "lameenc", "hibari-tts", "espeakng-loader")


@dataclass(frozen=True)
class Made:
    """What a build has made: `files` by product, without the report; `fitted` are the devices that each is made for."""

    slug: str
    sources: Sequence[str]
    front: Front
    settings: Settings
    files: Mapping[str, Path]
    fitted: Mapping[str, Sequence[str]]
    narrated: Narrated | None


def write_report(path: Path, made: Made) -> tuple[str, ...]:
    """Put the report at `path`, and say which files beside it are not of this article and so are not in it.

    It names files without their folder, so that it is the same wherever it is made. What earlier builds of the same
    article made stays in it. The sentences are its last key: who does not want them need not read so far.
    """
    article, settings, narrated = made.front.article, made.settings, made.narrated
    digest = digest_of(article, made.front.lexicon, settings.certified_by)
    spoken = _as_read({"settings": _of_sound(settings), **_spoken(narrated)}) if narrated else None
    earlier = earlier_of(path, made.files, digest, spoken)
    accessibility = {"epub": asdict(silent_claims(made.front, settings.certified_by)), **earlier.accessibility}
    if narrated:
        accessibility["narrated"] = asdict(narrated.plan.claims)
    files = {**earlier.files, **{product: _entry(product, file, made) for product, file in made.files.items()}}
    report: dict[str, Any] = {
        "slug": made.slug,
        "packager": __version__,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "sources": ["standard input" if source == "-" else Path(source).name for source in made.sources],
        "digest": digest,
        "metadata": asdict(article.metadata),
        "notes": [*article.notes, *earlier.notes],
        "settings": _of_sound(settings),
        "files": {product: files[product] for product in FILE_OF_PRODUCT if product in files},
        "omitted": [asdict(omission) for omission in article.omissions],
        "accessibility": accessibility,
    }
    told = spoken or earlier.narration
    report |= {name: told[name] for name in OF_NARRATION if name in told}
    write_bytes_whole(path, (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
    return earlier.notes


def _entry(product: str, file: Path, made: Made) -> dict[str, Any]:
    devices = made.fitted.get(product)
    return {**described(file), **({"for": list(devices)} if devices else {})}


def _of_sound(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in ("engine", "voice", "speed", "loudness", "bitrate")}


def _spoken(narrated: Narrated) -> dict[str, Any]:
    plan = narrated.plan
    return {
        "omitted": [asdict(omission) for omission in (*narrated.article.omissions, *plan.unspoken)],
        "narration": {
            "voices": list(plan.voices),
            "disclosure": disclosure(plan.voices),
            "duration": narrated.pocket_samples / SAMPLE_RATE,
            "loudness": narrated.narration.loudness,
            "sample_rate": SAMPLE_RATE,
            "accessibility": asdict(plan.claims),
        },
        "ledger": {
            "sentence": plan.claims.not_read,
            "not_read": counts_of(plan.missed),
            "listening": asdict(plan.listening),
        },
        "sentences": _sentences(narrated),
    }


def _as_read(value: dict[str, Any]) -> dict[str, Any]:
    """The value as it comes back from a file, where a tuple is a list: so it can be compared with an earlier one."""
    read: dict[str, Any] = json.loads(json.dumps(value))
    return read


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
