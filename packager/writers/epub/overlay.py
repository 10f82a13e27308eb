"""A track's cues as a media overlay (EPUB 3.3, section 9; SMIL 3.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from packager.model import SAMPLE_RATE, Region, Sentence, Track
from packager.writers.epub.documents import EPUB, TYPE, file_name, semantics

SMIL = "http://www.w3.org/ns/SMIL"


def overlay_name(track: Track) -> str:
    """Where in the book the overlay is."""
    return f"overlays/{track.page}.smil"


def audio_name(track: Track) -> str:
    """Where in the book the track's sound is."""
    return f"audio/{track.page}.mp3"


def clock(samples: int) -> str:
    """A SMIL clock value. Cues lie on whole milliseconds, so three decimals are exact."""
    return f"{samples / SAMPLE_RATE:.3f}s"


def overlay(track: Track, sentences: Sequence[Sentence], regions: Mapping[str, Region]) -> bytes:
    """One `par` a sentence, in reading order; a `seq` with its semantics around what can be skipped or left."""
    root = etree.Element(f"{{{SMIL}}}smil", nsmap={None: SMIL, "epub": EPUB}, version="3.0")
    body = etree.SubElement(root, f"{{{SMIL}}}body")
    body.set(f"{{{EPUB}}}textref", f"../{file_name(track.page)}")
    body.set(TYPE, semantics(track.page))
    by_id = {sentence.id: sentence for sentence in sentences}
    open_regions: list[str] = []
    parents = [body]
    for cue in track.cues:
        wanted = list(by_id[cue.id].regions)
        shared = _shared(open_regions, wanted)
        del open_regions[shared:], parents[shared + 1 :]
        for region in wanted[shared:]:
            parents.append(_sequence(parents[-1], track, regions[region]))
            open_regions.append(region)
        par = etree.SubElement(parents[-1], f"{{{SMIL}}}par", id=f"p-{cue.id}")
        etree.SubElement(par, f"{{{SMIL}}}text", src=f"../{file_name(track.page)}#{cue.id}")
        etree.SubElement(
            par,
            f"{{{SMIL}}}audio",
            src=f"../{audio_name(track)}",
            clipBegin=clock(cue.begin),
            clipEnd=clock(cue.end),
        )
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    """How many items the two begin with in common."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _sequence(parent: etree._Element, track: Track, region: Region) -> etree._Element:
    sequence = etree.SubElement(parent, f"{{{SMIL}}}seq")
    sequence.set(f"{{{EPUB}}}textref", f"../{file_name(track.page)}#{region.id}")
    sequence.set(TYPE, region.semantics)
    return sequence
