"""The request for a song and its values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided

ENGINE_VERSION = 6
"""Raised whenever the same prompt and seed make another song than before. 2: the vocal sings the words.
3: it is understood beside a band, and sums are rounded differently. 5: a choir shares one vocal tract.
6: quiet prompts without a genre have only the instruments they name; techno and ambient are not sung; a
sung line that returns is copied."""

FORMATS = ("mp3", "wav", "flac", "ogg", "midi", "stems", "lrc", "chordpro")
WITHOUT_AUDIO = frozenset({"midi", "lrc", "chordpro"})
"""Formats that are written from the score alone."""
_EXTENSIONS = {"stems": "zip", "midi": "mid", "chordpro": "cho"}
"""Formats whose file name extension is another."""

BUILT_IN, ESPEAK = "built-in", "espeak-ng"
"""What pronounces lyrics."""


def extension(format: str) -> str:
    """Return the file name extension of a format."""
    return _EXTENSIONS.get(format, format)


@dataclass(frozen=True, slots=True)
class Locks:
    """What a song keeps of an earlier one, whatever its prompt says. Empty: nothing is kept."""

    like: str = ""
    """The earlier song's prompt. Everything is drawn for it, with the request's seed, so that an edited prompt changes
    only what it says."""
    tempo: float | None = None
    """Beats per minute, see `Plan.pulse`."""
    key: str = ""
    """Tonic and mode: `A minor`."""
    form: str = ""
    """Sections with their bars: `4/4, intro 4, verse 8, chorus 8, ending 2` (see `locks.parse_form`)."""
    band: str = ""
    """Players: `drums=drum kit, bass=upright bass, lead=trumpet!, vocal=female` (see `locks.parse_band`)."""


NO_LOCKS = Locks()


@dataclass(frozen=True, slots=True)
class SongEdit:
    """A change to a song that was made before; each operation uses the fields that it needs."""

    operation: str
    """replace (a section), resize, transpose, swap (a stem's instrument) or mute (a stem)."""
    section: str = ""
    """As displayed: `Verse 2`."""
    prompt: str = ""
    """Description of the section; empty: as in the song."""
    seed: int = 0
    """Draws the new section."""
    length_s: float | None = None
    key: str = ""
    stem: str = ""
    """A track's name or role."""
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a song. None means: choose from the prompt."""

    prompt: str
    seed: int = 0
    instrumental: bool = False
    length_s: float | None = None
    title: str | None = None
    lyrics: str | None = None
    """Without any, those that the prompt contains: lines after a heading such as `[Verse]`."""
    lyrics_strength: float = 0.5
    """0 ignores the given lyrics, 1 keeps every line."""
    prompts: tuple[WeightedPrompt, ...] = ()
    """Further prompts, each for a section of the song (create-compose)."""
    locks: Locks = NO_LOCKS
    edits: tuple[SongEdit, ...] = ()
    """Changes to the song, in order."""

    def __post_init__(self) -> None:
        """Take the lyrics from the prompt, if there are none and it has some."""
        _, words = divided(self.prompt)
        if words and not (self.lyrics or "").strip():
            object.__setattr__(self, "lyrics", words)


@dataclass(frozen=True, slots=True)
class WeightedPrompt:
    """A prompt for a section of the song: `strength` 0 to 1, `start` and `end` as shares of the song."""

    text: str
    strength: float = 0.5
    start: float = 0.0
    end: float = 1.0


def pronouncer_of(description: str) -> str:
    """Return `BUILT_IN` or `ESPEAK`, whichever a song's `pronunciation` names."""
    return ESPEAK if re.search(rf"\b{ESPEAK} \d", description) else BUILT_IN
