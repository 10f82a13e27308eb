"""The sounds of eSpeak's voices, as eSpeak itself writes them. Piper's voices were trained on the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from packager.errors import NarrationError
from packager.ipa import decomposed
from packager.narrators.sounds import Sounds

_ASKER = Path(__file__).with_name("espeak_sounds_process.py")
_TIME_LIMIT = 60
_DOUBLE = re.compile(r"\[(?=\[)")


@lru_cache(maxsize=16)
def sounds_of(voice: str) -> Sounds:
    """What eSpeak takes for the sounds that a voice has."""
    symbols = {decomposed(ipa): mnemonic for ipa, mnemonic in _asked(voice, "").items()}
    if voice.lower().startswith("en") and "ɹ" in symbols:
        # English is transcribed with either letter, and never trilled.
        symbols.pop("r", None)
    return Sounds(symbols, "'", ",")


def in_ipa(text: str, voice: str) -> str:
    """What eSpeak makes of a text, in IPA."""
    return " ".join(_asked(voice, text).get("ipa", "").split())


def defused(text: str) -> str:
    """The text, as long as before, without double brackets: between such, eSpeak and Piper take letters for sounds."""
    return _DOUBLE.sub(" ", text)


def _asked(voice: str, text: str) -> dict[str, str]:
    import espeakng_loader

    command = [
        *(sys.executable, "-I", "-S", str(_ASKER)),
        *(espeakng_loader.get_library_path(), str(Path(espeakng_loader.get_data_path()).parent), voice),
    ]
    failed = NarrationError(f"eSpeak does not tell its sounds for “{voice}”.", "Run “packager doctor”.")
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_TIME_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise failed from None
    if done.returncode:
        raise failed
    answer: dict[str, str] = json.loads(done.stdout)
    return answer
