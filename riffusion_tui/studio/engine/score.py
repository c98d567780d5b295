"""The score: the whole song as notes.

Beats are quarter notes, counted from the start of the song; pitches are MIDI numbers; velocities 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from riffusion_tui.studio.engine.song_plan import Plan

RING_S = 1.5
"""Seconds after the last beat for the sound to die away: a song lasts its beats plus this."""
CONTINUED = "_"
"""Instead of a syllable: the word before it, whose letters are all on an earlier note, goes on, as numbers do."""


@dataclass(unsafe_hash=True, slots=True)
class Note:
    """One note: at `start` beats, for `length` beats. Immutable.

    Only the type checker keeps it so: `frozen` triples the time to create one, and a song creates ten thousand.
    """

    start: Final[float]
    length: Final[float]
    pitch: Final[int]
    velocity: Final[float]
    syllable: Final[str] = ""
    """What is sung, with a hyphen if its word goes on; or `CONTINUED`."""


@dataclass(frozen=True, slots=True)
class Track:
    """The notes of one instrument."""

    name: str
    role: str
    """drums, bass, chords, pad, lead, vocal, arp, counter, fx."""
    instrument: str
    """A key of `instruments.toml`."""
    program: int
    """General MIDI program 0 to 127; unused for drums."""
    notes: tuple[Note, ...]
    gain_db: float = 0.0
    pan: float = 0.0
    """-1 left, 1 right."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the song: `bars` bars from `start` beats on."""

    name: str
    """As displayed: `Verse 2`."""
    kind: str
    """intro, verse, prechorus, chorus, bridge, solo, drop, breakdown, ending."""
    start: float
    bars: int
    energy: float
    """0 to 1: density, register, loudness and brightness follow it."""
    lift: int = 0
    """Semitones above the song's key: the last chorus may be transposed up."""
    mode: str = ""
    """Its mode, if another than the song's."""


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that sounds from `start` for `length` beats."""

    start: float
    length: float
    symbol: str
    root: int
    """Pitch class 0 to 11."""
    pitches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LyricLine:
    """A line that is sung from `start` to `end` beats."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """The whole song as notes."""

    plan: Plan
    title: str
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    tracks: tuple[Track, ...]
    lyrics: str
    """The text with its headings (`[Verse]`), or `[Instrumental]`."""
    lyric_lines: tuple[LyricLine, ...]
    beats: float
    """Length in beats, including the last bar, without the reverb tail."""
    form: str = ""
    """The sections, as `Locks.form` takes them."""
    band: str = ""
    """The players, as `Locks.band` takes them."""

    @property
    def duration_s(self) -> float:
        """Length in seconds, with the reverb tail."""
        return self.beats * 60 / self.plan.bpm + RING_S
