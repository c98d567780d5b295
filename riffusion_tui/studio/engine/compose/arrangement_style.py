"""Arrangement style: the defaults of `arrangement.toml`, then `[arrangement]` of the family's and the genre's file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.song_plan import Plan


@dataclass(frozen=True, slots=True)
class ArrangementStyle:
    """How a genre is arranged. `arrangement.toml` explains each field."""

    swing_unit: float
    loose: float
    colors: tuple[str, ...]
    rest: str
    """The color of the song's last chord if the others have sevenths: `triad` or `sixth`."""
    enters: dict[str, float]
    registers: dict[str, int]
    """Semitones by which a role plays higher or lower than usual."""
    tuning: int
    """Semitones by which a distorted rhythm guitar is tuned higher."""
    intros: tuple[str, ...]
    breaks: tuple[float, ...]
    counter: tuple[str, ...]
    backing: bool
    """Whether backing vocals join in high points."""
    choir_parts: int
    """How many parts a choir sings in: 4, 3 without a bass, or 0, in unison."""
    chanted: bool
    """Whether it is sung in one line, in free rhythm."""
    builds: float
    """Rise in energy within verses and build-ups."""
    lifts: float
    """How often the last chorus of a long song is transposed up, 0 to 1."""
    line_s: float
    """Seconds that a line of the lyrics takes, about."""
    riffs: dict[str, float]
    """How often the guitars play a riff in a kind of section, 0 to 1."""
    high_chords: bool
    """Whether an electric guitar holds its chords on the high strings if there is a bass."""
    turns: float
    """How often a drummer varies the last of four bars, 0 to 1."""
    answered: bool
    """Whether the singer rests after each line for as long as it took, and a lead instrument answers."""


@lru_cache(maxsize=512)
def style_of(genre: str) -> ArrangementStyle:
    """Return the arrangement style of a genre."""
    fields: dict[str, Any] = {}
    enters: dict[str, float] = {}
    for table in (read_data("arrangement.toml"), *overrides("arrangement", genre)):
        fields |= table
        enters |= {role: float(value) for role, value in table.get("enters", {}).items()}
    return ArrangementStyle(
        swing_unit=float(fields["swing_unit"]),
        loose=float(fields["loose"]),
        colors=tuple(fields["colors"]),
        rest=fields["rest"],
        enters=enters,
        registers={role: int(by) for role, by in fields["registers"].items()},
        tuning=int(fields["tuning"]),
        intros=tuple(fields["intros"]),
        breaks=tuple(float(beats) for beats in fields["breaks"]),
        counter=tuple(fields["counter"]),
        backing=bool(fields["backing"]),
        choir_parts=int(fields["choir_parts"]),
        chanted=bool(fields["chanted"]),
        builds=float(fields["builds"]),
        lifts=float(fields["lifts"]),
        line_s=float(fields["line_s"]),
        riffs={kind: float(share) for kind, share in fields["riffs"].items()},
        high_chords=bool(fields["high_chords"]),
        turns=float(fields["turns"]),
        answered=bool(fields["answered"]),
    )


def is_answered(plan: Plan) -> bool:
    """Whether a lead instrument answers each sung line: in such genres, or if the prompt says so."""
    return style_of(plan.genre).answered or "call and response" in plan.structure
