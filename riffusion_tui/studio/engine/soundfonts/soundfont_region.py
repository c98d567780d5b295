"""How a soundfont plays a sample at a key: the generators of its zones → a region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.soundfonts.soundfont_file import VORBIS

# Generators (section 8.1.2 of the specification).
_START, _END, _LOOP_START, _LOOP_END, _START_COARSE = 0, 1, 2, 3, 4
_CUTOFF, _PAN, _DELAY, _ATTACK, _HOLD, _DECAY, _SUSTAIN, _RELEASE = 8, 17, 33, 34, 35, 36, 37, 38
_OPENS, _OPEN_ATTACK, _OPEN_HOLD, _OPEN_DECAY, _OPEN_SUSTAIN = 11, 26, 27, 28, 29
INSTRUMENT, _KEYS, _VELOCITIES, _LOOP_START_COARSE, _KEY, _ATTENUATION = 41, 43, 44, 45, 46, 48
_LOOP_END_COARSE, _COARSE, _FINE, SAMPLE, _MODES, _SCALE, _ROOT = 50, 51, 52, 53, 54, 56, 58
_DEFAULTS = {_CUTOFF: 13500, _DELAY: -12000, _ATTACK: -12000, _HOLD: -12000, _DECAY: -12000, _RELEASE: -12000,
             _OPEN_ATTACK: -12000, _OPEN_HOLD: -12000, _OPEN_DECAY: -12000,
             _SCALE: 100, _KEY: -1, _ROOT: -1}  # fmt: skip
# Only an instrument's zone may change these, not a preset's (section 8.5).
_INSTRUMENT_ONLY = frozenset({_START, _END, _LOOP_START, _LOOP_END, _START_COARSE, _LOOP_START_COARSE,
                              _LOOP_END_COARSE, _KEY, _MODES, _ROOT, SAMPLE, _KEYS, _VELOCITIES,
                              INSTRUMENT})  # fmt: skip
Zone = dict[int, int]


@dataclass(frozen=True, slots=True)
class FilterEnvelope:
    """A low-pass filter that opens and closes during a note. Times in seconds."""

    closed: float
    """Its corner in hertz before and after."""
    octaves: float
    """How far it opens; below 0, it closes."""
    attack: float
    hold: float
    decay: float
    """Until it would be closed again."""
    sustain: float
    """The share of `octaves` at which it stays."""


@dataclass(frozen=True, slots=True)
class Region:
    """One sample as played at a key and velocity. Times in seconds, levels in dB."""

    sample: int
    semitones: float
    """From the sample's own pitch to the key's."""
    gain_db: float
    pan: float
    """-1 left, 1 right."""
    attack: float
    hold: float
    decay: float
    sustain_db: float
    """Sustain level, 0 or below; `decay` is the time of a fall by 100 dB."""
    release: float
    filter: FilterEnvelope
    loops: bool
    loop_start: int
    """Frames from the sample's first."""
    loop_end: int
    skip: int
    """Frames skipped at the start of the sample."""


def region_of(preset: Zone, zone: Zone, header: Any, key: int) -> Region:
    """Return how a key of a zone plays a sample with this header."""

    def value(generator: int) -> int:
        base = zone.get(generator, _DEFAULTS.get(generator, 0))
        return base if generator in _INSTRUMENT_ONLY else base + preset.get(generator, 0)

    root = value(_ROOT) if 0 <= value(_ROOT) <= 127 else min(int(header["pitch"]), 127)
    played = value(_KEY) if 0 <= value(_KEY) <= 127 else key
    cents = (played - root) * value(_SCALE) + 100 * value(_COARSE) + value(_FINE) + int(header["correction"])
    compressed = bool(header["type"] & VORBIS)
    base = 0 if compressed else int(header["start"])
    return Region(
        sample=zone[SAMPLE] & 0xFFFF,
        semitones=float(np.clip(cents / 100, -60, 60)),
        # Attenuation is scaled by 0.4, as in all players since the EMU8000.
        gain_db=-0.04 * float(np.clip(value(_ATTENUATION), 0, 1440)),
        pan=float(np.clip(value(_PAN) / 500, -1, 1)),
        attack=_seconds(value(_ATTACK)),
        hold=_seconds(value(_HOLD)),
        decay=_seconds(value(_DECAY)),
        sustain_db=-0.1 * float(np.clip(value(_SUSTAIN), 0, 1440)),
        release=_seconds(value(_RELEASE)),
        filter=_filter_of(value),
        loops=value(_MODES) & 3 in (1, 3),
        loop_start=int(header["loop_start"]) - base + value(_LOOP_START) + 32768 * value(_LOOP_START_COARSE),
        loop_end=int(header["loop_end"]) - base + value(_LOOP_END) + 32768 * value(_LOOP_END_COARSE),
        skip=max(0, value(_START) + 32768 * value(_START_COARSE)),
    )


def _filter_of(value: Callable[[int], int]) -> FilterEnvelope:
    """Return the filter that the values of the generators give."""
    return FilterEnvelope(
        closed=float(8.176 * 2 ** (np.clip(value(_CUTOFF), 1500, 13500) / 1200)),
        octaves=float(np.clip(value(_OPENS), -12000, 12000) / 1200),
        attack=_seconds(value(_OPEN_ATTACK)),
        hold=_seconds(value(_OPEN_HOLD)),
        decay=_seconds(value(_OPEN_DECAY)),
        sustain=1 - float(np.clip(value(_OPEN_SUSTAIN), 0, 1000)) / 1000,
    )


def covers(zone: Zone, key: int, velocity: int) -> bool:
    """Whether a zone sounds at a key and a velocity."""
    for generator, at in ((_KEYS, key), (_VELOCITIES, velocity)):
        if generator in zone:
            pair = zone[generator] & 0xFFFF
            if not pair & 0xFF <= at <= pair >> 8:
                return False
    return True


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12000 else float(2 ** (min(timecents, 8000) / 1200))
