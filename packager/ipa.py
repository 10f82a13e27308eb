"""The International Phonetic Alphabet (chart of 2020), as far as more than one room needs it."""

from __future__ import annotations

import unicodedata

from packager.patterns import late_pattern

VOWELS = frozenset("iyɨʉɯuɪʏʊeøɘɵɤoəɚɛœɜɝɞʌɔæɐaɶɑɒᵻ")
STRESS = "ˈˌ"

_CONSONANTS = frozenset("pbtdʈɖcɟkɡqɢʔmɱnɳɲŋɴʙrʀⱱɾɽɸβfvθðszʃʒʂʐçʝxɣχʁħʕhɦɬɮʋɹɻjɰlɭʎʟʘǀǃǂǁɓɗʄɠʛʍwɥʜʢʡɕʑɺɧʤʧʦʣʨʥɫ")
_MARKS = frozenset(
    "ˈˌːˑ.‿|‖↗↘↑↓ꜜꜛʰʷʲˠˤⁿˡ˞ʼ˥˦˧˨˩ "
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u030a\u030b\u030c\u030f\u0318\u0319\u031a\u031c\u031d\u031e\u031f"
    "\u0320\u0324\u0325\u0329\u032a\u032c\u032f\u0330\u0334\u0339\u033a\u033b\u033c\u033d\u035c\u0361"
)
_USUAL = str.maketrans({"g": "ɡ", "'": "ˈ", ":": "ː", "ʹ": "ˈ", "/": "", "[": "", "]": "", "-": "."})
"""What people type for the letters of the alphabet that no keyboard has, and the brackets that go around them."""

_SIBILANT = late_pattern(r"(?:[szʃʒʂʐɕʑ]|[ʤʧʦʣʨʥ])[ːʰʲ]?$")
_VOICELESS = late_pattern(r"[ptkfθqcxχ][ːʰʲ]?$")


def normal(ipa: str) -> str:
    """The same sounds in the alphabet's own letters, decomposed, without the brackets around them."""
    return " ".join(decomposed(ipa).translate(_USUAL).split())


def decomposed(ipa: str) -> str:
    """Letters and marks one by one; ç is a letter of its own."""
    return unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")


def strange(ipa: str) -> str:
    """The characters of a `normal` transcription that are not of the alphabet, each once."""
    return "".join(char for char in dict.fromkeys(ipa) if char not in VOWELS | _CONSONANTS | _MARKS)


def with_possessive(ipa: str) -> str:
    """The sounds of an English word with its "'s": /s/ after a voiceless sound, /ɪz/ after a hiss, else /z/."""
    if _SIBILANT.search(ipa):
        return f"{ipa}ɪz"
    return f"{ipa}s" if _VOICELESS.search(ipa) else f"{ipa}z"
