"""A seat: one player, with a role, an instrument and its range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import ROLES, UNPITCHED
from riffusion_tui.studio.engine.score import Note

ALL_ROLES = (*ROLES, "fx", "vocal")
"""In the order of a score's tracks."""
DRIVEN = {"distorted guitar": 30, "overdriven guitar": 29}
"""Guitars through a driven amplifier, and their General MIDI programs."""
NOISES = frozenset({"found sounds", "electronic noises"})
"""Instruments that play gestures in every song."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One player: a role, an instrument, its range, and whether the prompt names it."""

    role: str
    instrument: str
    program: int
    low: int
    high: int
    requested: bool = False
    opens: bool = False
    """Whether the prompt lets the song begin with this player."""

    @property
    def pitches(self) -> PitchRange:
        """What the player can play."""
        return PitchRange(self.low, self.high)


Line = tuple[Seat, list[Note]]
"""A player, and the notes that it plays."""


def seat_of(role: str, name: str, *, requested: bool = False) -> Seat:
    """Return a player of an instrument; a role that nobody can have is replaced by the tune."""
    low, high = span_of(name)
    seat = Seat(role, name, int(catalog.instrument(name).get("program", 0)), low, high, requested)
    return replace(seat, role="lead") if role not in ALL_ROLES else seat


def span_of(name: str) -> tuple[int, int]:
    """Return an instrument's lowest and highest pitch."""
    ranges = read_data("cast.toml")["range"]
    low, high = ranges.get(name) or ranges.get(catalog.instrument(name).get("family", "any")) or ranges["any"]
    return int(low), int(high)


def roles_of(name: str) -> list[str]:
    """Return the roles that an instrument can have, its usual one first."""
    return list(catalog.instrument(name)["roles"])


def can_play(seat: Seat, role: str) -> bool:
    """Whether a player's instrument can have a role."""
    return role in roles_of(seat.instrument)


def is_pitched(name: str) -> bool:
    """Whether an instrument can play a tune."""
    return family_of(name) not in UNPITCHED


def family_of(name: str) -> str:
    """Return the family of an instrument."""
    return str(catalog.instrument(name)["family"])


def free_role(roles: list[str], taken: set[str]) -> str:
    """Return the first of `roles` that is not taken, else the first; never the vocals."""
    return next((role for role in roles if role not in taken and role != "vocal"), roles[0])
