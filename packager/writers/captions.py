"""Captions as printed, in step with the MP3 (WebVTT)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packager.files import write_bytes_whole
from packager.model import SAMPLE_RATE, Cue, Metadata


def write_captions(path: Path, metadata: Metadata, disclosure: str, cues: Iterable[tuple[Cue, str]]) -> None:
    """Put the captions at `path`; each cue with the sentence as it is printed, times in samples of the MP3."""
    parts = [f"WEBVTT\n\nNOTE\n{_plain(metadata.title)}\n{_plain(disclosure)}"]
    for cue, text in cues:
        parts.append(f"{cue.id}\n{_clock(cue.begin)} --> {_clock(cue.end)}\n{_escaped(text)}")
    write_bytes_whole(path, ("\n\n".join(parts) + "\n").encode())


def _clock(samples: int) -> str:
    milliseconds = samples * 1000 // SAMPLE_RATE
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """A comment may not hold the arrow that stands between two times."""
    return text.replace("-->", "→")
