"""The engine protocol and the values passed between its stages: Plan, Score, RenderedSong (Request: `song_request`).

Beats are quarter notes, counted from the start of the song; pitches are MIDI numbers; velocities 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from riffusion_tui.studio.engine.song_request import Locks, Request

WITHOUT = "without "
"""Prefix of a hint of `Plan.structure`: no section is of the kind that follows."""
TWELVE_BARS = "twelve bars"
"""A hint: verses of twelve bars, as in a blues."""
WITHOUT_SOLOS = f"{WITHOUT}solos"
ORDER = "in order: "
"""Prefix of a hint of `Plan.structure`: the kinds of sections that follow, in this order."""
CHORUS_FIRST = "chorus first"
"""A hint of `Plan.structure`: the song begins with the chorus."""
SOLO_LAST = "solo last"
"""A hint of `Plan.structure`: its last section before the ending is a solo."""
BARS_EACH = "bars each: "
"""Prefix of a hint beside such an order: the bars of each of its sections. A longer song repeats the order."""
EVEN = "even sections"
"""A hint beside such an order: its sections have the same bars, and the song needn't be of the usual length."""
BARS_OF = "bars of the "
"""Prefix of a hint of `Plan.structure`: how many bars a kind of section has, `bars of the verse: 16`."""
KEY_OF = "key of the "
"""Prefix of a hint: the key of a kind of section, `key of the chorus: C major`."""
KIT = "drum kit: "
"""Prefix of a hint: the only parts of the drum kit that are played, `drum kit: kick, hi-hats`."""
PLACED = "where: "
"""Prefix of a hint: who rests in some sections, or plays only there: `where: in verse, bridge: drums`, `where: only in
chorus 2: vocals`. Instead of `in` it may be `until` or `after`; `chorus last` is the last one."""
ALL_BUT = "all but "
"""Instead of a player in a hint with `PLACED`: everyone but these players, separated by commas, and the singer."""
CANON = "canon"
"""A hint of `Plan.structure`: the players imitate each other."""
TWIN_LEADS = "twin leads"
"""A hint of `Plan.structure`: a second guitar plays the tune in harmony."""
KEY_CHANGE = "key change"
"""A hint of `Plan.structure`: the last high point is in another key, the one after `to`, or so many semitones higher as
the number after `by`; without these, the engine chooses. After a comma, how often it goes up further: `2 times`."""
EVERY_CHORUS = ", every chorus"
"""At the end of that hint: the key goes up in each high point after the first one."""
SAME_KEY = f"{WITHOUT}{KEY_CHANGE}"
CHOIR_VOICES = frozenset({"choir", "children"})
"""Values of `Plan.vocals` that are several singers."""
MACHINES = frozenset({"808", "synth bass", "sub bass", "drum machine", "turntable"})
"""Instruments, besides synthesizers, that are machines."""
KITS = frozenset({"drums", "drum machine"})
"""Instruments that play a groove of kick, snare and hi-hats."""
ACOUSTIC = "acoustic"
"""The word of `Plan.production` for music without machines and amplifiers."""
CHOIRS = frozenset({"choir", "male choir", "female choir"})
"""Instruments that are choirs, who have the words if nobody else has."""
GROUP = "vocal choir"
"""The instrument that is a group of singers beside one who has the tune."""
SINGERS = CHOIRS | {GROUP}
"""Instruments that are groups of singers."""
SECTION_KINDS = ("intro", "verse", "prechorus", "chorus", "bridge", "solo", "drop", "breakdown", "ending")
ROLES = ("drums", "percussion", "bass", "chords", "pad", "lead", "arp", "counter")
"""Roles of a band's players."""
MAX_ALIKE = 4
"""Players of one instrument in a band that a genre fills, at most."""
MAX_PLAYERS = 14
"""Players of a song, at most; a locked band may have more."""
LONE_SINGER = "vocals"
"""The only player of `Plan.cast` if one singer is all that is heard."""
KEYLESS = "chromatic"
"""The mode of music without a key."""
MIN_LENGTH_S = 5.0
MAX_LENGTH_S = 600.0
"""The shortest and the longest song, in seconds."""
RING_S = 1.5
"""Seconds after the last beat for the sound to die away: a song lasts its beats plus this."""


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
    locks: Locks = Locks()  # noqa: RUF009 (frozen, so it can be shared)
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


@dataclass(frozen=True, slots=True)
class ChartSection:
    """A section of the chord chart."""

    start_s: float
    name: str
    """As displayed: `Verse 2`."""
    chords: tuple[tuple[float, str], ...]
    """(second at which it begins, symbol), such as `(12.5, "Am7")`."""


@dataclass(frozen=True, slots=True)
class RenderedSong:
    """A finished song on disk and its metadata."""

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
    """`synthesized`, or the name of the soundfont that played it."""
    words: tuple[tuple[tuple[float, str], ...], ...] = ()
    """For each of `timed_lyrics`, when each of its words begins, in seconds."""
    pronunciation: str = ""
    """How the words are pronounced: `English, dictionary`; empty when nothing is sung."""
    chart: tuple[ChartSection, ...] = ()
    roll: Mapping[str, Any] = field(default_factory=dict)
    """The notes for a piano roll, see `roll.roll_of`."""
    spectrum: Mapping[str, Any] = field(default_factory=dict)
    """Levels by frequency and time, see `spectrum.SpectrumMeter`; empty if nothing was rendered."""
    form: str = ""
    band: str = ""
    stems: tuple[str, ...] = ()
    """Names of the score's tracks, each once."""
    cover: Path | None = None
    extras: tuple[tuple[str, str], ...] = field(default=())


Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and the current stage."""


class Engine(Protocol):
    """Makes a song from a request, in this process and offline."""

    @property
    def name(self) -> str:
        """Short name, stored with each song."""
        ...

    @property
    def version(self) -> int:
        """Stored with each song: raised when the same request makes another one."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats that `make` can write, the default first."""
        ...

    def make(
        self, request: Request, to: Path, format: str, progress: Progress, cancelled: Callable[[], bool]
    ) -> RenderedSong:
        """Make a song and write it to `to`. Raises `Cancelled` soon after `cancelled()` returns true."""
        ...


@runtime_checkable
class LyricWriter(Protocol):
    """An engine that can write lyrics without making the song."""

    def write_lyrics(self, request: Request) -> str:
        """Return lyrics in sections (`[Verse]` …) about the prompt's subject, continuing the request's own, if any."""
        ...
