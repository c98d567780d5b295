"""The control tracks of a voice: what the singer's throat, mouth and nose do over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Floats

RATE = SAMPLE_RATE // 2
"""Internal frames per second: a voice has nothing above 11 kHz."""
STEP = 64
"""Frames at `RATE` between the points of a track: 2.9 ms."""
EVERY = 4
"""Track points per window."""
HOP = EVERY * STEP
"""Frames between windows."""
NOISES = ("S", "SH", "F", "TH", "P", "T", "K")


@dataclass(frozen=True, slots=True)
class Mouth:
    """The control tracks: one value per `STEP` frames, except for `formants` and `widths`."""

    hertz: Floats
    """The voice's pitch."""
    voice: Floats
    breath: Floats
    hiss: Floats
    """Levels of the glottal pulses, of breath, and of noise at the teeth; 1 is that of an open vowel."""
    noise: NDArray[np.intp]
    """Index of the noise in `NOISES`."""
    formants: Floats
    """(windows, 4) in hertz: one row per `EVERY` points."""
    widths: Floats
    """(windows, 4) in hertz."""
    nose: Floats
    """0 to 1: how far the nose is open."""
    zero: Floats
    """Antiformant of a nasal sound, in hertz."""


def noise_number(name: str) -> int:
    """Return the index of a curve of `[noises]`, for `Mouth.noise`."""
    return NOISES.index(name)


def points(seconds: float) -> int:
    """Return the points of tracks of at least `seconds`: whole windows."""
    return EVERY * int(-(-seconds * RATE // HOP)) + 1
