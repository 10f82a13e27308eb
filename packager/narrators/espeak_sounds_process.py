"""Asks libespeak-ng how it writes sounds, and prints what it answers as JSON.

Run as a script: LIBRARY DATA_FOLDER VOICE. With text on standard input: {"ipa": its sounds}. Without: for each sound of the
voice, in IPA, the library's own mnemonic, which it takes between double brackets. Only the standard library, so that it starts
at once. The calls are those of espeak-ng's speak_lib.h, the table of sounds (phontab) is laid out as in its phoneme.h.
"""

from __future__ import annotations

import ctypes
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

AUDIO_OUTPUT_SYNCHRONOUS = 2
CHARS_UTF8 = 1
PHONEMES = 0x100
INITIALIZE_DONT_EXIT = 0x8000
MNEMONICS, IPA = 0, 2
SEPARATOR = "·"

FRAMES = (("{}a", 0, 2), ("t{}t", 1, 3), ("t'{}ta", 1, 4), ("{}", 0, 1))
"""Surroundings in which a sound is tried, its place in them, and how many sounds that makes.

Alone, some are changed: German says /t/ for a final d, Italian /e/ for an ɛ without stress.
"""

_ODD = frozenset('0123456789.-^;"')
Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Library:
    """libespeak-ng with one voice, ready to write sounds down."""

    def __init__(self, library: str, data: str, voice: str) -> None:
        self._library = ctypes.CDLL(library)
        if self._library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data.encode(), INITIALIZE_DONT_EXIT) <= 0:
            sys.exit("it cannot be started")
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        if self._library.espeak_SetVoiceByName(voice.encode()):
            sys.exit(f"it has no voice {voice}")
        # Writing down takes mnemonics in brackets only after something was spoken with them allowed.
        self._callback = Callback(lambda wave, count, events: 0)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_Synth(b"a\0", 2, 0, 0, 0, CHARS_UTF8 | PHONEMES, None, None)

    def written(self, text: str, kind: int, separator: str = "") -> list[str]:
        """The sounds of a text, a string for each of its clauses."""
        rest = ctypes.cast(ctypes.c_char_p(text.encode()), ctypes.c_void_p)
        mode = kind | (ord(separator) << 8 if separator else 0)
        clauses = []
        while rest.value:
            clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), CHARS_UTF8, mode) or b"")
        return [clause.decode("utf-8", "replace") for clause in clauses]

    def sound_of(self, mnemonic: str) -> str | None:
        """What a mnemonic sounds like, in IPA; None when the voice makes something else of it."""
        for frame, position, count in FRAMES:
            text = f"[[{frame.format(mnemonic)}]]"
            names = self._separated(text, MNEMONICS)
            sounds = self._separated(text, IPA)
            if len(names) == len(sounds) == count and names[position].strip("'") == mnemonic:
                return sounds[position].strip("ˈ")
        return None

    def _separated(self, text: str, kind: int) -> list[str]:
        """The sounds one by one. Some voices end a word with marks of its own."""
        parts = "".join(self.written(text, kind, SEPARATOR)).split(SEPARATOR)
        return [part for part in parts if part.strip("_|")]


def mnemonics(table: bytes) -> Iterator[str]:
    """All names in the file phontab: of each table a head with the number of its sounds, then 16 bytes for each."""
    position = 4
    for _ in range(table[0]):
        count = table[position]
        position += 36
        for _ in range(count):
            yield table[position : position + 4].rstrip(b"\0").decode("latin-1")
            position += 16


def sounds(library: Library, table: bytes) -> dict[str, str]:
    """For each sound in IPA its plainest mnemonic: one of letters alone before one with figures and marks."""
    found: dict[str, str] = {}
    usable = {name for name in mnemonics(table) if name.isascii() and name.isprintable() and name}
    for name in sorted(usable, key=lambda name: (not name.strip(":@").isalpha(), len(name), name)):
        ipa = library.sound_of(name)
        # Not a tone, and no mark that stands for nothing by itself.
        if ipa and (unicodedata.category(ipa[0]) in ("Ll", "Lo") or ipa == "ʲ") and not _ODD & set(ipa):
            found.setdefault(ipa, name)
    return found


def main(library: str, data: str, voice: str) -> None:
    """Answer; any failure ends the process with a sentence on standard error."""
    text = sys.stdin.buffer.read().decode()
    engine = Library(library, data, voice)
    if text:
        answer = {"ipa": " ".join(engine.written(text, IPA))}
    else:
        answer = sounds(engine, (Path(data) / "espeak-ng-data" / "phontab").read_bytes())
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:4])
