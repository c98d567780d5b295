"""A band and its members: the players of a song, each with a register and a cue for each section."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.compose import layers
from riffusion_tui.studio.engine.compose.arranging.registers import lift_of, window
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.placed_players import is_sung
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.score import Note, Section


@dataclass(frozen=True, slots=True)
class Member:
    """A player of a band."""

    seat: Seat
    turn: int
    """The player's number among those with the same role, from 1."""
    pitches: PitchRange
    """The register."""
    cues: list[Cue]
    """One for each section."""


@dataclass(frozen=True, slots=True)
class Band:
    """The players of a song, and the melodies that second voices are written against."""

    song: SongContext
    tunes: Tunes
    members: tuple[Member, ...]
    melodies: tuple[Note, ...]
    """The vocals and, once they are written, the leads."""
    sings: bool
    """Whether there was a melody before that of the leads."""
    has_tune: bool = True
    """Whether its leads play the tune: guests leave it to the band that they join."""

    def with_role(self, role: str) -> list[Member]:
        """Return the members with a role, in order."""
        return [member for member in self.members if member.seat.role == role]

    def is_sung(self, cue: Cue) -> bool:
        """Whether somebody sings in a section."""
        return self.is_sung_section(cue.section)

    def is_sung_section(self, section: Section) -> bool:
        """Whether somebody sings in a section."""
        return self.sings and is_sung(self.song.plan, section, self.song.form.sections)

    @property
    def lift(self) -> int:
        """Semitones by which chords are higher than usual, so that they don't cover the tune."""
        exact = self.song.plan.cast and not self.sings
        return lift_of(tuple(member.seat for member in self.members)) if exact else 0


def assembled(
    song: SongContext,
    tunes: Tunes,
    seats: tuple[Seat, ...],
    rows: list[layers.Curves],
    melodies: tuple[Note, ...],
    *,
    has_tune: bool = True,
) -> Band:
    """Return the band of `seats`; `rows` are the energies at which each plays, by section and bar."""
    roles = [seat.role for seat in seats]
    turns = [roles[: place + 1].count(role) for place, role in enumerate(roles)]
    members = tuple(
        Member(seat, turn, window(song, seat, turn), song.cues(curves))
        for seat, turn, curves in zip(seats, turns, rows, strict=True)
    )
    return Band(song, tunes, members, melodies, bool(melodies), has_tune)
