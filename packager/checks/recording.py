"""An MP3: whole, at its level, with chapters and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packager.checks.overlays import TOOL
from packager.checks.sound import hear
from packager.errors import SourceError
from packager.model import Finding, Severity

DEFAULT_TARGET = -18.0
LOUDNESS_SLACK = 0.5
HIGHEST_PEAK = -1.5
"""dBTP, for the file as a player decodes it."""

_SYNTHETIC = re.compile(r"synth[eéè]|sintétic", re.I)
"""What the disclosure has in it in each language of words.toml."""


def check_recording(path: Path) -> Iterator[Finding]:
    """Findings on one MP3; raises `SourceError` when there is no such file."""
    from mutagen import MutagenError
    from mutagen.id3 import ID3, ID3NoHeaderError

    if not path.is_file():
        raise SourceError(f"There is no file “{path}”.", "Check the spelling and the folder you are in.")
    sound = hear(path)
    if sound is None:
        yield _finding("PKG-301", "It is no MP3 that can be decoded.")
        return
    if sound.seconds < sound.declared - 0.05:
        yield _finding("PKG-302", f"It stops after {sound.seconds:.1f} of {sound.declared:.1f} s.")
    try:
        tags = ID3(path)
    except ID3NoHeaderError:
        tags = None
    except MutagenError as error:
        yield _finding("PKG-310", f"Its tags are broken: {error}.")
        return
    target = _target(tags)
    if abs(sound.loudness - target) > LOUDNESS_SLACK:
        yield _finding("PKG-303", f"It has {sound.loudness:.1f} LUFS; {target:g} ± {LOUDNESS_SLACK} were aimed at.")
    if sound.peak > HIGHEST_PEAK:
        yield _finding("PKG-304", f"Its true peak is {sound.peak:.1f} dBTP, above {HIGHEST_PEAK}.")
    if sound.channels != 1:
        yield _finding("PKG-305", f"It has {sound.channels} channels; speech needs one.", "warning")
    if tags is None:
        yield _finding("PKG-310", "It has no tags.")
    else:
        yield from _tags(tags)
        yield from _chapters(tags, sound.seconds)


def _finding(code: str, message: str, severity: Severity = "error") -> Finding:
    return Finding(TOOL, code, severity, message)


def _target(tags: object) -> float:
    from mutagen.id3 import ID3

    frames = tags.getall("TXXX:target loudness") if isinstance(tags, ID3) else []
    match = re.match(r"-?\d+(\.\d+)?", str(frames[0])) if frames else None
    return float(match[0]) if match else DEFAULT_TARGET


def _tags(tags: object) -> Iterator[Finding]:
    from mutagen.id3 import ID3

    assert isinstance(tags, ID3)
    for frame, what in (("TIT2", "title"), ("TLAN", "language"), ("APIC", "cover")):
        if not tags.getall(frame):
            yield _finding("PKG-311", f"It names no {what}.")
    if not any(_SYNTHETIC.search(str(comment)) for comment in tags.getall("COMM")):
        yield _finding("PKG-312", "It does not say that its voice is synthetic.", "warning")


def _chapters(tags: object, seconds: float) -> Iterator[Finding]:
    from mutagen.id3 import ID3

    assert isinstance(tags, ID3)
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    if not chapters:
        yield _finding("PKG-320", "It has no chapters.")
        return
    before = 0
    for chapter in chapters:
        if chapter.start_time != before or chapter.end_time <= chapter.start_time:
            yield _finding("PKG-321", f"The chapter “{chapter.element_id}” does not follow on the one before it.")
        before = chapter.end_time
    if abs(before / 1000 - seconds) > 0.05:
        yield _finding("PKG-322", f"The chapters end at {before / 1000:.1f} s, the sound at {seconds:.1f} s.")
