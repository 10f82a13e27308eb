"""What EPUBCheck and Ace do not look at: whether text and sound of a narrated book are really in step."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from packager.checks.book import Book, Overlay, seconds_of
from packager.checks.other_sound import can_decode, decoded_seconds
from packager.checks.sound import hear
from packager.errors import SourceError
from packager.model import Finding, Severity
from packager.xhtml import local_name
from packager.zip_faults import ZIP_FAULTS

TOOL = "packager"
SLACK = 0.002
"""Seconds: clock values are written to the millisecond."""

_LENGTH_SLACK = 0.05
_SENTENCE_ID = re.compile(r"s\d{4,}")
_MP3 = ("audio/mpeg", "audio/mp3")
_SILENT_ROLES = frozenset({"doc-noteref", "doc-backlink"})


@dataclass(frozen=True)
class _Length:
    """How long a sound is and says it is, in seconds, and how exactly that is known."""

    seconds: float
    declared: float
    slack: float


def check_overlays(book: Book) -> Iterator[Finding]:
    """Findings on clips, sound and completeness of every overlay; nothing for a book without any."""
    heard = _decoded(book)
    for overlay in book.overlays:
        yield from _clips_in_order(overlay)
        yield from _targets_in_order(book, overlay)
        yield from _sound_matches(overlay, heard)
    if book.overlays:
        yield from _durations_add_up(book)
        yield from _unspoken_documents(book)


def unspoken_text(book: Book) -> list[str]:
    """Pieces of visible text, and descriptions of pictures, that no overlay plays."""
    spoken: dict[str, set[str]] = {}
    for overlay in book.overlays:
        for clip in overlay.clips:
            spoken.setdefault(clip.document, set()).add(clip.target)
    pieces: list[str] = []
    for name in book.spine:
        tree = book.tree(name)
        body = next((element for element in tree.iter(etree.Element) if local_name(element) == "body"), None)
        if body is not None:
            pieces += _outside(body, spoken.get(name, set()))
    return pieces


def _finding(code: str, message: str, place: str, severity: Severity = "error") -> Finding:
    return Finding(TOOL, code, severity, message, place)


def _clips_in_order(overlay: Overlay) -> Iterator[Finding]:
    ends: dict[str, float] = {}
    for clip in overlay.clips:
        place = f"{overlay.name}#{clip.target}"
        if math.isnan(clip.begin) or math.isnan(clip.end) or clip.end <= clip.begin:
            yield _finding("PKG-101", "The clip has no length, or a time that is none.", place)
            continue
        before = ends.get(clip.audio, 0.0)
        if clip.begin < before - SLACK:
            yield _finding("PKG-102", f"The clip begins {before - clip.begin:.3f} s before the last one ends.", place)
        elif clip.begin > before + SLACK:
            yield _finding(
                "PKG-103",
                f"There are {clip.begin - before:.3f} s of sound before the clip that belong to none.",
                place,
            )
        ends[clip.audio] = clip.end


def _targets_in_order(book: Book, overlay: Overlay) -> Iterator[Finding]:
    tree = book.tree(overlay.document)
    order = {element.get("id"): number for number, element in enumerate(tree.iter(etree.Element)) if element.get("id")}
    seen: set[str] = set()
    last = -1
    for clip in overlay.clips:
        place = f"{overlay.name}#{clip.target}"
        if clip.document != overlay.document or clip.target not in order:
            yield _finding("PKG-104", "The clip belongs to no element of its document.", place)
            continue
        if clip.target in seen:
            yield _finding("PKG-105", "The same text is spoken twice.", place)
        elif order[clip.target] < last:
            yield _finding("PKG-106", "The text is spoken out of its order on the page.", place)
        seen.add(clip.target)
        last = max(last, order[clip.target])
    for name in order:
        if name not in seen and _SENTENCE_ID.fullmatch(name):
            yield _finding("PKG-107", "The sentence is on the page but is not spoken.", f"{overlay.document}#{name}")


def _sound_matches(overlay: Overlay, heard: dict[str, _Length | None]) -> Iterator[Finding]:
    total = sum(clip.end - clip.begin for clip in overlay.clips)
    for name in dict.fromkeys(clip.audio for clip in overlay.clips):
        if name not in heard:
            message = "The sound is no MP3 and was not listened to: PyAV is missing. It comes with '.[listen]'."
            yield _finding("PKG-350", message, name, "info")
            continue
        sound = heard[name]
        if sound is None:
            yield _finding("PKG-110", "The sound is missing or cannot be decoded.", name)
            continue
        if sound.seconds < sound.declared - _LENGTH_SLACK:
            yield _finding("PKG-111", f"The sound stops after {sound.seconds:.1f} of {sound.declared:.1f} s.", name)
        end = max(clip.end for clip in overlay.clips if clip.audio == name)
        if end > sound.seconds + sound.slack:
            yield _finding(
                "PKG-112",
                f"Clips go on for {end - sound.seconds:.3f} s after the sound has ended.",
                overlay.name,
            )
        elif end < sound.seconds - _LENGTH_SLACK:
            yield _finding("PKG-113", f"The last {sound.seconds - end:.3f} s of the sound belong to no clip.", name)
    # A time that is none is near to nothing.
    if overlay.declared is None or not abs(overlay.declared - total) <= _LENGTH_SLACK:
        yield _finding(
            "PKG-114",
            f"The declared duration is {overlay.declared} s, the clips last {total:.3f} s.",
            overlay.name,
        )


def _durations_add_up(book: Book) -> Iterator[Finding]:
    declared = [seconds_of(value) for value in book.metas("media:duration")]
    total = sum(overlay.declared or 0.0 for overlay in book.overlays)
    if len(declared) != 1 or not abs(declared[0] - total) <= 1.0:
        yield _finding("PKG-115", "The book's declared duration is not the sum of its overlays'.", book.package_name)


def _unspoken_documents(book: Book) -> Iterator[Finding]:
    spoken = {overlay.document for overlay in book.overlays}
    for name in book.spine:
        if name not in spoken and "".join(book.tree(name).itertext()).strip():
            yield _finding("PKG-108", "The page has text and no narration.", name, "warning")


def _decoded(book: Book) -> dict[str, _Length | None]:
    """The length of every sound that an overlay plays, decoded from end to end; without those that nothing here decodes."""
    types = {
        book.name_of(item.get("href", ""), book.package_name): item.get("media-type") for item in book.manifest.values()
    }
    heard: dict[str, _Length | None] = {}
    with TemporaryDirectory(prefix="packager-") as folder:
        for number, name in enumerate(dict.fromkeys(clip.audio for overlay in book.overlays for clip in overlay.clips)):
            target = Path(folder) / f"{number}.mp3"
            is_mp3 = types.get(name, _MP3[0]) in _MP3
            try:
                with book.archive.open(name) as source, target.open("wb") as copy:
                    while chunk := source.read(1 << 20):
                        copy.write(chunk)
            except (KeyError, *ZIP_FAULTS):
                heard[name] = None
                continue
            except OSError as error:
                raise SourceError(f"“{book.path}” cannot be unpacked: {error.strerror}.", "Free some space.") from None
            if is_mp3 or can_decode():
                heard[name] = _length(target, is_mp3)
            target.unlink()
    return heard


def _length(path: Path, is_mp3: bool) -> _Length | None:
    if is_mp3:
        sound = hear(path)
        return _Length(sound.seconds, sound.declared, SLACK) if sound else None
    seconds = decoded_seconds(path)
    # What an encoder put before and behind the sound is not always taken away.
    return _Length(seconds, seconds, _LENGTH_SLACK) if seconds else None


def _outside(element: etree._Element, spoken: set[str]) -> list[str]:
    """Text in `element` that stands in no spoken element."""
    if element.get("id") in spoken or element.get("role") in _SILENT_ROLES:
        return []
    pieces = [element.text or ""]
    if local_name(element) == "img":
        pieces.append(element.get("alt") or "")
    for child in element:
        if isinstance(child.tag, str):
            pieces += _outside(child, spoken)
        pieces.append(child.tail or "")
    return [" ".join(piece.split()) for piece in pieces if any(char.isalnum() for char in piece)]
