"""Streaming effects: each takes block after block and keeps the state that the next block needs.

A block is stereo, shape (2, frames), or (1, frames) if both sides are the same. A linear effect may be applied to each
stem by itself; the others (drive) belong on single tracks, before anything is summed.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import (
    SAMPLE_RATE,
    TAPS,
    Curve,
    Floats,
    drawn_db,
    from_pieces,
    lines,
    minimum_phase,
    pieces_spectrum,
    response_spectrum,
    slopes,
)

_GLIDE = 64
"""Frames between the points of a moving delay."""


class Effect(Protocol):
    """A streaming effect."""

    def __call__(self, block: Signal) -> Signal:
        """Return as many frames as come in, on one or two sides."""
        ...


class ShortFilter:
    """Convolution with a response of `TAPS` taps, shape (n,) or (2, n)."""

    def __init__(self, response: Signal) -> None:
        self._response = response_spectrum(response)
        self._tail: Signal | None = None

    def __call__(self, block: Signal) -> Signal:
        """Return the filtered block, shape (channels, n), as many channels each time."""
        spectra = pieces_spectrum(block)
        if len(spectra) >= len(self._response):
            return self._back(np.multiply(spectra, self._response, out=spectra), block.shape[1])
        return self._back(spectra * self._response, block.shape[1])

    def _back(self, spectra: NDArray[np.complex64], frames: int) -> Signal:
        full = from_pieces(spectra, (len(spectra), frames))
        if self._tail is not None:
            full[:, :TAPS] += self._tail
        self._tail = full[:, frames:].copy()
        return full[:, :frames]


class Delay:
    """A ping-pong delay; each echo is duller than the last."""

    def __init__(self, seconds: float, feedback: float) -> None:
        self._frames = max(2048, int(seconds * SAMPLE_RATE))
        self._feedback = np.float32(feedback)
        self._line = np.zeros((2, self._frames + 2), dtype=np.float32)

    def __call__(self, block: Signal) -> Signal:
        """Return the echoes alone."""
        frames, size = block.shape[1], self._line.shape[1]
        # Earlier frames, then the new ones: each echo is read from the same line.
        line = np.empty((2, size + frames), dtype=np.float32)
        line[:, :size] = self._line
        out = np.empty_like(block)
        for start in range(0, frames, self._frames):
            echo = out[:, start : start + self._frames]
            n = echo.shape[1]
            old = line[::-1, start : start + n + 2]
            np.add(old[:, :-2], old[:, 2:], out=echo)
            echo *= np.float32(0.5)
            echo += old[:, 1:-1]
            echo *= np.float32(0.5)
            later = line[:, size + start : size + start + n]
            np.multiply(echo, self._feedback, out=later)
            later += block[:, start : start + n]
        self._line = line[:, frames:]
        return out


INPUT: Curve = (
    (20.0, -48.0), (60.0, -24.0), (90.0, -9.0), (120.0, -3.0), (160.0, 0.0), (300.0, 0.0), (700.0, 6.0),
    (1200.0, 6.0), (2500.0, 2.0), (6000.0, 0.0), (20_000.0, -6.0),
)  # fmt: skip
"""What a guitar amplifier's input takes away and adds before it distorts: (hertz, dB). Lows would only make it rumble.

Each tone passes it once, when it is rendered (`ToneVoice.curve`), instead of the whole track.
"""
RECORDED_INPUTS: dict[str, Curve] = {
    "overdrive": (*INPUT[:7], (1200.0, 4.0), (2500.0, -5.0), (6000.0, -15.0), (20_000.0, -30.0)),
    "distortion": (*INPUT[:6], (420.0, 2.0), (600.0, 2.0), (1200.0, -6.0), (2400.0, -22.0), (6000.0, -40.0)),
}
"""The same for a recorded guitar, which has more highs than pick-ups and a cable pass, by the amplifier."""


class Drive:
    """A guitar amplifier's gain, after its `INPUT`. `amount` 1 is crunch, 6 is metal.

    Not linear: it belongs on one track.
    """

    _BIAS = np.float32(0.12)

    def __init__(self, amount: float) -> None:
        self._gain = np.float32(42.0 * amount)

    def __call__(self, block: Signal) -> Signal:
        """Return the driven block."""
        out = block * self._gain
        out += self._BIAS
        np.tanh(out, out=out)
        out -= np.tanh(self._BIAS)
        out *= np.float32(0.42)
        return out


# A guitar speaker: (hertz, dB). Above 6 kHz there is nothing left of it.
_SPEAKER = (
    (20, -40), (60, -14), (80, -3), (110, 3), (200, 1), (400, -3), (800, -2), (1500, 2.5), (2500, 6.5), (3500, 6.5),
    (4300, 2), (5100, -4), (5700, -8.5), (6300, -18), (7000, -30), (10_000, -48), (20_000, -70),
)  # fmt: skip


def cabinet(seed: int) -> Signal:
    """Return a guitar cabinet's impulse response, slightly different on each side, as from two microphones.

    A closely miked 12-inch speaker in a closed box passes 80 Hz to 6 kHz, with a bump at 110 Hz and a presence peak at
    3 kHz.
    """
    size = 2048
    f = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) + 1e-3
    sides = []
    for side in range(2):
        rng = np.random.default_rng(seed + side)
        speaker = tuple((hz, (db + float(rng.uniform(-1.2, 1.2))) * np.log(10) / 20) for hz, db in _SPEAKER)
        sides.append(minimum_phase(drawn_db(f, speaker), size)[:TAPS])
    out = np.stack(sides)
    out[:, -100:] *= np.linspace(1, 0, 100)
    return np.asarray(out, dtype=np.float32)


class Chorus:
    """Two slowly modulated copies, one on each side: linear, and wide."""

    def __init__(self, rate: float, depth_ms: float, mix: float, phase: float = 0.0) -> None:
        self._rate, self._depth, self._mix, self._phase = rate, depth_ms * SAMPLE_RATE / 1000, np.float32(mix), phase
        self._keep = int(self._depth * 3) + 700
        self._past = np.zeros((2, self._keep), dtype=np.float32)
        self._frame = 0

    def __call__(self, block: Signal) -> Signal:
        """Return the block with its copies; a whole number of `_GLIDE`."""
        frames = block.shape[1]
        line = np.concatenate([self._past[: len(block)], block], axis=1)
        self._past = line[:, -self._keep :].copy()
        line *= self._mix
        turn = 2 * np.pi * self._rate / SAMPLE_RATE * (self._frame + np.arange(0, frames + 1, _GLIDE)) + self._phase
        self._frame += frames
        sway = self._depth * np.sin(turn)
        out = np.empty((2, frames), dtype=np.float32)
        np.multiply(block, 1 - self._mix * np.float32(0.4), out=out)
        out[0] += _delayed(line[0], 500 + self._depth + sway)
        out[1] += _delayed(line[-1], 500 + self._depth - sway)
        return out


def _delayed(line: Signal, delays: Floats) -> Signal:
    """Return the end of `line` later by `delays`: in frames, one for every `_GLIDE` frames and one for the end.

    Within each `_GLIDE` frames, the same two neighbors are interpolated for all of them, so that pieces of the line are
    read and not single frames. A delay must change by less than a frame meanwhile.
    """
    whole = np.floor((delays[:-1] + delays[1:]) / 2).astype(np.intp) + 1
    frames = len(whole) * _GLIDE
    starts = np.arange(len(line) - frames, len(line), _GLIDE) - whole
    out = slopes(whole - delays[:-1], -np.diff(delays), _GLIDE)
    out *= _pieces(line[1:] - line[:-1])[starts].reshape(-1)
    out += _pieces(line)[starts].reshape(-1)
    return out


def _pieces(line: Signal) -> Signal:
    """Return the `_GLIDE` frames of a contiguous line from each of its frames on, as a view not to be written to."""
    shape, step = (len(line) - _GLIDE + 1, _GLIDE), line.itemsize
    return np.ndarray(shape, line.dtype, line.data, 0, (step, step))


class Wow:
    """Tape wow: the whole sound is read a little sooner or later. Linear, and the same for each stem."""

    _KEEP = 512

    def __init__(self, amount: float) -> None:
        """`amount` 0 to 1: at 1, pitch sways by about 10 cents."""
        self._amount = amount
        self._past = np.zeros((2, self._KEEP), dtype=np.float32)
        self._frame = 0

    def __call__(self, block: Signal) -> Signal:
        """Return the modulated block; a whole number of `_GLIDE`."""
        line = np.concatenate([self._past, block], axis=1)
        self._past = line[:, -self._KEEP :].copy()
        t = (self._frame + np.arange(0, block.shape[1] + 1, _GLIDE)) / SAMPLE_RATE
        self._frame += block.shape[1]
        slow, fast = np.sin(2 * np.pi * 0.71 * t), np.sin(2 * np.pi * 6.3 * t + 0.5 * np.sin(2 * np.pi * 0.9 * t))
        delays = 200 + self._amount * (52 * slow + 2.2 * fast)
        return np.stack([_delayed(side, delays) for side in line])


class Tremolo:
    """Amplitude modulation, with the sides out of phase by `split`: a rotary speaker's horn, an old amplifier."""

    def __init__(self, rate: float, depth: float, split: float) -> None:
        self._rate, self._depth, self._split = rate, depth, split
        self._frame = 0

    def __call__(self, block: Signal) -> Signal:
        """Return the modulated block."""
        t = (self._frame + np.arange(0, block.shape[1] + 64, 64)) / SAMPLE_RATE
        self._frame += block.shape[1]
        turn = 2 * np.pi * self._rate * t
        gains = [lines(1 - self._depth * (0.5 + 0.5 * np.sin(turn + p)), 64) for p in (0.0, np.pi * self._split)]
        return np.asarray(block * np.stack(gains)[:, : block.shape[1]], dtype=np.float32)


class Soften:
    """A high cut whose amount glides from block to block: 0 none, 1 about 9 dB at 8 kHz."""

    def __init__(self) -> None:
        self._past = np.zeros((2, 2), dtype=np.float32)
        self._amount: float | None = None

    def __call__(self, block: Signal, amount: float) -> Signal:
        """Return the softened block, one frame late; the caller owns the array."""
        before = amount if self._amount is None else self._amount
        self._amount = amount
        line = np.concatenate([self._past, block], axis=1)
        self._past = block[:, -2:].copy()
        if max(before, amount) <= 0.01:
            return line[:, 1:-1]
        # The second difference is what averaging three frames removes.
        bend = line[:, :-2] + line[:, 2:]
        bend *= np.float32(0.25)
        bend -= line[:, 1:-1] * np.float32(0.5)
        bend *= (
            np.linspace(before, amount, block.shape[1], dtype=np.float32) if before != amount else np.float32(amount)
        )
        bend += line[:, 1:-1]
        return np.asarray(bend, dtype=np.float32)
