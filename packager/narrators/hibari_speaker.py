"""hibari in a process of its own, as the program that asks sees it: see hibari_process.py for what is said between them."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from typing import Any

from packager import cache
from packager.errors import NarrationError
from packager.files import remove_orphans

_PROGRAM = Path(__file__).with_name("hibari_process.py")
_TIME_LIMIT = 600
_GOING = 2.0
"""Seconds that the process is given to end by itself."""


class Speaker:
    """One voice's process. Any number of threads may ask it at once."""

    def __init__(self, voice: str, cache_folder: Path | None = None) -> None:
        # Without -P, the modules beside the program would hide packages of the same name.
        command = [sys.executable, "-P", str(_PROGRAM), voice, _place_of_network(voice, cache_folder)]
        told = None if os.environ.get("PACKAGER_DEBUG") else subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)
        except OSError as error:
            raise _failed(f"its process cannot be started: {error.strerror}") from None
        self._owner = os.getpid()
        assert self._process.stdin is not None
        self._input = self._process.stdin
        self._asking = threading.Lock()
        self._numbers = count()
        self._waiting: dict[int, Future[tuple[dict[str, Any], bytes]]] = {}
        self.ended = False
        threading.Thread(target=self._listen, daemon=True).start()
        atexit.register(self._end)

    def phonemes(self, stretches: list[str]) -> list[str]:
        """Phonemes in hibari's own alphabet, a string for each sentence that it is given at once."""
        answer, _ = self._ask({"do": "phonemes", "stretches": stretches})
        return [str(part) for part in answer["phonemes"]]

    def speak(self, stretches: list[str], speed: float, seed: list[int]) -> bytes:
        """16-bit samples; the same seed gives the same."""
        return self._ask({"do": "speak", "stretches": stretches, "speed": speed, "seed": seed})[1]

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        answer: Future[tuple[dict[str, Any], bytes]] = Future()
        with self._asking:
            number = next(self._numbers)
            self._waiting[number] = answer
            if self.ended:
                raise _stopped()
            try:
                self._input.write(json.dumps(request | {"id": number}).encode() + b"\n")
                self._input.flush()
            except OSError:
                raise _stopped() from None
        try:
            return answer.result(_TIME_LIMIT)
        except TimeoutError:
            raise NarrationError(
                f"hibari did not finish “{request['stretches'][0][:60]}” in {_TIME_LIMIT} seconds.",
                "Build again when the machine has less to do, or choose another engine with --engine.",
            ) from None

    def _listen(self) -> None:
        # A line that is cut in two is all that can be wrong with an answer: the process died while it wrote.
        with suppress(ValueError):
            self._hand_on_answers()
        with self._asking:
            self.ended = True
            for waiting in self._waiting.values():
                waiting.set_exception(_stopped())
        self._end()

    def _hand_on_answers(self) -> None:
        output = self._process.stdout
        assert output is not None
        for line in output:
            answer = json.loads(line)
            size = 2 * answer.get("samples", 0)
            sound = output.read(size)
            if len(sound) < size:
                return
            waiting = self._waiting.pop(answer["id"])
            if "error" in answer:
                waiting.set_exception(_failed(answer["error"]))
            else:
                waiting.set_result((answer, sound))

    def _end(self) -> None:
        """Take the process along, unless this is a fork of the one that it belongs to."""
        if os.getpid() == self._owner:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GOING)


_starting = threading.Lock()
_started: dict[tuple[str, int], Speaker] = {}


def speaker_for(voice: str, cache_folder: Path | None = None) -> Speaker:
    """The process that speaks with this voice, started when it is first wanted.

    In `cache_folder` it keeps what lets it start more quickly.
    """
    # A process that was forked from one with a speaker needs one of its own: two cannot read the same answers.
    key = voice, os.getpid()
    with _starting:
        if key not in _started or _started[key].ended:
            _started[key] = Speaker(voice, cache_folder)
        return _started[key]


def _place_of_network(voice: str, cache_folder: Path | None) -> str:
    """Where the network is kept or will be; "" for nowhere."""
    if cache_folder is None:
        return ""
    try:
        key = cache.key_of("hibari", version("hibari-tts"), version("onnxruntime"), voice)
    except PackageNotFoundError:
        # The same library comes in packages of other names, and then nobody knows which.
        return ""
    place = cache.place(cache_folder, "networks", key)
    remove_orphans(place)
    cache.mark_used(place)
    return str(place)


def _failed(reason: str) -> NarrationError:
    return NarrationError(
        f"hibari could not speak ({reason[:200]}).", "Run “packager doctor” to see whether it is whole."
    )


def _stopped() -> NarrationError:
    return NarrationError(
        "hibari's process ended while it spoke.",
        "Build again: what was spoken is kept. It may have been short of memory.",
    )
