"""gTTS: Google Translate's voices. It sends the text to Google, so it speaks only when the user names it."""

from __future__ import annotations

import binascii
import os
import re
import time
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO

from packager.errors import NarrationError, UsageError
from packager.languages import primary
from packager.model import Pcm, Utterance, VoiceChoice
from packager.narrators.base import Voice
from packager.patterns import late_pattern

LONGEST_REQUEST = 100
"""Characters; gTTS strips all punctuation from a longer text when it cuts it, and with it the melody of the sentence."""

_ACCENTS = {
    "en-US": ("en", "us"),
    "en-GB": ("en", "co.uk"),
    "en-AU": ("en", "com.au"),
    "en-IN": ("en", "co.in"),
    "en-CA": ("en", "ca"),
    "en-IE": ("en", "ie"),
    "en-ZA": ("en", "co.za"),
    "fr-CA": ("fr", "ca"),
    "fr-FR": ("fr", "fr"),
    "pt-BR": ("pt", "com.br"),
    "pt-PT": ("pt", "pt"),
    "es-ES": ("es", "es"),
    "es-MX": ("es", "com.mx"),
}
_OTHER_NAMES = {"nb": "no", "zh": "zh-CN", "he": "iw", "jv": "jw"}
_CLAUSE = late_pattern(r""".+?(?:[.!?…;:,،؛؟।]["'”“’»«)\]]*(?: |$)|[。！？；：，、][”’」』）]*|$)""")


class Gtts:
    """Some 60 languages in natural voices, one request for each 100 characters."""

    name = "gtts"
    online = True
    quality = 0
    takes_phonemes = False

    def version(self, voice: str) -> str:
        """The package's version; Google does not tell that of its voices."""
        return version("gTTS")

    def missing(self) -> str | None:
        """None when gTTS is installed."""
        return None if find_spec("gtts") else "Install it: pip install gTTS."

    def voices(self) -> Sequence[Voice]:
        """One a language, and the accents that Google gives by country."""
        return list(self._voices.values())

    def voice(self, name: str) -> Voice | None:
        """The voice with this name, a language tag."""
        return self._voices.get(name)

    def voice_for(self, language: str) -> Voice | None:
        """The voice of the language and region, else of the language."""
        names = (language, primary(language), _OTHER_NAMES.get(primary(language), ""))
        return next((self._voices[name] for name in names if name in self._voices), None)

    def can_say(self, text: str, language: str) -> bool:
        """Whether Google has the language and there is a letter or digit to say."""
        return self.voice_for(language) is not None and any(char.isalnum() for char in text)

    def speak(self, utterance: Utterance, choice: VoiceChoice) -> Pcm:
        """Say one sentence; tries again, with growing waits, what may pass."""
        import numpy as np

        text = utterance.spoken
        pieces = [_spoken_by_google(piece, choice, text) for piece in cut(text)]
        return Pcm(np.concatenate([piece.samples for piece in pieces]), pieces[0].rate)

    @cached_property
    def _voices(self) -> dict[str, Voice]:
        from gtts.lang import tts_langs

        voices = {tag: Voice(tag, (tag,), f"online, {name}") for tag, name in tts_langs().items()}
        for tag in _ACCENTS:
            voices[tag] = Voice(tag, (tag, primary(tag)), f"online, accent of {tag.rpartition('-')[2]}")
        return voices


def cut(text: str, longest: int = LONGEST_REQUEST) -> list[str]:
    """Pieces of at most `longest` characters, cut behind stops and commas where there are any, else between words."""
    pieces = [""]
    for clause in _CLAUSE.findall(" ".join(text.split())):
        fits = len(clause.rstrip()) <= longest
        for part in [clause] if fits else re.findall(rf"\S{{1,{longest}}} ?", clause):
            if len((pieces[-1] + part).rstrip()) <= longest:
                pieces[-1] += part
            else:
                pieces.append(part)
    return [piece.rstrip() for piece in pieces if any(char.isalnum() for char in piece)] or [text[:longest]]


def _spoken_by_google(piece: str, choice: VoiceChoice, sentence: str) -> Pcm:
    attempts = max(int(_number("PACKAGER_GTTS_ATTEMPTS", 5)), 1)
    wait = _number("PACKAGER_GTTS_WAIT", 1)
    reason = ""
    for attempt in range(1, attempts + 1):
        try:
            return _asked_once(piece, choice)
        except _RefusalError as refusal:
            reason = str(refusal)
            if refusal.final:
                break
        if attempt < attempts:
            time.sleep(wait)
            wait *= 2
    raise NarrationError(
        f"Google's voice did not say “{_shortened(sentence)}”: {reason}.",
        "All that was spoken before is kept: build again to go on from here, or leave out --engine gtts to stay offline.",
    )


class _RefusalError(Exception):
    """Why one request gave no sound; `final` when asking again cannot help."""

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


def _asked_once(piece: str, choice: VoiceChoice) -> Pcm:
    import requests
    import soundfile
    from gtts import gTTS, gTTSError

    language, host = _ACCENTS.get(choice.voice, (choice.voice, "com"))
    limit = _number("PACKAGER_GTTS_TIMEOUT", 20)
    try:
        request = gTTS(
            piece,
            lang=language,
            tld=host,
            slow=choice.speed < 0.85,
            timeout=limit,
            lang_check=False,
            # They drop the stop of "at last.", and add spaces until 100 characters are more.
            pre_processor_funcs=[],
        )
        answer = b"".join(request.stream())
    except gTTSError as error:
        raise _refusal(error) from None
    except (requests.RequestException, OSError) as error:
        raise _RefusalError(f"the connection broke ({type(error).__name__})") from None
    except (binascii.Error, UnicodeDecodeError, UnicodeEncodeError, ValueError):
        raise _RefusalError("the answer was broken") from None
    if not answer:
        raise _RefusalError("the answer held no sound")
    try:
        samples, rate = soundfile.read(BytesIO(answer), dtype="int16", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError):
        raise _RefusalError("the answer was no sound file") from None
    if not len(samples):
        raise _RefusalError("the answer held no sound")
    return Pcm(samples[:, 0].copy(), rate)


def _refusal(error: Exception) -> _RefusalError:
    """What gTTS's error means, read from the answer or the failure behind it: its own text says "Unknown" too often."""
    response = getattr(error, "rsp", None)
    if response is not None:
        status = response.status_code
        if status == 429:
            return _RefusalError("Google says that there were too many requests (429)")
        if status >= 500:
            return _RefusalError(f"Google's server failed ({status})")
        if status >= 400:
            return _RefusalError(f"Google refused the request ({status})", final=True)
        return _RefusalError("the answer held no sound")
    cause = error.__context__
    told = f"{cause!r}"
    if "Timeout" in type(cause).__name__:
        return _RefusalError("Google did not answer in time")
    if any(sign in told for sign in ("NameResolutionError", "NewConnectionError")):
        return _RefusalError("Google cannot be reached from this machine", final=True)
    return _RefusalError(f"the connection broke ({type(cause).__name__})")


def _number(name: str, otherwise: float) -> float:
    """A number from the environment; raises `UsageError` when it is none."""
    text = os.environ.get(name) or str(otherwise)
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{name} is “{text}”, not a number.", "Unset it or correct it.") from None


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= 80 else f"{sentence[:79].rstrip()}…"
