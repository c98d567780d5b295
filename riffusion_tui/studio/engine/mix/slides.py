"""How an instrument reaches the notes of a tune: slides from the note before, bends from below, and vibrato."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Floats
from riffusion_tui.studio.engine.synth.voice import NoteSound

_TUNES = frozenset({"lead", "counter"})
"""Roles of tracks that slide, bend and shake notes."""
_LONG_S = 0.22
"""Shortest note that is bent, in seconds."""
_SHAKEN_S = 0.5
"""Shortest note with vibrato, in seconds."""
_VIBRATO_HZ = 5.4
_JOINED_S = 0.08
"""Longest rest, in seconds, that is slid across."""


@dataclass(frozen=True, slots=True)
class Slides:
    """How an instrument reaches notes. `slides.toml` explains each field."""

    reach: int = 0
    seconds: float = 0.1
    bends: float = 0.0
    by: int = 1
    vibrato: float = 0.0


@dataclass(frozen=True, slots=True)
class Reached:
    """How one note is reached: from so many semitones above it, in so many seconds, and its vibrato in semitones."""

    semitones: int
    seconds: float
    vibrato: float


@lru_cache(maxsize=1)
def _table() -> dict[str, Slides]:
    return {name: Slides(**row) for name, row in read_data("slides.toml").items()}


def slides_of(instrument: str, role: str) -> Slides | None:
    """Return how an instrument reaches the notes of a role, or None if it plays them straight."""
    return _table().get(instrument) if role in _TUNES else None


def reached(slides: Slides, notes: Sequence[Note], seconds_per_beat: float) -> Iterator[Reached | None]:
    """Yield how each of the notes, in order, is reached: None if it begins on its pitch and stays there."""
    before: Note | None = None
    for note in notes:
        held = note.length * seconds_per_beat
        vibrato = slides.vibrato if held >= _SHAKEN_S else 0.0
        semitones = _slid_from(slides, before, note, seconds_per_beat) if before is not None else 0
        if not semitones and held >= _LONG_S and _chance(note) < slides.bends:
            semitones = -slides.by
        seconds = min(slides.seconds, held / 3)
        yield Reached(semitones, seconds, vibrato) if semitones or vibrato else None
        before = note


def _slid_from(slides: Slides, before: Note, note: Note, seconds_per_beat: float) -> int:
    """Return how many semitones higher the note before is, if a slide begins there; else 0."""
    rest = (note.start - before.start - before.length) * seconds_per_beat
    higher = before.pitch - note.pitch
    together = note.start - before.start < 0.05  # two strings at once
    return higher if abs(higher) <= slides.reach and rest <= _JOINED_S and not together else 0


def _chance(note: Note) -> float:
    """Return a number from 0 to 1 that depends on the note alone: the same in each rendering."""
    return zlib.crc32(f"{note.start:.2f}:{note.pitch}".encode()) / 2**32


def slid(sound: NoteSound, how: Reached) -> NoteSound:
    """Return a note's sound, with its pitch moved at its start, and shaken after that."""
    frames = sound.body.shape[-1]
    first = min(round(how.seconds * SAMPLE_RATE), frames // 3) if how.semitones else 0
    span = frames if how.vibrato else first
    if span < 2:
        return sound
    at = _places(how, span, first)
    at = at[: max(1, int(np.searchsorted(at, frames - 1, side="right")))]  # a slide down takes more of the sound
    end = min(frames, max(1, round(float(at[-1]))))
    at *= (end - 1) / at[-1]  # the rest follows without a step
    moved = _read(sound.body, at)
    body = np.concatenate([moved, sound.body[..., end:]], axis=-1)
    return NoteSound(body, sound.gain, sound.tail, sound.release, sound.sides)


def _places(how: Reached, span: int, first: int) -> Floats:
    """Return the place in the sound, in frames, of each of `span` frames."""
    semitones = curve(replace(how, seconds=first / SAMPLE_RATE), np.arange(span) / SAMPLE_RATE)
    return np.asarray(np.cumsum(2 ** (semitones / 12)), dtype=np.float64)


def curve(how: Reached, seconds: Sequence[float] | Floats) -> Floats:
    """Return how many semitones a note is above its pitch at some times, in seconds from its start."""
    t = np.asarray(seconds, dtype=np.float64)
    rising = np.clip(t / how.seconds, 0.0, 1.0) if how.seconds > 0 else np.ones_like(t)
    semitones: Floats = how.semitones * (1 - rising * rising * (3 - 2 * rising))
    if how.vibrato:
        grown = np.clip((t - 0.2) / 0.3, 0.0, 1.0)
        semitones = semitones + how.vibrato * grown * np.sin(2 * np.pi * _VIBRATO_HZ * t)
    return semitones


def _read(sound: Signal, at: Floats) -> Signal:
    """Return the sound at places between its frames."""
    places = np.arange(sound.shape[-1])
    rows = [np.interp(at, places, row) for row in np.atleast_2d(sound)]
    found = np.asarray(rows, dtype=np.float32)
    return found[0] if sound.ndim == 1 else found
