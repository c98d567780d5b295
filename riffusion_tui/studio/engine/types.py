"""The engine protocol and the values passed between its stages: Request, Plan, Score, RenderedSong.

Beats are quarter notes, counted from the start of the song; pitches are MIDI numbers; velocities 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

RING_S = 1.5
"""Seconds after a score's last beat in which the sound dies away: a song lasts its beats and this."""


class EngineError(Exception):
    """The engine could not make the song; `str(error)` says why in words a person can use."""


class Cancelled(EngineError):
    """Somebody asked for the song not to be made any more."""


@dataclass(frozen=True, slots=True)
class RecognizedTerm:
    """A word of the prompt and its meaning: `RecognizedTerm("rainy", "scene", "rain")`."""

    word: str
    kind: str
    """genre, mood, scene, era, place, activity, instrument, avoid, tempo, key, mode, meter, length, vocal, production,
    energy, structure."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an engine. None means: choose from the prompt."""

    prompt: str
    seed: int = 0
    instrumental: bool = False
    length_s: float | None = None
    title: str | None = None
    lyrics: str | None = None
    lyrics_strength: float = 0.5
    """0 ignores given lyrics, 1 keeps every line."""
    prompts: tuple[WeightedPrompt, ...] = ()
    """create-compose: further prompts, each for a part of the song."""


@dataclass(frozen=True, slots=True)
class WeightedPrompt:
    """A prompt that colours a part of the song: `strength` 0 to 1, `start` and `end` as shares of it."""

    text: str
    strength: float = 0.5
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be made, before a note is written. The same prompt, seed and request give the same plan."""

    prompt: str
    seed: int
    genre: str
    """A key of `styles/`."""
    blend: str | None
    """A second genre that colours the first."""
    bpm: float
    """Quarter notes a minute."""
    key: str
    """Tonic as written: `A`, `F#`, `Bb`."""
    mode: str
    """major, minor, dorian, phrygian, lydian, mixolydian, locrian, harmonic minor, blues, pentatonic, …"""
    meter: tuple[int, int]
    swing: float
    """0 straight, 1 full triplet."""
    moods: tuple[str, ...]
    scenes: tuple[str, ...]
    """Scenes, places, activities: what lyrics and colour draw on."""
    era: str | None
    instruments: tuple[str, ...]
    """Asked for by name, in the lexicon's words."""
    avoided: tuple[str, ...]
    """Must not sound: `drums`, `vocals`, …"""
    vocals: str
    """none, male, female, choir or any."""
    production: tuple[str, ...]
    """lo-fi, reverberant, punchy kick, …"""
    energy: float
    density: float
    brightness: float
    """Each 0 to 1, 0.5 as usual for the genre."""
    structure: tuple[str, ...]
    """Hints of form: `solo piano intro`, `drop`, `builds up`."""
    length_s: float
    language: str
    understood: tuple[RecognizedTerm, ...]
    ignored: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]
    """What the engine chose itself, since the prompt did not say: (field, value)."""
    subject: str = ""
    """What the song is to be about, in the prompt's words; empty when it does not say."""
    parts: tuple[PartColour, ...] = ()
    """Further prompts of the request: what they want, and in which part of the song."""
    cast: tuple[str, ...] = ()
    """Exactly who plays, once a player: two violins are there twice. Empty: the genre fills the band."""

    @property
    def tempo(self) -> str:
        """The tempo's class: slow up to 92 bpm, medium up to 119, fast from 120."""
        if self.bpm <= 92:
            return "slow"
        return "medium" if self.bpm < 120 else "fast"


@dataclass(frozen=True, slots=True)
class PartColour:
    """What a further prompt wants of the song from `start` to `end`, shares of its length."""

    start: float
    end: float
    strength: float
    """0 to 1: how far energy, density and brightness go from the plan's own to these."""
    instruments: tuple[str, ...]
    avoided: tuple[str, ...]
    moods: tuple[str, ...]
    energy: float
    density: float
    brightness: float


@dataclass(frozen=True, slots=True)
class Note:
    """One note: at `start` beats, for `length` beats."""

    start: float
    length: float
    pitch: int
    velocity: float
    syllable: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's part of the song."""

    name: str
    role: str
    """drums, bass, chords, pad, lead, vocal, arp, counter, fx."""
    instrument: str
    """The voice that plays it, a key of the voices table."""
    program: int
    """General MIDI program 0 to 127; meaningless for drums."""
    notes: tuple[Note, ...]
    gain_db: float = 0.0
    pan: float = 0.0
    """-1 left, 1 right."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: `bars` bars from `start` beats on."""

    name: str
    """As shown: `Verse 2`."""
    kind: str
    """intro, verse, prechorus, chorus, bridge, solo, drop, breakdown, ending."""
    start: float
    bars: int
    energy: float
    """0 to 1: density, register, loudness and brightness follow it."""
    lift: int = 0
    """Semitones that it lies above the song's key: a last chorus may be lifted."""


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
    """A line that is carried by the vocal track from `start` to `end` beats."""

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
    """`[Verse]` … as text; `[Instrumental]` when there are none."""
    lyric_lines: tuple[LyricLine, ...]
    beats: float
    """Length in beats, the ending's last bar included, the reverb's tail not."""


@dataclass(frozen=True, slots=True)
class RenderedSong:
    """A finished song on disk, and what can be said of it."""

    file: Path
    format: str
    title: str
    lyrics: str
    timed_lyrics: tuple[tuple[float, str], ...]
    duration_s: float
    plan: Plan
    waveform: tuple[float, ...]
    loudness_lufs: float
    sounds: str
    """Which sounds played it: `synthesized`, or the soundfont's name."""
    cover: Path | None = None
    extras: tuple[tuple[str, str], ...] = field(default=())


Progress = Callable[[float, str], None]
"""Told (share done, 0 to 1; what is being done)."""


class Engine(Protocol):
    """Anything that makes a song from a request, in this process, without asking anybody."""

    @property
    def name(self) -> str:
        """Short name, kept with each song."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """What `make` can write, the default first."""
        ...

    def make(
        self, request: Request, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        """Make a song and write it to `to`. Raises `Cancelled` soon after `cancelled()` says so."""
        ...


@runtime_checkable
class LyricWriter(Protocol):
    """What an engine may do besides: write lyrics without making the song."""

    def write_lyrics(self, request: Request) -> str:
        """Return lyrics in sections (`[Verse]` …) on the prompt's subject, going on from the request's own, if any."""
        ...
