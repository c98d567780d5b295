"""The sum of the mix: sounds that pass different short filters, and share one inverse transform."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import TAPS, from_pieces, pieces_spectrum, response_spectrum


class Blend:
    """The sum of some sounds, each through its own short filter or, if that is None, through none."""

    def __init__(self, responses: Sequence[Signal | None], block: int, channels: int = 2) -> None:
        """`block`: the frames of each block."""
        self.spectra: NDArray[np.complex64] | None = None
        """The spectra of the last sum's pieces; None if it was silent."""
        plain = np.ones(1, dtype=np.float32)
        self._responses = [response_spectrum(plain if response is None else response) for response in responses]
        self._block = block
        self._tail = np.zeros((channels, TAPS), dtype=np.float32)

    def __call__(self, sounds: Sequence[Signal | None]) -> Signal:
        """Return the sum of blocks, shape (channels, n); None is silence."""
        spectra: NDArray[np.complex64] | None = None
        for sound, response in zip(sounds, self._responses, strict=True):
            if sound is None:
                continue
            more = pieces_spectrum(sound)
            more *= response
            spectra = more if spectra is None else np.add(spectra, more, out=spectra)
        self.spectra = spectra
        if spectra is None:
            full = np.zeros((len(self._tail), self._block + TAPS), dtype=np.float32)
        else:
            full = from_pieces(spectra, (len(self._tail), self._block))
        full[:, :TAPS] += self._tail
        self._tail = full[:, self._block :].copy()
        return full[:, : self._block]
