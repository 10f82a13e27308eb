"""The words that everybody shares, as plain frozen values.

Times inside a narration are counted in samples of `SAMPLE_RATE`; seconds appear only where a file format wants them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
"""Samples a second of every narration, whatever the rate of the engine that spoke it."""

XHTML = "http://www.w3.org/1999/xhtml"
SSML = "http://www.w3.org/2001/10/synthesis"


@dataclass(frozen=True)
class Metadata:
    """What is known about an article. `language` is a BCP 47 tag, `date` an ISO 8601 date of any precision."""

    title: str
    language: str
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    description: str | None = None
    publisher: str | None = None
    source: str | None = None
    rights: str | None = None
    subjects: tuple[str, ...] = ()
    series: str | None = None
    series_index: str | None = None
    narrator: str | None = None


@dataclass(frozen=True)
class Resource:
    """A picture that the body names by `name`, a relative path of safe ASCII characters."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


OmissionKind = Literal[
    "source",
    "code",
    "large-table",
    "table",
    "note",
    "citation",
    "address",
    "picture",
    "undescribed-picture",
    "passage",
    "ornament",
]
"""What was left out: of the `source` and so not in the book; or in the book, and not read aloud."""


@dataclass(frozen=True)
class Omission:
    """Something of the source that the result does not have, or does not say aloud, and why."""

    what: str
    reason: str
    kind: OmissionKind = "source"

    @property
    def is_loss_to_listeners(self) -> bool:
        """Whether the page has what a listener does not hear; a row of asterisks says nothing to anybody."""
        return self.kind not in ("source", "ornament")


Treatment = Literal["read", "announce", "summarise", "leave-out"]


@dataclass(frozen=True)
class Listening:
    """The listening plan: what is done with each kind of element when the article is read aloud.

    Tables of more than `table_cells` cells are summarised even where tables are read. Web addresses are summarised by
    their host. What else is announced, summarised or left out is listed as an omission.
    """

    code: Treatment = "announce"
    tables: Treatment = "read"
    table_cells: int = 60
    notes: Treatment = "read"
    pictures: Treatment = "read"
    addresses: Treatment = "summarise"
    citations: Treatment = "leave-out"


@dataclass(frozen=True)
class Article:
    """What every reader gives: metadata, a `<body>` of clean XHTML as a string, and the pictures it names.

    `cover` is the picture that the author chose, if any. `omissions` lists what the reader left out of the source,
    `notes` what it had to find out by itself ("language detected: en"). `listening` holds the author's own wishes for the
    listening plan, by the names of its fields.

    A book of several articles has them as `chapters`, and no body of its own.
    """

    metadata: Metadata
    body: str = field(repr=False)
    resources: tuple[Resource, ...] = ()
    cover: Resource | None = None
    omissions: tuple[Omission, ...] = ()
    notes: tuple[str, ...] = ()
    listening: tuple[tuple[str, object], ...] = ()
    chapters: tuple[Article, ...] = ()

    @property
    def texts(self) -> tuple[Article, ...]:
        """The articles that the book consists of."""
        return self.chapters or (self,)


@dataclass(frozen=True)
class Claims:
    """What a book says of its own accessibility: values of the schema.org terms; `summary` in plain words.

    `not_read` is the sentence about what is printed and not read aloud, "" when all is.
    """

    access_modes: tuple[str, ...]
    sufficient: tuple[str, ...]
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    not_read: str = ""


COVER, COLOPHON = "cover", "colophon"
"""The names of the pages that every book has besides its articles."""


@dataclass(frozen=True)
class Page:
    """One document of the book: its name, its title, and its `<body>` as an XHTML string.

    A book of one article has it as "article", one of several as "chapter-001" and so on.
    """

    name: str
    title: str
    language: str
    body: str = field(repr=False)


class Span(NamedTuple):
    """A stretch of printed text and what is said for it: begin and end in `Sentence.text` and in `Sentence.spoken`.

    One of the two may be empty: what is printed and not said, or said and not printed.
    """

    text: tuple[int, int]
    spoken: tuple[int, int]


class Phonemes(NamedTuple):
    """How what stands from `begin` to `end` of an utterance is pronounced, in the International Phonetic Alphabet."""

    begin: int
    end: int
    ipa: str


class Lexeme(NamedTuple):
    """How words are said: `graphemes` are their spellings, `alias` other words that sound so, `ipa` their sounds.

    `language` is a BCP 47 tag. One of `alias` and `ipa` may be missing.
    """

    language: str
    graphemes: tuple[str, ...]
    alias: str | None = None
    ipa: str | None = None


@dataclass(frozen=True)
class Lexicon:
    """Words whose pronunciation somebody has written down; of two with one spelling the first holds.

    `notes` tell what of the files could not be used.
    """

    lexemes: tuple[Lexeme, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)


EMPTY_LEXICON = Lexicon()


@dataclass(frozen=True)
class Utterance:
    """What a voice is given in one go: words as they are said, in one language, with the pronunciations that are known."""

    spoken: str
    language: str
    phonemes: tuple[Phonemes, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """The unit of everything: printed text, spoken text, and the pause that follows, in milliseconds.

    `id` is the id of the element that holds it in the page. `kind` says what it stands in ("heading", "cell", …);
    `level` is the level of a heading, else 0. `regions` are the ids of the skippable or escapable elements around it,
    outermost first. `ends_block` tells whether it is the last of its paragraph, cell or heading.

    Without utterances it is printed and not said. `treatment` tells whether its words are read; else its utterances
    speak of it. `spans` tie `text` to `spoken`; those of a picture start from its alternative text. `after` is the white
    space behind it: the texts and what is after each, joined, are the text of the page with its white space folded.
    """

    id: str
    page: str
    text: str
    language: str
    utterances: tuple[Utterance, ...]
    pause: int
    kind: str
    level: int = 0
    regions: tuple[str, ...] = ()
    ends_block: bool = True
    treatment: Treatment = "read"
    spans: tuple[Span, ...] = ()
    after: str = "\n"

    @property
    def spoken(self) -> str:
        """All that is said of the sentence, in one string."""
        return " ".join(utterance.spoken for utterance in self.utterances)


@dataclass(frozen=True)
class Region:
    """An element that a listener may skip or leave: its page, its id and its EPUB structural semantics (`epub:type`)."""

    page: str
    id: str
    semantics: str


@dataclass(frozen=True)
class Script:
    """What will be said: the pages with an id on every sentence, and all sentences in reading order."""

    pages: tuple[Page, ...]
    sentences: tuple[Sentence, ...]
    regions: tuple[Region, ...] = ()
    omissions: tuple[Omission, ...] = ()

    @property
    def said(self) -> tuple[Sentence, ...]:
        """The sentences of which something is said."""
        return tuple(sentence for sentence in self.sentences if sentence.utterances)


@dataclass(frozen=True)
class VoiceChoice:
    """A narrator's name, its voice, the speed (1.0 is the voice's own pace), and which try it is."""

    engine: str
    voice: str
    speed: float = 1.0
    take: int = 1


@dataclass(frozen=True)
class Pcm:
    """Sound: mono samples of 16 bits and how many of them there are in a second."""

    samples: NDArray[np.int16] = field(repr=False)
    rate: int


@dataclass(frozen=True)
class Cue:
    """Where a sentence lies in its track, in samples; the pause after it belongs to it."""

    id: str
    begin: int
    end: int


@dataclass(frozen=True)
class Track:
    """The sound of one page: `segments` are files of MP3 frames that, joined, hold exactly `samples` samples."""

    page: str
    samples: int
    cues: tuple[Cue, ...]
    segments: tuple[Path, ...]


@dataclass(frozen=True)
class Narration:
    """All that was spoken: `loudness` in LUFS, `bitrate` in kb/s.

    `faults` are ids of sentences and what is wrong with their sound although they were spoken twice.
    """

    tracks: tuple[Track, ...]
    loudness: float
    bitrate: int
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def samples(self) -> int:
        """The length of all tracks together."""
        return sum(track.samples for track in self.tracks)


FILE_OF_PRODUCT = {
    "epub": "{slug}.epub",
    "kepub": "{slug}.kepub.epub",
    "narrated": "{slug}.narrated.epub",
    "mp3": "{slug}.mp3",
    "vtt": "{slug}.vtt",
    "json": "{slug}.json",
}
"""What is made of an article, and what the file is called in the article's folder of results."""

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """What a checker says of a file: its code is stable, `place` tells where in the file."""

    tool: str
    code: str
    severity: Severity
    message: str
    place: str = ""
