"""Which encoding bytes are in that are not UTF-8.

charset-normalizer alone takes Polish for Welsh and French for Lithuanian when the text is short, so every encoding is asked
in which language it shows the text, and every language in which encodings it is really written.
"""

from __future__ import annotations

import unicodedata

from charset_normalizer import from_bytes

from packager.readers.language import detect_language

_CENTRAL = ("iso8859_2", "cp1250")
_CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_BALTIC = ("cp1257", "iso8859_13", "iso8859_4")
_WESTERN = ("cp1252", "iso8859_15", "mac_roman")
_USUAL = {
    **dict.fromkeys("pl cs sk hu ro hr sl bs sq".split(), _CENTRAL),
    **dict.fromkeys("ru uk be bg sr mk".split(), (*_CYRILLIC, "koi8_u")),
    **dict.fromkeys("lt lv et".split(), _BALTIC),
    **dict.fromkeys("en de fr es it pt nl sv da nb nn fi is ca gl eu ga af".split(), _WESTERN),
    "tr": ("cp1254",),
    "el": ("cp1253", "iso8859_7"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256", "iso8859_6"),
    "fa": ("cp1256",),
    "vi": ("cp1258",),
}
_SAMPLE = 100_000
_PUNCTUATION = frozenset("‘’‚“”„«»‹›–—…·•§°©®™€£¥¿¡´ \u00ad")


def guess_encoding(data: bytes) -> str | None:
    """The most likely encoding; None when no encoding gives text."""
    best = from_bytes(data).best()
    if best is None:
        return None
    candidates = dict.fromkeys([best.encoding, *(name for usual in _USUAL.values() for name in usual)])
    judged = [
        (*_doubts(text[:_SAMPLE], name), order, name)
        for order, name in enumerate(candidates)
        if (text := _decoded(data, name))
    ]
    return min(judged)[-1] if judged else None


def _doubts(text: str, encoding: str) -> tuple[bool, int]:
    """Whether the text is in no language that is written in this encoding, and how strange it looks."""
    language = detect_language(text)
    fits = language is not None and encoding in _USUAL.get(language, (encoding,))
    return not fits, _strangeness(text)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strangeness(text: str) -> int:
    """How many characters stand where a writer would not have put them."""
    strange = 0
    before = " "
    for char in text:
        if ord(char) > 127:
            if not char.isalpha() and char not in _PUNCTUATION and not unicodedata.combining(char):
                strange += 2
            elif char.isupper() and before.islower():
                strange += 1
        before = char
    return strange
