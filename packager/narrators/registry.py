"""Which engines there are, and which of them says what."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from packager.errors import NarrationError, UsageError
from packager.languages import primary
from packager.model import VoiceChoice
from packager.narrators.base import Narrator, Voice

AUTO = "auto"
_GROUP = "packager.narrators"


@cache
def _entries() -> dict[str, EntryPoint]:
    # Looking through everything that is installed takes a while: once is enough.
    return {entry.name: entry for entry in entry_points(group=_GROUP)}


def narrator_names() -> tuple[str, ...]:
    """The engines that are registered, installed or not."""
    return tuple(sorted(_entries()))


@cache
def narrator(name: str) -> Narrator:
    """The one instance of an engine in this process; raises `UsageError` for a name that nobody registered."""
    if entry := _entries().get(name):
        loaded: Narrator = entry.load()()
        return loaded
    raise UsageError(f"There is no voice engine “{name}”.", f"There are {', '.join(narrator_names())}; auto chooses.")


def usable_narrator(name: str) -> Narrator:
    """An engine that can be used now; raises `NarrationError` with the way to get it when it cannot."""
    engine = narrator(name)
    if remedy := engine.missing():
        raise NarrationError(f"The voice engine “{name}” is not installed.", remedy)
    return engine


def find_voice(engine: Narrator, name: str) -> Voice:
    """The voice with this name; raises `UsageError` with the names there are."""
    if voice := engine.voice(name):
        return voice
    known = [voice.name for voice in engine.voices()]
    shown = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    raise UsageError(
        f"The engine “{engine.name}” has no voice “{name}”.",
        f"It has {shown}; see “packager voices”." if known else "",
    )


class Casting:
    """Who says what: the engine and voice that the user named where they can, the best offline ones elsewhere."""

    def __init__(self, engine: str = AUTO, voice: str | None = None, speed: float = 1.0) -> None:
        self._speed = speed
        self._named = usable_narrator(engine) if engine != AUTO else None
        self._voice = voice
        if voice is not None and self._named is None:
            self._named = self._engine_with(voice)
        if voice is not None and self._named is not None:
            find_voice(self._named, voice)
        offline = [narrator(name) for name in narrator_names()]
        self._offline = sorted(
            (one for one in offline if not one.online and one.missing() is None), key=lambda one: -one.quality
        )

    def choose(self, text: str, language: str) -> VoiceChoice | None:
        """The voice for this text in this language; None when no engine at hand can say it."""
        engines = [self._named, *self._offline] if self._named else self._offline
        for engine in engines:
            if not engine.can_say(text, language):
                continue
            if engine is self._named and self._voice and self._suits(engine, self._voice, language):
                return VoiceChoice(engine.name, self._voice, self._speed)
            if voice := engine.voice_for(language):
                return VoiceChoice(engine.name, voice.name, self._speed)
        return None

    @staticmethod
    def _suits(engine: Narrator, name: str, language: str) -> bool:
        return any(primary(spoken) == primary(language) for spoken in find_voice(engine, name).languages)

    @staticmethod
    def _engine_with(voice: str) -> Narrator:
        for name in narrator_names():
            engine = narrator(name)
            if engine.online or engine.missing():
                continue
            if engine.voice(voice):
                return engine
        raise UsageError(f"No offline engine has a voice “{voice}”.", "See “packager voices” for those there are.")
