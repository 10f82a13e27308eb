"""Speaks with hibari for another process: requests come in as lines of JSON, sound goes out behind a line of JSON.

Run as a script: VOICE NETWORK. In a process of its own the engine loads beside whatever the other still has to do, and the
two do not wait for each other's interpreter lock. NETWORK is the file that keeps the voice's network as it loads most
quickly; it need not exist, and "" is none.

A request is `{"id", "do": "speak", "stretches", "speed", "seed"}` or `{"id", "do": "phonemes", "stretches"}`; stretches are
texts without an overlong stretch of words. The answer is a line `{"id", "samples": N}` and N 16-bit samples, or
`{"id", "phonemes": […]}`, or `{"id", "error"}`. Several requests are worked on at once, and answers come as they are done.
The process ends when its input does.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np


def main(voice: str, network: str) -> None:
    """Answer until nobody asks any more."""
    # Ctrl-C goes to every process of the terminal; whoever asks decides what is done about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    # What a library may print must not get among the answers.
    os.dup2(2, 1)
    speaker = _Speaker(voice, network, answers)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for line in requests:
            workers.submit(speaker.answer, json.loads(line))
        os._exit(0)


class _Speaker:
    def __init__(self, voice: str, network: str, answers: BinaryIO) -> None:
        self._answers = answers
        self._answering = threading.Lock()
        # Spelling to sound is pure Python under one interpreter lock anyway, and its caches are not made for threads.
        self._spelling = threading.Lock()
        self._engine: Future[Any] = Future()
        threading.Thread(target=self._load, args=(voice, network), daemon=True).start()

    def _load(self, voice: str, network: str) -> None:
        try:
            self._engine.set_result(_loaded(voice, network))
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
            engine.from_ids(engine.ids(part), speed, _Noise([number, *seed])) for number, part in enumerate(phonemes)
        ]
        wave = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return (np.clip(wave, -1.0, 1.0) * 32767.0).astype("<i2")

    def _tell(self, answer: dict[str, Any], sound: bytes = b"") -> None:
        with self._answering:
            self._answers.write(json.dumps(answer).encode() + b"\n" + sound)
            self._answers.flush()


class _Noise:
    """The chance in the voice. hibari asks a generator of NumPy's for a normal distribution, a tenth of all its work.

    The sum of four even distributions is near enough to a normal one and takes half the time: of each sample of sound
    thousands of these numbers are a part, and what is added up from so many is normal whatever they are.
    """

    _SCALE = np.float32(12**0.5 / 2 / 2**16)

    def __init__(self, seed: list[int]) -> None:
        self._bits = np.random.PCG64(seed)

    def standard_normal(self, size: tuple[int, ...], dtype: type[np.float32]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Numbers of mean 0 and variance 1."""
        count = int(np.prod(size))
        even = np.asarray(self._bits.random_raw(count)).view(np.int16).reshape(4, count)
        total: np.ndarray[Any, np.dtype[np.float32]] = even[0].astype(dtype)
        for other in even[1:]:
            total += other
        total *= self._SCALE
        return total.reshape(size)


def _loaded(voice: str, network: str) -> Any:
    """The engine. The model and the pronouncing dictionary are read at the same time: each takes a good while."""
    # The dictionary is a million small objects, and none of them is garbage.
    gc.disable()
    # To import SciPy takes half as long as all the rest that hibari needs, for two transforms that NumPy has as well.
    cast("dict[str, object]", sys.modules)["scipy"] = None
    from hibari import Hibari, dsp, g2p
    from hibari.voices import VOICES, voice_path

    dsp.rfft = _rfft
    g2p._load_json = _asset
    with ThreadPoolExecutor(1) as beside:
        dictionary = beside.submit(g2p.G2P, british=bool(VOICES[voice].get("british")))
        original = voice_path(voice, download_missing=False)

        def with_network(path: str) -> Any:
            return Hibari(voice=voice, model=path, threads=1, g2p=lambda text: dictionary.result()(text))

        try:
            engine = with_network(_optimised(original, network))
        except Exception:
            # What was kept is damaged, or of no use to this machine.
            if network:
                with suppress(OSError):
                    Path(network).unlink()
            engine = with_network(original)
        dictionary.result()
    gc.freeze()
    gc.enable()
    return engine


def _optimised(original: str, kept: str) -> str:
    """Where the network can be loaded from in a quarter of the time; the original where it cannot be kept.

    What is kept is optimised as far as it is the same for all processors; the rest is done at each start.
    """
    if not kept:
        return original
    if Path(kept).is_file():
        return kept
    import onnxruntime

    unfinished = f"{Path(kept).parent}/.{Path(kept).name}.{os.getpid()}-0.part"
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = unfinished
    try:
        Path(kept).parent.mkdir(parents=True, exist_ok=True)
        onnxruntime.InferenceSession(original, options, providers=["CPUExecutionProvider"])
        Path(unfinished).replace(kept)
    except Exception:
        # A disk that is full or may not be written to: it costs a third of a second, and nothing else.
        with suppress(OSError):
            Path(unfinished).unlink()
        return original
    return kept


def _asset(name: str) -> Any:
    """A dictionary of hibari's, read in half the time."""
    import orjson
    from hibari.g2p import ASSETS

    data = Path(ASSETS, name).read_bytes()
    return orjson.loads(zlib.decompress(data, wbits=31) if name.endswith(".gz") else data)


def _rfft(x: Any, axis: int) -> Any:
    """The spectrum of float32 samples. NumPy is five times as quick when it scales with the transform."""
    return np.fft.rfft(x, axis=axis, norm="forward") * np.float32(x.shape[axis])


if __name__ == "__main__":
    main(*sys.argv[1:3])
