"""A speech recognizer on sung lines: which words it recognizes, and which of the song's lines they match best."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.output.synced_lyrics import TimedLine
from tests.benchmarks.ear.tagger import RATE

Floats = NDArray[np.float32]


class Recognizer:
    """pocketsphinx with the English model of its wheel. Raises `ImportError` if it is not installed."""

    def __init__(self) -> None:
        self._decoder: Any = import_module("pocketsphinx").Decoder
        self._free = self._decoder(samprate=RATE, loglevel="FATAL", fwdflat=False, maxhmmpf=3000, ds=2, pl_window=5)

    def hear(self, lines: list[TimedLine], audio: Floats) -> tuple[int, int, int]:
        """Return the number of words of `lines` recognized in `audio`, of all words, and of identified lines."""
        spelled = {line.text: self._spelled(line.text) for line in lines}
        chooser = self._chooser({" ".join(words) for words in spelled.values()})
        recognized = total = named = 0
        for line in lines:
            data = _pcm(audio[max(0, int((line.start - 0.25) * RATE)) : int((line.end + 0.2) * RATE)])
            want = Counter(spelled[line.text])
            recognized += sum((Counter(_run(self._free, data)) & want).values())
            total += sum(want.values())
            named += _run(chooser, data) == spelled[line.text]
        return recognized, total, named

    def _spelled(self, line: str) -> list[str]:
        return [word for word in _words(line) if self._free.lookup_word(word) is not None]

    def _chooser(self, sentences: set[str]) -> Any:
        decoder = self._decoder(samprate=RATE, loglevel="FATAL", lm=None)
        rules = " | ".join(sorted(sentences - {""}))
        decoder.add_jsgf_string("lines", f"#JSGF V1.0; grammar g; public <line> = {rules};")
        decoder.activate_search("lines")
        return decoder


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def _run(decoder: Any, data: bytes) -> list[str]:
    decoder.start_utt()
    decoder.process_raw(data, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return _words(found.hypstr) if found else []


def _pcm(audio: Floats) -> bytes:
    quiet = np.random.default_rng(0).normal(0, 3e-4, RATE * 2 // 5)
    peak = np.abs(audio).max(initial=1e-6)
    return (np.concatenate([quiet, audio / peak * 0.6, quiet]) * 32767).astype(np.int16).tobytes()
