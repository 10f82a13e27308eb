"""Says standard input with libespeak-ng and writes 16-bit samples to standard output.

Run as a script: LIBRARY DATA_FOLDER VOICE WORDS_A_MINUTE. Only the standard library, so that it starts at once. The calls
are those of espeak-ng's speak_lib.h.
"""

from __future__ import annotations

import ctypes
import sys

AUDIO_OUTPUT_SYNCHRONOUS = 2
CHARS_UTF8 = 1
PHONEMES = 0x100
RATE_PARAMETER = 1
INITIALIZE_DONT_EXIT = 0x8000

Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main(library: str, data: str, voice: str, pace: str) -> None:
    """Speak; any failure ends the process with a sentence on standard error."""
    text = sys.stdin.buffer.read()
    speak = ctypes.CDLL(library)
    rate = speak.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data.encode(), INITIALIZE_DONT_EXIT)
    if rate <= 0:
        sys.exit("it cannot be started")
    samples = bytearray()

    def collect(wave: ctypes._Pointer[ctypes.c_short], count: int, events: int) -> int:
        if wave and count > 0:
            samples.extend(ctypes.string_at(wave, count * 2))
        return 0

    callback = Callback(collect)
    speak.espeak_SetSynthCallback(callback)
    if speak.espeak_SetVoiceByName(voice.encode()):
        sys.exit(f"it has no voice {voice}")
    speak.espeak_SetParameter(RATE_PARAMETER, int(pace), 0)
    if speak.espeak_Synth(text + b"\0", len(text) + 1, 0, 0, 0, CHARS_UTF8 | PHONEMES, None, None):
        sys.exit("it refused the text")
    speak.espeak_Synchronize()
    sys.stdout.buffer.write(samples)


if __name__ == "__main__":
    main(*sys.argv[1:5])
