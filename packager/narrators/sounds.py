"""IPA → what an engine writes for the sounds that it knows, and the nearest of them for a sound that it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packager.ipa import STRESS, VOWELS, normal

_LONGEST = 6
_SYLLABIC, _NASAL, _LENGTH = "\u0329", "\u0303", "ː"
_JOINING = str.maketrans(dict.fromkeys("\u0361\u035c\u032f‿", ""))
_BOUNDARIES = frozenset(".|‖")
_LEFT_OUT = frozenset("ːˑʰʷʲˠˤⁿˡ˞ʼʔʕ˥˦˧˨˩↗↘↑↓ꜜꜛ")
"""What may go unsaid without making another word of it, where an engine has nothing like it."""

_NEAREST = {
    source: tuple(others.split())
    for source, others in {
        "a": "ɑ ɑː æ aː a\u0308",
        "aː": "ɑː ɑ a",
        "ai": "aɪ",
        "au": "aʊ",
        "aɪ": "ai ɑɪ aj",
        "aʊ": "au ɑʊ aw",
        "ɑ": "ɑː a ɒ",
        "ɑɪ": "aɪ",
        "ɑʊ": "aʊ",
        "ɒ": "ɑ ɑː ɔ ɔː o",
        "æ": "a ɛ",
        "ɐ": "ʌ a ə",
        "ʌ": "ɐ a ɜ ə",
        "ə": "ɐ ʌ e",
        "ɚ": "əɹ ər əɾ ə",
        "ɜ": "ɜː œ ə ɛ",
        "ɜː": "ɜɹ œ øː ə ɛ",
        "ɝ": "ɜː ɜːɹ ɜɹ ɚ œr œʁ ɛɾ ɛr",
        "e": "eɪ eː ɛ",
        "eː": "eɪ e",
        "ei": "eɪ",
        "eɪ": "ei eː e ɛi",
        "eə": "ɛɹ ɛː ɛə eː ɛ",
        "ɛ": "e æ",
        "ɛə": "ɛɹ eə ɛː ɛ",
        "i": "iː ɪ",
        "ɪ": "i iː",
        "ɨ": "ᵻ ɪ i",
        "ᵻ": "ɪ ə i",
        "o": "oʊ oː ɔ əʊ",
        "oː": "oʊ ɔː o əʊ",
        "ou": "oʊ əʊ",
        "oʊ": "əʊ ou oː o ɔ",
        "əʊ": "oʊ ou oː o",
        "oi": "ɔɪ",
        "ɔɪ": "ɔi oi ɔj oj",
        "oɹ": "ɔɹ ɔːɹ",
        "oːɹ": "ɔɹ ɔːɹ",
        "ɔ": "ɔː o ɒ",
        "ɔː": "ɔ oː o",
        "ø": "øː œ ɜː ɜɹ ə",
        "øː": "ø œ ɜː ɜɹ ə",
        "œ": "ø øː ɜː ɜɹ ə",
        "ɵ": "ʊ ø o",
        "u": "uː ʊ",
        "ʊ": "u uː",
        "ʉ": "u uː",
        "ʉː": "uː u",
        "ɯ": "ʊ u uː",
        "ɤ": "ʌ o oʊ",
        "ɘ": "ə",
        "ɞ": "ɜ ɜː ə",
        "ɶ": "a ɑ",
        "y": "yː ʏ u uː",
        "yː": "y uː u",
        "ʏ": "y yː ʊ u",
        "β": "b v",
        "ɓ": "b",
        "ʙ": "b",
        "c": "k",
        "ç": "x ʃ h",
        "d": "d̪",
        "ɖ": "d",
        "ɗ": "d",
        "dʑ": "dʒ",
        "ʣ": "dz",
        "ʤ": "dʒ",
        "ʥ": "dʑ dʒ",
        "ð": "d̪ d z",
        "ɟ": "ɡ",
        "ɠ": "ɡ",
        "ɢ": "ɡ",
        "ɣ": "ɡ",
        "h": "x χ",
        "ħ": "h x",
        "ɦ": "h x",
        "ʝ": "j",
        "j": "i ɪ",
        "l": "ɭ ɫ ʎ",
        "ɫ": "l",
        "ɬ": "l",
        "ɭ": "l",
        "ɮ": "l",
        "ʎ": "lj",
        "ʟ": "l",
        "ɱ": "m",
        "n": "n̪",
        "ŋ": "nɡ n",
        "ɲ": "nj",
        "ɳ": "n",
        "ɴ": "ŋ n",
        "ɸ": "f",
        "q": "k",
        "r": "ɹ ɾ ʁ",
        "ɹ": "r ɾ ʁ",
        "ɻ": "ɹ r ɾ",
        "ɾ": "r ɹ d",
        "ɽ": "ɾ r ɹ",
        "ʀ": "ʁ r ɹ",
        "ʁ": "ʀ r ɹ ɾ",
        "ɰ": "ɡ w",
        "ʃ": "ʂ s",
        "ʂ": "ʃ",
        "ɕ": "ʃ",
        "t": "t̪",
        "ʈ": "t",
        "tɕ": "tʃ",
        "tʂ": "tʃ",
        "ʦ": "ts",
        "ʧ": "tʃ",
        "ʨ": "tɕ tʃ",
        "θ": "t̪ t s",
        "v": "ʋ w f",
        "ʋ": "v w",
        "w": "ʋ v u",
        "ʍ": "w",
        "ɥ": "j w",
        "x": "χ k h",
        "χ": "x k h",
        "z": "s",
        "ʒ": "ʐ ʃ",
        "ʐ": "ʒ",
        "ʑ": "ʒ",
    }.items()
}
"""For a sound the nearest others, the best first."""


@dataclass(frozen=True)
class Sounds:
    """The sounds of an engine: what it writes for each in IPA, and for the two stresses, right before a vowel."""

    symbols: Mapping[str, str]
    primary: str = "ˈ"
    secondary: str = "ˌ"

    def spelled(self, ipa: str) -> str | None:
        """What the engine is to be given for a transcription; None when it has a sound that nothing here is near.

        A transcription without any stress gets one on the first vowel of each word: without it a voice mumbles.
        """
        marked = normal(ipa) if any(mark in ipa for mark in STRESS) else f"ˈ{normal(ipa).replace(' ', ' ˈ')}"
        words = [self._word(word) for word in marked.split()]
        return None if self.lacks(ipa) or not any(words) else " ".join(filter(None, words))

    def lacks(self, ipa: str) -> tuple[str, ...]:
        """The sounds of a transcription to which nothing here is near, each once."""
        sounds = (sound for word in normal(ipa).split() for sound, symbols in self._sounds(word) if symbols is None)
        return tuple(dict.fromkeys(sounds))

    def _word(self, word: str) -> str:
        written, stress = "", ""
        for sound, symbols in self._sounds(word):
            if sound in STRESS:
                stress = self.primary if sound == "ˈ" else self.secondary
                continue
            if stress and symbols and (sound[0] in VOWELS or _SYLLABIC in sound):
                written, stress = written + stress, ""
            written += symbols or ""
        return written

    def _sounds(self, word: str) -> Iterator[tuple[str, str | None]]:
        """The sounds of a word, longest first, with what is written for each; None where nothing is near."""
        rest = word.translate(_JOINING)
        while rest:
            sound, symbols = self._first(rest)
            rest = rest[len(sound) :]
            if symbols is not None or sound not in _BOUNDARIES:
                yield sound, symbols

    def _first(self, rest: str) -> tuple[str, str | None]:
        if rest[0] in STRESS:
            return rest[0], ""
        for length in range(min(_LONGEST, len(rest)), 0, -1):
            sound = rest[:length]
            if sound in self.symbols:
                return sound, self.symbols[sound]
            for reading in _others(sound):
                if (symbols := self._in_order(reading)) is not None:
                    return sound, symbols
        return rest[0], "" if rest[0] in _LEFT_OUT or _is_diacritic(rest[0]) else None

    def _in_order(self, sounds: str) -> str | None:
        """What is written for one sound, or for two or three that stand for one."""
        for cut in range(len(sounds), 0, -1):
            if sounds[:cut] in self.symbols:
                rest = self._in_order(sounds[cut:]) if sounds[cut:] else ""
                if rest is not None:
                    return self.symbols[sounds[:cut]] + rest
        return None


def _others(sound: str) -> tuple[str, ...]:
    if len(sound) == 2 and sound[1] == _SYLLABIC:
        return (f"ə{sound[0]}",)
    if len(sound) == 2 and sound[1] == _NASAL:
        return tuple(f"{reading}n" for reading in (sound[0], *_NEAREST.get(sound[0], ())))
    return _NEAREST.get(sound, ())


def _is_diacritic(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"
