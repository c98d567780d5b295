"""Rooms: a reverb's response, and its convolution with a whole song, block by block."""

from __future__ import annotations

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, spectrum_of

_ROW = 1 << 12
"""Frames that are convolved at once."""
_KEPT_BLOCKS = 8
"""Blocks whose spectra are kept in order, before those that are still needed are moved."""
_INAUDIBLE = 10 ** (-58 / 20)
"""A response's bins below this share of its loudest are left out."""


class Convolver:
    """Convolution of a mono sound with a stereo response, shape (2, n), in the frequency domain, overlap-add.

    Every block must have `block` frames. Block and response are cut into rows of at most `_ROW` frames: each row of the
    block costs one forward transform, a product for each row of the response, and one transform back for each side.
    """

    def __init__(self, response: Signal, block: int, top: float = 0.5) -> None:
        """`top`: the frequency above which the response is silent, in cycles per frame."""
        self._row = row = min(block, _ROW)
        self._rows = block // row
        count = -(-response.shape[1] // row)
        pad = np.zeros((2, count * row), dtype=np.float32)
        pad[:, : response.shape[1]] = response
        # The block's rows are scaled forward (see `spectrum_of`); the responses compensate.
        spectra = spectrum_of(pad.reshape(2, count, 1, row), 2 * row) * np.float32(2 * row)
        self._bins = min(row + 1, int(top * 2 * row) + 2)
        bins = [min(n, self._bins) for n in _audible_bins(pad.reshape(2, count, row))]
        self._responses = [np.ascontiguousarray(spectra[:, i, :, :n]) for i, n in enumerate(bins)]
        self._line = np.zeros((self._rows, 2 * row), dtype=np.float32)
        self._total, self._product = np.empty((2, 2, self._rows, self._bins), dtype=np.complex64)
        # As long as a transform needs: it would copy shorter rows one by one. The bins after the last stay zero.
        self._whole = np.zeros((2, self._rows, row + 1), dtype=np.complex64)
        self._seen = np.zeros((count - 1 + _KEPT_BLOCKS * self._rows, self._bins), dtype=np.complex64)
        self._at: int = count - 1
        self._tail = np.zeros((2, row), dtype=np.float32)

    def __call__(self, block: Signal) -> Signal:
        """Return the convolved block, shape (2, n), of a block of shape (n,); its tail is added to the next ones."""
        row, rows, at = self._row, self._rows, self._rows_before()
        self._line[:, :row] = block.reshape(rows, row)
        self._seen[at : at + rows] = np.fft.rfft(self._line, norm="forward")[:, : self._bins]
        self._total[:] = 0
        for age, response in enumerate(self._responses):
            bins = response.shape[-1]
            seen, product = self._seen[at - age : at - age + rows, :bins], self._product[..., :bins]
            self._total[..., :bins] += np.multiply(seen, response, out=product)
        self._whole[..., : self._bins] = self._total
        full = np.asarray(np.fft.irfft(self._whole, 2 * row), dtype=np.float32)
        out = np.empty((2, rows, row), dtype=np.float32)
        np.add(full[:, 1:, :row], full[:, :-1, row:], out=out[:, 1:])
        np.add(full[:, 0, :row], self._tail, out=out[:, 0])
        self._tail = full[:, -1, row:].copy()
        return out.reshape(2, -1)

    def _rows_before(self) -> int:
        """Return where the next block's rows are kept, and go on; the older ones move back now and then."""
        before = len(self._responses) - 1
        if self._at + self._rows > len(self._seen):
            self._seen[:before] = self._seen[self._at - before : self._at]
            self._at = before
        at, self._at = self._at, self._at + self._rows
        return at


def _audible_bins(rows: Signal) -> list[int]:
    """Return how many bins of each row of a response, shape (2, rows, frames), are audible.

    A room loses its highs first: the later a row, the fewer. The rows are faded in and out for this, since their edges
    alone, which fit together, have all frequencies.
    """
    frames = rows.shape[-1]
    loud = np.abs(spectrum_of(rows * np.hanning(frames).astype(np.float32), frames)).max(axis=0)
    loud[0] = np.maximum(loud[0], np.abs(spectrum_of(rows[:, 0], frames)).max(axis=0))
    audible = loud > _INAUDIBLE * loud.max()
    return [2 * (loud.shape[1] - int(np.argmax(one[::-1]))) if one.any() else 1 for one in audible]


def room(seconds: float, bright: float, seed: int, early: float = 0.5, predelay: float = 0.012) -> Signal:
    """Return a stereo impulse response at half the sample rate: early reflections, then noise.

    The noise decays by 60 dB in `seconds`, its highs first; `bright` 0 to 1 keeps the highs. The two sides are
    independent, which makes the reverb wide.
    """
    rng = np.random.default_rng(seed)
    rate = SAMPLE_RATE // 2
    frames = int(seconds * rate)
    start = int(predelay * rate)
    out = np.zeros((2, frames + start), dtype=np.float32)
    size = 1 << int(frames - 1).bit_length()
    spectrum = spectrum_of(rng.standard_normal((2, size)).astype(np.float32), size)
    f = np.fft.rfftfreq(size, 1 / rate)
    t = np.arange(frames, dtype=np.float32) / rate
    top = room_top(bright)
    # Three bands, each with its own decay; nothing below 180 Hz, so that the bass stays dry.
    for low, high, share in ((180.0, 900.0, 1.0), (900.0, 3600.0, 0.85), (3600.0, top, 0.3 + 0.4 * bright)):
        band = ((f >= low) & (f < max(high, low + 1))).astype(np.float32)
        part = np.fft.irfft(spectrum * band, size)[:, :frames].astype(np.float32)
        out[:, start:] += part * np.exp(-6.9078 * t / (seconds * share))
    rise = min(frames, int(0.02 * rate))
    out[:, start : start + rise] *= np.linspace(0.2, 1, rise, dtype=np.float32)
    for _ in range(10):
        at = start + int(rng.uniform(0.002, 0.06) * rate)
        out[rng.integers(2), min(at, frames - 1)] += np.float32(early * rng.uniform(0.6, 1.4) * 8)
    # The reflections have no more highs than the noise: what a response lacks costs nothing to convolve.
    first = out[:, :_ROW]
    faded = first * np.minimum(1, np.linspace(4, 0, first.shape[1], dtype=np.float32))
    first -= faded
    spectrum = spectrum_of(faded, 2 * _ROW)
    spectrum[:, int(top / rate * 2 * _ROW) :] = 0
    first += np.fft.irfft(spectrum, 2 * _ROW)[:, : first.shape[1]]
    fade = min(frames, 2000)
    out[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return np.asarray(out / np.sqrt(np.sum(out**2, axis=1, keepdims=True)), dtype=np.float32)


def room_top(bright: float) -> float:
    """Return the hertz above which a room is silent."""
    return 2500.0 + 8000.0 * bright


class Reverb:
    """A room, convolved at half the sample rate: half the work, nothing above 10.5 kHz. Mono in, stereo out."""

    # The odd taps of a half-band low-pass (the even ones are zero, the middle one half): 15 taps, Hamming window.
    _TAPS = np.array([-0.00362, 0.01797, -0.06847, 0.30412], dtype=np.float32)

    def __init__(self, response: Signal, block: int, top: float = SAMPLE_RATE / 4) -> None:
        """`response` of shape (2, n) at half the sample rate, silent above `top` hertz; `block` even."""
        self._convolve = Convolver(response, block // 2, 2 * top / SAMPLE_RATE)
        self._past = np.zeros(16, dtype=np.float32)
        self._ahead = np.zeros((2, 8), dtype=np.float32)
        self._pair = np.empty((2, block // 2), dtype=np.float32)

    def __call__(self, block: Signal) -> Signal:
        """Return the reverb of a mono block, shape (n,), as (2, n)."""
        line = np.concatenate([self._past, block])
        self._past = line[-16:]
        half = len(block) // 2
        low = line[8 : 8 + 2 * half : 2] * np.float32(0.5)
        self._between(line[1::2].copy()[None], half, 0, 1.0, low[None])
        wet = np.concatenate([self._ahead, self._convolve(low)], axis=1)
        self._ahead = wet[:, -8:]
        out = np.empty((2, 2 * half), dtype=np.float32)
        out[:, 0::2] = wet[:, 4 : 4 + half]
        odd = np.zeros((2, half), dtype=np.float32)
        self._between(wet, half, 1, 2.0, odd)
        out[:, 1::2] = odd
        return out

    def _between(self, sound: Signal, frames: int, start: int, gain: float, out: Signal) -> None:
        """Add what is between the frames of a sound to `out`, times `gain`."""
        pair = self._pair[: len(out)]
        for k, tap in enumerate(self._TAPS):
            first, last = start + k, start + 7 - k
            np.add(sound[:, first : first + frames], sound[:, last : last + frames], out=pair)
            pair *= np.float32(gain) * tap
            out += pair
