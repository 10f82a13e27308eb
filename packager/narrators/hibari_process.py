"""Speaks with hibari for another process: requests come in as lines of JSON, sound goes out behind a line of JSON.

Run as a script: VOICE. In a process of its own the engine loads beside whatever the other still has to do, and the two do
not wait for each other's interpreter lock. A request is `{"id", "do": "speak", "stretches", "speed", "seed"}` or
`{"id", "do": "phonemes", "stretches"}`; stretches are texts without an overlong stretch of words. The answer is a line
`{"id", "samples": N}` and N 16-bit samples, or `{"id", "phonemes": […]}`, or `{"id", "error"}`. Several requests are
worked on at once, and answers come as they are done. The process ends when its input does.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, cast

import numpy as np


def main(voice: str) -> None:
    """Answer until nobody asks any more."""
    # Ctrl-C goes to every process of the terminal; whoever asks decides what is done about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    # What a library may print must not get among the answers.
    os.dup2(2, 1)
    speaker = _Speaker(voice, answers)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for line in requests:
            workers.submit(speaker.answer, json.loads(line))
        os._exit(0)


class _Speaker:
    def __init__(self, voice: str, answers: BinaryIO) -> None:
        self._answers = answers
        self._answering = threading.Lock()
        # Spelling to sound is pure Python under one interpreter lock anyway, and its caches are not made for threads.
        self._spelling = threading.Lock()
        self._engine: Future[Any] = Future()
        threading.Thread(target=self._load, args=(voice,), daemon=True).start()

    def _load(self, voice: str) -> None:
        try:
            self._engine.set_result(_loaded(voice))
        except Exception as error:
            self._engine.set_exception(error)

    def answer(self, request: dict[str, Any]) -> None:
        """Do what is asked; whatever goes wrong is told to whoever asked."""
        try:
            phonemes = self._phonemes(request["stretches"])
            if request["do"] == "phonemes":
                self._tell({"id": request["id"], "phonemes": phonemes})
                return
            samples = self._spoken(phonemes, request["speed"], request["seed"])
            self._tell({"id": request["id"], "samples": len(samples)}, samples.tobytes())
        except Exception as error:
            self._tell({"id": request["id"], "error": f"{type(error).__name__}: {error}"})

    def _phonemes(self, stretches: list[str]) -> list[str]:
        engine = self._engine.result()
        with self._spelling:
            return [part for stretch in stretches for part in engine.phonemize(stretch)]

    def _spoken(self, phonemes: list[str], speed: float, seed: list[int]) -> np.ndarray[Any, np.dtype[np.int16]]:
        engine = self._engine.result()
        parts = [
            engine.from_ids(engine.ids(part), speed, np.random.default_rng([number, *seed]))
            for number, part in enumerate(phonemes)
        ]
        wave = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return (np.clip(wave, -1.0, 1.0) * 32767.0).astype("<i2")

    def _tell(self, answer: dict[str, Any], sound: bytes = b"") -> None:
        with self._answering:
            self._answers.write(json.dumps(answer).encode() + b"\n" + sound)
            self._answers.flush()


def _loaded(voice: str) -> Any:
    """The engine. The model and the pronouncing dictionary are read at the same time: each takes a good while."""
    # The dictionary is a million small objects, and none of them is garbage.
    gc.disable()
    # To import SciPy takes half as long as all the rest that hibari needs, for two transforms that NumPy has as well.
    cast("dict[str, object]", sys.modules)["scipy"] = None
    from hibari import Hibari, dsp
    from hibari.g2p import G2P
    from hibari.voices import VOICES, voice_path

    dsp.rfft = _rfft
    with ThreadPoolExecutor(1) as beside:
        dictionary = beside.submit(G2P, british=bool(VOICES[voice].get("british")))
        model = voice_path(voice, download_missing=False)
        engine = Hibari(voice=voice, model=model, threads=1, g2p=lambda text: dictionary.result()(text))
        dictionary.result()
    gc.freeze()
    gc.enable()
    return engine


def _rfft(x: Any, axis: int) -> Any:
    """The spectrum of float32 samples. NumPy is five times as quick when it scales with the transform."""
    return np.fft.rfft(x, axis=axis, norm="forward") * np.float32(x.shape[axis])


if __name__ == "__main__":
    main(sys.argv[1])
