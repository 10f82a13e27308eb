"""Which encoding bytes are in that are not UTF-8.

charset-normalizer alone takes Polish for an encoding of the north (see its issue tracker, and 4 of 65 samples tried), so
the language that its answer shows is asked which encodings it is really written in.
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
_PUNCTUATION = frozenset("‘’‚“”„«»‹›–—…·•§°©®™€£¥¿¡´ \u00ad")


def guess_encoding(data: bytes) -> str | None:
    """The most likely encoding; None when no encoding gives text."""
    best = from_bytes(data).best()
    if best is None:
        return None
    candidates = [best.encoding]
    language = detect_language(str(best))
    candidates = [*_USUAL.get(language or "", ()), *candidates]
    readable = [
        (_strangeness(text), order, name) for order, name in enumerate(candidates) if (text := _decoded(data, name))
    ]
    return min(readable)[2] if readable else None


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
