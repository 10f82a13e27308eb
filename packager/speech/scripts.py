"""Writing systems: which letters a text is written in, and who could say them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from packager.languages import primary

_LANGUAGE_OF_SCRIPT = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "SINHALA": "si",
    "THAI": "th",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "ETHIOPIC": "am",
    "MYANMAR": "my",
    "KHMER": "km",
    "LAO": "lo",
    "TIBETAN": "bo",
    "MONGOLIAN": "mn",
    "BOPOMOFO": "zh",
    "CHEROKEE": "chr",
    "CANADIAN": "iu",
    "SYRIAC": "syr",
    "THAANA": "dv",
    "COPTIC": "cop",
    "TIFINAGH": "zgh",
    "NKO": "nqo",
    "GOTHIC": "got",
    **dict.fromkeys("RUNIC OGHAM GLAGOLITIC CUNEIFORM EGYPTIAN PHOENICIAN DESERET YI BALINESE JAVANESE".split(), "und"),
    "LATIN": "en",
}
_SCRIPTS_OF_LANGUAGE = {
    **dict.fromkeys("ru uk be bg mk kk ky mn tt ba cv".split(), ("CYRILLIC",)),
    **dict.fromkeys("sr az uz tg".split(), ("CYRILLIC", "LATIN")),
    **dict.fromkeys("ar fa ur ps sd ug ckb".split(), ("ARABIC",)),
    **dict.fromkeys("he yi".split(), ("HEBREW",)),
    **dict.fromkeys("hi mr ne sa kok".split(), ("DEVANAGARI",)),
    **dict.fromkeys("zh cmn yue".split(), ("CJK",)),
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ko": ("HANGUL", "CJK"),
    "el": ("GREEK",),
    "bn": ("BENGALI",),
    "as": ("BENGALI",),
    "ta": ("TAMIL",),
    "te": ("TELUGU",),
    "kn": ("KANNADA",),
    "ml": ("MALAYALAM",),
    "gu": ("GUJARATI",),
    "pa": ("GURMUKHI",),
    "or": ("ORIYA",),
    "si": ("SINHALA",),
    "th": ("THAI",),
    "hy": ("ARMENIAN",),
    "ka": ("GEORGIAN",),
    "am": ("ETHIOPIC",),
    "my": ("MYANMAR",),
}


def by_script(text: str, language: str) -> list[tuple[str, str]]:
    """Cut `text` where its letters leave the language's writing system: pieces with the language to say each in.

    A single letter of another alphabet (µ, α) stays where it is: engines know such signs by name.
    """
    own = _SCRIPTS_OF_LANGUAGE.get(primary(language), ("LATIN",))
    if text.isascii() and "LATIN" in own:
        return [(text, language)]
    words = [match[0] for match in re.finditer(r"\s*\S+\s*", text)]
    pieces: list[tuple[str, str]] = []
    for word, word_language in zip(
        words, _settled([_language_of_word(word, own, language) for word in words], language), strict=True
    ):
        if pieces and pieces[-1][1] == word_language:
            pieces[-1] = (pieces[-1][0] + word, word_language)
        else:
            pieces.append((word, word_language))
    return pieces


def _settled(languages: list[str | None], language: str) -> list[str]:
    """A language for words without letters too, numbers for instance: that on both sides of them, else the text's own.

    Where all letters are foreign, the text is what they are.
    """
    found = [one for one in languages if one]
    around = language if not found or language in found else found[0]
    following = around
    behind: list[str] = []
    for one in reversed(languages):
        following = one or following
        behind.append(following)
    settled: list[str] = []
    for one, after in zip(languages, reversed(behind), strict=True):
        before = settled[-1] if settled else after
        settled.append(one or (before if before == after else around))
    return settled


def _language_of_word(word: str, own: tuple[str, ...], language: str) -> str | None:
    scripts = [script for char in word if (script := _script(char))]
    if not scripts:
        return None
    foreign = [script for script in scripts if script not in own]
    if len(foreign) <= len(scripts) / 2 or (len(foreign) == 1 and len(scripts) == 1 and foreign[0] == "GREEK"):
        return language
    if set(foreign) & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return _LANGUAGE_OF_SCRIPT.get(foreign[0], language)


@lru_cache(maxsize=4096)
def _script(char: str) -> str | None:
    """The first word of a letter's Unicode name, which is its script; None for what is no letter."""
    if not char.isalpha():
        return None
    name = unicodedata.name(char, "").split(" ")[0].split("-")[0]
    return name if name in _LANGUAGE_OF_SCRIPT else None
