"""The plan: what will be composed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from riffusion_tui.studio.engine.song_request import NO_LOCKS, Locks

KEYLESS = "chromatic"
"""The mode of music without a key."""
MAJOR_TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
"""The usual names of the twelve tonics of major and of minor keys."""
_RESPELLED = {"E#": "F", "B#": "C", "Fb": "E"}
_RESPELLED_IN = {
    "major": {"G#": "Ab", "D#": "Eb", "A#": "Bb"},
    "minor": {"Db": "C#", "Gb": "F#", "Cb": "B"},
}
"""Tonics whose key would need more than seven accidentals, and their usual names."""
SLOWEST, FASTEST = 30.0, 300.0
"""Limits of the tempo: beats per minute at least, quarter notes per minute at most; see `Plan.pulse`."""
MIN_LENGTH_S = 5.0
MAX_LENGTH_S = 600.0
"""The shortest and the longest song, in seconds."""


def usual_tonic(tonic: str, mode: str) -> str:
    """Return a tonic's usual name if nobody writes its key so: C minor for B# minor, Ab major for G# major."""
    return (_RESPELLED | _RESPELLED_IN.get(mode, {})).get(tonic, tonic)


@dataclass(frozen=True, slots=True)
class RecognizedTerm:
    """A word of the prompt and its meaning: `RecognizedTerm("rainy", "scene", "rain")`."""

    word: str
    kind: str
    """title, genre, mood, scene, era, place, activity, instrument, avoid, softer, louder, tempo, key, mode, meter,
    length, vocal, production, energy, structure, language."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be composed. The same prompt, seed and request give the same plan."""

    prompt: str
    seed: int
    genre: str
    """A genre of `styles/genres`."""
    blend: str | None
    """A second genre, blended into the first."""
    bpm: float
    """Quarter notes per minute."""
    key: str
    """Tonic as written: `A`, `F#`, `Bb`."""
    mode: str
    """major, minor, dorian, phrygian, lydian, mixolydian, locrian, harmonic minor, blues, pentatonic, …"""
    meter: tuple[int, int]
    swing: float
    """0 straight, 1 full triplet."""
    moods: tuple[str, ...]
    scenes: tuple[str, ...]
    """Scenes, places and activities, used for lyrics and mood."""
    era: str | None
    instruments: tuple[str, ...]
    """Instruments that the prompt names, as keys of `instruments.toml`."""
    avoided: tuple[str, ...]
    """What must not play: `drums`, `vocals`, …"""
    vocals: str
    """none, male, female, child, choir, children (a choir of them) or any."""
    production: tuple[str, ...]
    """lo-fi, reverberant, punchy kick, …"""
    energy: float
    density: float
    brightness: float
    """Each 0 to 1; 0.5 is usual for the genre."""
    structure: tuple[str, ...]
    """Hints about the form: `solo piano intro`, `drop`, `builds up`."""
    length_s: float
    language: str
    understood: tuple[RecognizedTerm, ...]
    ignored: tuple[str, ...]
    chosen: tuple[tuple[str, str], ...]
    """(field, value) of what the engine chose because the prompt did not say."""
    subject: str = ""
    """What the song is about, in the prompt's words; empty if it does not say."""
    title: str = ""
    """The title that the prompt gives the song; empty if it gives none."""
    named: bool = False
    """Whether the subject is somebody whom the song is for: `Sofia and Marco`, `my sister`."""
    parts: tuple[PartColor, ...] = ()
    """The request's further prompts, each with its time range."""
    softer: tuple[str, ...] = ()
    """Instruments and families that play more softly than usual; `vocals`: so does the singer."""
    louder: tuple[str, ...] = ()
    """Instruments and families that are louder in the mix than usual; `vocals`: so is the singer."""
    cast: tuple[str, ...] = ()
    """Exactly who plays, one entry per player: two violins are listed twice. Empty: the genre fills the band.

    `LONE_SINGER` alone: a singer without accompaniment.
    """
    doubled: tuple[str, ...] = ()
    """Further players in a band, one entry each: three trumpets are one of `instruments` and two of these."""
    locks: Locks = NO_LOCKS
    guests: tuple[str, ...] = ()
    """Instruments that join a locked band."""
    progression: tuple[str, ...] = ()
    """The prompt's chords, one a bar, as Roman numerals relative to the tonic's major scale; empty: the genre's."""
    limits: tuple[str, ...] = ()
    """What the prompt asks for that the engine can't do, in sentences for the user."""
    lyrics_length_s: float | None = None
    """Length of a song, in seconds, that sings all the given lyrics; None if this one does, 0 if none is long enough.

    Only known once the song is composed.
    """

    @property
    def origin(self) -> str:
        """The prompt that everything is drawn for."""
        return self.locks.like or self.prompt

    @property
    def bar(self) -> float:
        """The quarter notes of a bar."""
        return self.meter[0] * 4 / self.meter[1]

    @property
    def pulse(self) -> float:
        """The tempo as musicians count it: dotted quarter notes per minute in 6/8, 9/8 and 12/8, else `bpm`."""
        return round(self.bpm / pulse_of(self.meter), 6)

    @property
    def tempo(self) -> str:
        """The tempo's class by its pulse: slow up to 92 bpm, medium up to 119, fast from 120."""
        if self.pulse <= 92:
            return "slow"
        return "medium" if self.pulse < 120 else "fast"

    def as_kept(self) -> dict[str, Any]:
        """Return the fields as songs keep them: `bpm` counts beats of the meter, `beat` is one in quarter notes."""
        return {**asdict(self), "bpm": self.pulse, "beat": pulse_of(self.meter)}


def pulse_of(meter: tuple[int, int]) -> float:
    """Return the note in which a meter is counted, in quarter notes: 1.5 in 6/8, 9/8 and 12/8, else 1."""
    return 1.5 if meter[1] == 8 and meter[0] % 3 == 0 and meter[0] > 3 else 1.0


@dataclass(frozen=True, slots=True)
class PartColor:
    """The targets of a further prompt from `start` to `end`, as shares of the song."""

    start: float
    end: float
    strength: float
    """0 to 1: how far energy, density and brightness move from the plan's own to these."""
    instruments: tuple[str, ...]
    avoided: tuple[str, ...]
    moods: tuple[str, ...]
    energy: float
    density: float
    brightness: float
