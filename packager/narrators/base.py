"""What a voice engine is to the rest of the program.

A new engine is a package that registers a class of this shape under the entry point group "packager.narrators". The class
is made without arguments and must be cheap to make: a model is loaded at the first `speak`. One instance is used by several
threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from packager.model import Pcm, Utterance, VoiceChoice


@dataclass(frozen=True)
class Voice:
    """A voice: its name, the languages (BCP 47) it speaks, the best first, and a line about it.

    `loudness` is its steady level in LUFS where it is known; `ready` is False when it must be fetched first.
    """

    name: str
    languages: tuple[str, ...]
    description: str
    loudness: float | None = None
    ready: bool = True


@runtime_checkable
class Narrator(Protocol):
    """A voice engine. `quality` orders engines for `auto`: the highest that is offline and can, speaks.

    `takes_phonemes` tells whether it can be told how a word is pronounced.
    """

    name: str
    online: bool
    quality: int
    takes_phonemes: bool

    def version(self, voice: str) -> str:
        """The version of all that shapes the sound: of the engine, and of the voice where it comes apart from it."""
        ...

    def missing(self) -> str | None:
        """None when the engine can be used; else what to do to get it, as a sentence."""
        ...

    def voices(self) -> Sequence[Voice]:
        """All voices, whether ready or not."""
        ...

    def voice(self, name: str) -> Voice | None:
        """The voice with this name; None when there is none."""
        ...

    def voice_for(self, language: str) -> Voice | None:
        """The best ready voice for a language; None when the engine does not speak it."""
        ...

    def can_say(self, text: str, language: str) -> bool:
        """Whether the engine can say this text: its letters, not its meaning."""
        ...

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        """Say it. The same arguments give the same samples; another `take` gives others. Raises `NarrationError`."""
        ...


@runtime_checkable
class Pronouncing(Protocol):
    """What an engine that takes phonemes can tell of them."""

    def lacks(self, ipa: str, voice: str) -> tuple[str, ...]:
        """The sounds of a transcription that the voice has nothing near to: then it says the word as it is spelled."""
        ...

    def in_ipa(self, utterance: Utterance, voice: str) -> str:
        """How the voice would say it, in IPA."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """An engine whose model takes a while to load."""

    def prepare(self, voice: str, cache_folder: Path) -> None:
        """Begin to load what the voice needs, for a `speak` that will soon be called; do not wait for it.

        In the cache the engine may keep what makes the next start quicker.
        """
        ...


def with_sounds(utterance: Utterance, written: Callable[[str], str | None]) -> str:
    """What is said, with every pronunciation in the engine's own writing in place; those it cannot write are left out."""
    text, position = "", 0
    for begin, end, ipa in utterance.phonemes:
        if (symbols := written(ipa)) is not None:
            text += utterance.spoken[position:begin] + symbols
            position = end
    return text + utterance.spoken[position:]


def pace_of_take(choice: VoiceChoice) -> float:
    """The speed for engines that know no chance: a later take is a little slower, which is all that can be changed."""
    return choice.speed * 0.93 ** (choice.take - 1)
