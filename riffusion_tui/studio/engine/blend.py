"""The sum of the mix: sounds that pass different short filters, and share one transform back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import TAPS, from_pieces, pieces_spectrum, response_spectrum


class Blend:
    """The sum of some sounds, each through its own short filter or, if that is None, through none."""

    def __init__(self, responses: Sequence[Signal | None], block: int) -> None:
        """`block`: the frames of each block."""
        self._responses = [None if response is None else response_spectrum(response) for response in responses]
        self._block = block
        self._tail = np.zeros((2, TAPS), dtype=np.float32)

    def __call__(self, sounds: Sequence[Signal | None]) -> Signal:
        """Return the sum of blocks, shape (2, n); None is silence. All share one inverse transform."""
        spectra: NDArray[np.complex64] | None = None
        unfiltered = []
        for sound, response in zip(sounds, self._responses, strict=True):
            if sound is None:
                continue
            if response is None:
                unfiltered.append(sound)
                continue
            more = pieces_spectrum(sound)
            more *= response
            spectra = more if spectra is None else np.add(spectra, more, out=spectra)
        if spectra is None:
            full = np.zeros((2, self._block + TAPS), dtype=np.float32)
        else:
            full = from_pieces(spectra, (2, self._block))
        full[:, :TAPS] += self._tail
        self._tail = full[:, self._block :].copy()
        out = full[:, : self._block]
        for sound in unfiltered:
            out += sound
        return out
