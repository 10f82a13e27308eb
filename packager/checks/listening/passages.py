"""What is to be heard, and where: the passages of a recording, from the report beside it or from the book itself."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from lxml import etree

from packager.checks.book import Book, Clip
from packager.checks.overlays import TOOL
from packager.model import Finding
from packager.zip_faults import ZIP_FAULTS

SpokenForm = Callable[[str, str], str]
"""What a voice says for a printed text in a language."""

_SAME_TIME = 0.002
"""Seconds: clock values are written to the millisecond."""

_FIELDS = frozenset({"id", "spoken", "lang", "begin", "end", "mp3"})
_QUOTED = 60
_LONGEST_PHRASE = 12.0
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Passage:
    """A sentence: what is said, in which language, and from when to when in its sound, in seconds.

    What no report tells is guessed from print: then more may be said, such as the head of a column.
    """

    id: str
    spoken: str
    language: str
    begin: float
    end: float
    is_reported: bool = True


@dataclass(frozen=True)
class Recording:
    """A sound and the passages it should hold, in order. `name` tells findings apart; `read` gives the encoded sound."""

    name: str
    read: Callable[[], bytes]
    passages: tuple[Passage, ...]

    @property
    def seconds(self) -> float:
        """How much of it is spoken."""
        return sum(passage.end - passage.begin for passage in self.passages)


def clock(seconds: float) -> str:
    """A time as "0:01:02.5"."""
    minutes, rest = divmod(round(max(seconds, 0.0), 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}"


def quoted(text: str) -> str:
    """The beginning of a text in quotation marks."""
    text = " ".join(text.split()).strip("“”")
    return f"“{text if len(text) <= _QUOTED else text[:_QUOTED].rsplit(' ', 1)[0] + '…'}”"


def place_of(recording: Recording, passage: Passage) -> str:
    """Where a passage lies: "EPUB/audio/article.mp3#s0012, 0:02:24.8"."""
    return f"{recording.name}#{passage.id}, {clock(passage.begin)}"


def silent(recording: Recording, passage: Passage) -> Finding:
    """What is said of a passage of which there is no sound."""
    return Finding(TOOL, "PKG-332", "error", f"{quoted(passage.spoken)} is silent.", place_of(recording, passage))


def report_beside(file: Path) -> list[Mapping[str, Any]]:
    """The rows of the report that a build put beside its files; none when there is no report or it is another's."""
    slug = file.name.removesuffix(file.suffix).removesuffix(".narrated")
    try:
        report = json.loads(file.with_name(f"{slug}.json").read_text("utf-8"))
        names = {described["name"] for described in report["files"].values()}
        rows = list(report["sentences"]) if file.name in names else []
        return rows if all(set(row) >= _FIELDS for row in rows) else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def recording_of_mp3(file: Path) -> Recording:
    """The MP3 with the passages that its report tells of."""
    passages = []
    for row in report_beside(file):
        if row["mp3"] is not None:
            end = row["mp3"] + row["end"] - row["begin"]
            passages.append(Passage(row["id"], row["spoken"], row["lang"], row["mp3"], end))
    return Recording(file.name, file.read_bytes, tuple(passages))


def recordings_of_book(book: Book, spoken_form: SpokenForm) -> list[Recording]:
    """The sounds of a narrated book in the order they are heard, with the passages that the overlays name.

    Where the report beside the book has a passage at the same time, it says what was spoken; else the printed text does.
    """
    rows = {row["id"]: row for row in report_beside(book.path)}
    recordings: dict[str, Recording] = {}
    for overlay in book.overlays:
        elements, language = _elements(book, overlay.document), _language_of_book(book)
        passages: dict[str, list[Passage]] = {}
        for clip in overlay.clips:
            # What has no length or no text is reported by the checks of the overlay.
            if clip.document == overlay.document and clip.target in elements and clip.begin < clip.end:
                passage = _passage(clip, elements[clip.target], language, rows, spoken_form)
                passages.setdefault(clip.audio, []).append(passage)
        for audio, some in passages.items():
            before = recordings[audio].passages if audio in recordings else ()
            read = partial(_member, book.path, audio)
            recordings[audio] = Recording(audio, read, (*before, *_phrases(some)))
    return list(recordings.values())


def _member(path: Path, name: str) -> bytes:
    """A file of the book, or nothing when it is not there or broken, which the checks of the overlays report."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (KeyError, *ZIP_FAULTS):
        return b""


def _elements(book: Book, document: str) -> dict[str, etree._Element]:
    return {element.get("id", ""): element for element in book.tree(document).iter(etree.Element) if element.get("id")}


def _language_of_book(book: Book) -> str:
    element = next(book.package.iter("{http://purl.org/dc/elements/1.1/}language"), None)
    return (element.text or "").strip() if element is not None else ""


def _passage(
    clip: Clip,
    element: etree._Element,
    language: str,
    rows: Mapping[str, Mapping[str, Any]],
    spoken_form: SpokenForm,
) -> Passage:
    row = rows.get(clip.target)
    if row and abs(row["begin"] - clip.begin) <= _SAME_TIME and abs(row["end"] - clip.end) <= _SAME_TIME:
        return Passage(clip.target, row["spoken"], row["lang"], clip.begin, clip.end)
    named = (one.get(_XML_LANGUAGE) or one.get("lang") for one in (element, *element.iterancestors()))
    language = next(filter(None, named), language)
    printed = " ".join("".join(map(str, element.itertext())).split()) or element.get("alt", "")
    return Passage(clip.target, spoken_form(printed, language), language, clip.begin, clip.end, is_reported=False)


def _phrases(passages: list[Passage]) -> Iterator[Passage]:
    """The passages as they are; where a publisher timed single words, these joined to phrases that can be understood."""
    if not passages or median(len(passage.spoken.split()) for passage in passages) > 1:
        yield from passages
        return
    phrase = passages[0]
    for before, passage in pairwise(passages):
        ends = before.spoken.endswith(_SENTENCE_ENDS) or passage.end - phrase.begin > _LONGEST_PHRASE
        if ends or passage.language != phrase.language or passage.begin > phrase.end + _SAME_TIME:
            yield phrase
            phrase = passage
        else:
            phrase = replace(phrase, spoken=f"{phrase.spoken} {passage.spoken}", end=passage.end)
    yield phrase
