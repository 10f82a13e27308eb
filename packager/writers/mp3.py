"""The narration as one MP3 for the pocket, with tags and chapters (ID3v2.4; the Chapter Frame Addendum 1.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from mutagen import id3

from packager.files import write_whole
from packager.languages import primary
from packager.model import SAMPLE_RATE, Metadata, Resource
from packager.words import colophon_language

_COVER_FRONT = 3
_HEADER = 10
"""Bytes of a tag before its first frame."""

_TOP_LEVEL_ORDERED = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
_THREE_LETTERS = dict(
    pair.split(":")
    for pair in (
        "ar:ara bg:bul bn:ben ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng es:spa et:est eu:eus fa:fas fi:fin fr:fra "
        "ga:gle gl:glg he:heb hi:hin hr:hrv hu:hun hy:hye id:ind is:isl it:ita ja:jpn ka:kat kk:kaz ko:kor lt:lit lv:lav "
        "mk:mkd ml:mal mr:mar ms:msa nb:nob nl:nld nn:nno pa:pan pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sq:sqi sr:srp "
        "sv:swe sw:swa ta:tam te:tel th:tha tr:tur uk:ukr ur:urd vi:vie zh:zho"
    ).split()
)
"""ISO 639-2, as the frame TLAN wants it; what is not here is told as "und"."""


@dataclass(frozen=True)
class Chapter:
    """A heading and the samples between which it and what stands below it are spoken."""

    title: str
    begin: int
    end: int


def write_mp3(
    path: Path,
    sound: Iterable[bytes],
    samples: int,
    metadata: Metadata,
    narrator: str,
    disclosure: str,
    chapters: Iterable[Chapter],
    cover: Resource,
    loudness: float,
) -> None:
    """Put the MP3 at `path`: the tags, then the sound as it comes. `loudness` is the target in LUFS."""
    tags = _tags(samples, metadata, narrator, disclosure, list(chapters), cover, loudness)

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            file.write(tags)
            file.writelines(sound)

    write_whole(path, write)


def _tags(
    samples: int,
    metadata: Metadata,
    narrator: str,
    disclosure: str,
    chapters: list[Chapter],
    cover: Resource,
    loudness: float,
) -> bytes:
    language = _THREE_LETTERS.get(metadata.language.split("-")[0], "und")
    tags = id3.ID3()
    tags.add(id3.TIT2(text=metadata.title))
    if metadata.subtitle:
        tags.add(id3.TIT3(text=metadata.subtitle))
    if metadata.authors:
        tags.add(id3.TPE1(text=list(metadata.authors)))
    tags.add(id3.TALB(text=metadata.series or metadata.title))
    if metadata.date:
        tags.add(id3.TDRC(text=metadata.date))
    if metadata.publisher:
        tags.add(id3.TPUB(text=metadata.publisher))
    if metadata.rights:
        tags.add(id3.TCOP(text=metadata.rights))
    if metadata.source:
        tags.add(id3.TXXX(desc="source", text=metadata.source))
    tags.add(id3.TLAN(text=language))
    tags.add(id3.TLEN(text=str(_milliseconds(samples))))
    tags.add(id3.TCON(text="Speech"))
    tags.add(id3.TCOM(text=narrator))
    tags.add(id3.TXXX(desc="narrator", text=narrator))
    tags.add(id3.TXXX(desc="target loudness", text=f"{loudness:g} LUFS"))
    told_in = _THREE_LETTERS[primary(colophon_language(metadata.language))]
    tags.add(id3.COMM(lang=told_in, desc="", text=disclosure))
    tags.add(id3.APIC(mime=cover.media_type, type=_COVER_FRONT, desc="Cover", data=cover.data))
    ids = [f"ch{number}" for number in range(1, len(chapters) + 1)]
    # A table of contents counts its entries in one byte.
    tags.add(id3.CTOC(element_id="toc", flags=_TOP_LEVEL_ORDERED, child_element_ids=ids[:255], sub_frames=[]))
    frames = _frames_of(tags) + b"".join(map(_chapter_frame, ids, chapters))
    return b"ID3\x04\x00\x00" + id3.BitPaddedInt.to_str(len(frames)) + frames


def _chapter_frame(name: str, chapter: Chapter) -> bytes:
    """One chapter. mutagen sorts the frames of a tag by size, and players list chapters as they come in the file."""
    tags = id3.ID3()
    tags.add(
        id3.CHAP(
            element_id=name,
            start_time=_milliseconds(chapter.begin),
            end_time=_milliseconds(chapter.end),
            start_offset=0xFFFFFFFF,
            end_offset=0xFFFFFFFF,
            sub_frames=[id3.TIT2(text=chapter.title)],
        )
    )
    return _frames_of(tags)


def _frames_of(tags: id3.ID3) -> bytes:
    output = BytesIO()
    tags.save(output, v2_version=4, padding=lambda _: 0)
    return output.getvalue()[_HEADER:]


def _milliseconds(samples: int) -> int:
    return samples * 1000 // SAMPLE_RATE
