"""The sounds of hibari's voices in IPA: the alphabet of misaki, which its vocabulary holds, as its dictionaries use it."""

from __future__ import annotations

from packager.narrators.sounds import Sounds

_SHARED = {
    **{sound: sound for sound in "bdfhjklmnpstvwzðŋɑɔəɛɪɡɹʃʊʌʒθiu"},
    "dʒ": "ʤ",
    "tʃ": "ʧ",
    "eɪ": "A",
    "aɪ": "I",
    "aʊ": "W",
    "ɔɪ": "Y",
}
AMERICAN = Sounds(
    {
        **_SHARED,
        "æ": "æ",
        "ᵻ": "ᵻ",
        "oʊ": "O",
        **dict.fromkeys(("ɪə", "ɪəɹ"), "ɪɹ"),
        **dict.fromkeys(("ʊə", "ʊəɹ"), "ʊɹ"),
        **dict.fromkeys(("ɝ", "ɜː", "ɜɹ", "ɜːɹ"), "ɜɹ"),
        "ɾ": "T",
    }
)
BRITISH = Sounds(
    {
        **_SHARED,
        **{long: long for long in ("ɑː", "iː", "uː", "ɔː", "ɜː", "ɛː")},
        "a": "a",
        "æ": "a",
        "ɒ": "ɒ",
        "əː": "ɜː",
        "eə": "ɛː",
        "ɛə": "ɛː",
        "əʊ": "Q",
        "oʊ": "Q",
    }
)

_IPA = str.maketrans(
    {"ʤ": "dʒ", "ʧ": "tʃ", "A": "eɪ", "I": "aɪ", "W": "aʊ", "Y": "ɔɪ", "O": "oʊ", "Q": "əʊ", "T": "ɾ", "ᵊ": "ə"}
)


def in_ipa(phonemes: str) -> str:
    """hibari's own phonemes in the usual letters."""
    return phonemes.translate(_IPA)
