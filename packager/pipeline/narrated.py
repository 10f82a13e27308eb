"""The products that have sound: narrated EPUB, MP3, captions, all from one narration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from packager.audio.mp3 import joined
from packager.errors import NarrationError
from packager.model import (
    COLOPHON,
    COVER,
    Article,
    Claims,
    Cue,
    Lexicon,
    Listening,
    Narration,
    Omission,
    Page,
    Resource,
    Script,
    Sentence,
    Track,
)
from packager.narrators.registry import Casting, narrator
from packager.pages.claims import derive_claims
from packager.pages.colophon import Voices, colophon_languages, colophon_page, disclosure
from packager.pipeline.editions import Front, listening_of_pages, pronounced
from packager.pipeline.listening import listening_plan
from packager.pipeline.narrate import Cast, Progress, Sound, cast_script, narrate, without
from packager.pipeline.preparing import note_spoken
from packager.pipeline.settings import Settings
from packager.speech.script import joined_scripts, write_script
from packager.words import joined_names, told, word
from packager.writers.captions import write_captions
from packager.writers.epub.package import Edition, Voiced, write_epub
from packager.writers.mp3 import Chapter, write_mp3
from packager.xhtml import parse, serialise

_WISHES = "The front matter or an option"


@dataclass(frozen=True)
class Plan:
    """All that is decided before anybody speaks: the pages with their sentences, who says what, what the book claims.

    `missed` is what of the article is not read aloud, `unspoken` the same of the whole book.
    """

    script: Script
    cast: Cast
    claims: Claims
    picture: Resource
    voices: Voices
    unspoken: tuple[Omission, ...]
    missed: tuple[Omission, ...]
    listening: Listening
    lexicon: Lexicon


@dataclass(frozen=True)
class Narrated:
    """A plan and its sound."""

    article: Article
    plan: Plan
    narration: Narration

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that are spoken."""
        return tuple(sentence for sentence, _ in self.plan.cast.sentences)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a listener had better check: sentences whose sound looks wrong, also when they were spoken again."""
        texts = {sentence.id: sentence.text for sentence in self.sentences}
        return tuple(f"the sound of {name} {fault}: {texts[name]}" for name, fault in self.narration.faults)

    @property
    def pocket_cues(self) -> list[tuple[Cue, Sentence]]:
        """The sentences of the MP3 with their times in it, in samples."""
        by_id = {sentence.id: sentence for sentence in self.sentences}
        cues = []
        start = 0
        for track in self.narration.tracks:
            if _is_in_pocket(track):
                cues += [(Cue(cue.id, start + cue.begin, start + cue.end), by_id[cue.id]) for cue in track.cues]
                start += track.samples
        return cues

    @property
    def pocket_samples(self) -> int:
        """The length of the MP3."""
        return sum(track.samples for track in self.narration.tracks if _is_in_pocket(track))


def plan_narration(front: Front, settings: Settings, silent: frozenset[str] = frozenset()) -> Plan:
    """Decide what is said by whom. `silent` are ids of sentences that the voice has turned out to make no sound of."""
    article, certified_by = front.article, settings.certified_by
    casting = Casting(settings.engine, settings.voice, settings.speed)
    listening = listening_plan(settings.listening, dict(article.listening), _WISHES)
    script = _script_of(front, settings)
    cast = without(cast_script(script, casting), silent)
    if not any(sentence.page not in (COVER, COLOPHON) for sentence, _ in cast.sentences):
        raise NarrationError(
            f"No voice at hand speaks the article's language, “{article.metadata.language}”.",
            "Give the right one with --language, or make the text edition alone with “packager epub”.",
        )
    unspoken = (*script.omissions, *cast.omissions)
    pronouncing = bool(front.lexicon.lexemes)
    claims = derive_claims(article, True, unspoken, certified_by, pronounced=pronouncing)
    voices = _voices(cast, casting, colophon_languages(article, unspoken))
    colophon = write_script(
        [pronounced(colophon_page(article, claims, voices.names, unspoken, certified_by), front.lexicon)],
        Listening(),
        front.lexicon,
        first_number=len(script.sentences) + 1,
    )
    spoken_colophon = cast_script(colophon, casting)
    whole = joined_scripts([script, colophon])
    both = Cast((*cast.sentences, *spoken_colophon.sentences), (*cast.omissions, *spoken_colophon.omissions))
    return Plan(
        whole,
        both,
        claims,
        front.picture,
        voices,
        (*whole.omissions, *both.omissions),
        unspoken,
        listening,
        front.lexicon,
    )


def _script_of(front: Front, settings: Settings) -> Script:
    """The script of cover and texts, each text by its own listening plan."""
    scripts: list[Script] = []
    for page, listening in zip(front.pages, listening_of_pages(front, settings), strict=True):
        number = 1 + sum(len(script.sentences) for script in scripts)
        scripts.append(write_script([page], listening, front.lexicon, number))
    return joined_scripts(scripts)


def narrate_article(front: Front, settings: Settings, cache: Path, executor: Executor, progress: Progress) -> Narrated:
    """Speak the article; a sentence of which no sound comes is listed, and the book says so."""
    sound = Sound(settings.loudness, settings.bitrate, cache)
    silent: frozenset[str] = frozenset()
    while True:
        plan = plan_narration(front, settings, silent)
        narration, found = narrate(plan.cast, sound, executor, progress)
        if not set(found) - silent:
            note_spoken(front.article, settings, cache)
            return Narrated(front.article, plan, narration)
        silent |= set(found)


def write_narrated_edition(narrated: Narrated, certified_by: str | None, path: Path) -> None:
    """The EPUB with media overlays."""
    article, plan = narrated.article, narrated.plan
    sound: dict[str, Callable[[], Iterator[bytes]]] = {
        track.page: partial(joined, track.segments, track.samples, narrated.narration.bitrate)
        for track in narrated.narration.tracks
    }
    spoken_regions = {(sentence.page, region) for sentence in narrated.sentences for region in sentence.regions}
    voiced = Voiced(
        narrated.narration,
        sound,
        narrated.sentences,
        [region for region in plan.script.regions if (region.page, region.id) in spoken_regions],
        [article.metadata.narrator] if article.metadata.narrator else list(plan.voices),
        disclosure(plan.voices),
    )
    silent = {sentence.id for sentence in plan.script.sentences} - {sentence.id for sentence in narrated.sentences}
    pages = tuple(_without_ids(page, silent) for page in plan.script.pages) if silent else plan.script.pages
    edition = Edition(
        article.metadata,
        pages,
        article.resources,
        plan.picture,
        plan.claims,
        certified_by,
        voiced,
        plan.lexicon,
    )
    write_epub(edition, path)


def write_pocket_mp3(narrated: Narrated, loudness: float, path: Path) -> None:
    """The MP3 for a player; `loudness` is what was aimed at."""
    tracks = [track for track in narrated.narration.tracks if _is_in_pocket(track)]
    samples = narrated.pocket_samples
    write_mp3(
        path,
        joined([segment for track in tracks for segment in track.segments], samples, narrated.narration.bitrate),
        samples,
        narrated.article.metadata,
        narrated.article.metadata.narrator or "; ".join(narrated.plan.voices),
        disclosure(narrated.plan.voices),
        _chapters(narrated),
        narrated.plan.picture,
        loudness,
    )


def write_pocket_captions(narrated: Narrated, path: Path) -> None:
    """The captions that go with the MP3."""
    cues = (
        (cue, sentence.text if sentence.treatment == "read" else sentence.spoken)
        for cue, sentence in narrated.pocket_cues
    )
    write_captions(path, narrated.article.metadata, disclosure(narrated.plan.voices), cues)


def _is_in_pocket(track: Track) -> bool:
    """The MP3 holds all but the cover: a player shows that, and nobody wants to hear it described first."""
    return track.page != COVER


def _without_ids(page: Page, silent: set[str]) -> Page:
    """The page without the marks of sentences that nobody speaks."""
    body = parse(page.body)
    for element in body.iter():
        if element.get("id") in silent:
            del element.attrib["id"]
    return replace(page, body=serialise(body))


def _chapters(narrated: Narrated) -> list[Chapter]:
    """A chapter from each title or heading to the next. A heading of several sentences begins one chapter."""
    begins: list[tuple[str, int]] = []
    in_heading = False
    for cue, sentence in narrated.pocket_cues:
        heads = sentence.kind in ("title", "heading")
        if heads and in_heading:
            begins[-1] = (f"{begins[-1][0]} {sentence.text}", begins[-1][1])
        elif heads or not begins:
            begins.append((sentence.text, cue.begin))
        in_heading = heads and not sentence.ends_block
    ends = [begin for _, begin in begins[1:]] + [narrated.pocket_samples]
    return [Chapter(title, begin, end) for (title, begin), end in zip(begins, ends, strict=True)]


def _voices(cast: Cast, casting: Casting, of_colophon: Sequence[str]) -> Voices:
    """The voices of the text, and those that will read the colophon in its languages."""
    language = of_colophon[0]
    readers = [casting.choose(word("about_book", one), one) for one in of_colophon]
    by_engine: dict[str, list[str]] = {}
    for choice in dict.fromkeys([*cast.voices, *filter(None, readers)]):
        version = narrator(choice.engine).version(choice.voice).split("+")[0]
        by_engine.setdefault(f"{choice.engine} {version}", []).append(Path(choice.voice).stem)
    names = (
        told("voice_of", len(voices), language, engine=engine, voices=joined_names(voices, language))
        for engine, voices in by_engine.items()
    )
    return Voices(tuple(names), language)
