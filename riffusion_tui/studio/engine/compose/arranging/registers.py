"""Registers: how high a player plays, within the instrument's range."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose.casting.seat import SINGERS, Seat
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data

_MELODIC = frozenset({"lead", "arp", "counter"})
"""Roles that an instrument plays in its own register."""
_LOW_TUNE = 58
"""A tune whose register has this center, or a lower one, lies below the chords."""
_BELOW_THE_TUNE = 5
"""How much lower it is as a second voice, in semitones."""
_NARROWEST = 14
"""Semitones of a register, at least, if the instrument has so many."""


def window(song: SongContext, seat: Seat, turn: int) -> PitchRange:
    """Return a player's register: by role, brightness and chance, within the instrument's range."""
    if song.plan.cast and seat.instrument in SINGERS:
        return seat.pitches
    center, half = read_data("cast.toml")["window"].get(seat.role, (66, 15))
    center = _own_center(seat, center) + song.style.registers.get(seat.role, 0)
    stray = song.dice.of("register", seat.role, turn).choice((-4, -2, 0, 0, 2, 4))
    middle = center + (0 if seat.role == "bass" else stray + 10 * (song.plan.brightness - 0.5))
    low, high = max(seat.low, round(middle - half)), min(seat.high, round(middle + half))
    if high - low < _NARROWEST:
        low = max(seat.low, min(low, seat.high - _NARROWEST))
        high = min(seat.high, max(high, low + _NARROWEST))
    return PitchRange(low, high)


def lift_of(seats: tuple[Seat, ...]) -> int:
    """Return by how many semitones a small ensemble's chords are higher: an octave if the tune lies where they are."""
    tunes = [_own_center(seat, _LOW_TUNE + 1) for seat in seats if seat.role == "lead"]
    return 12 if tunes and max(tunes) <= _LOW_TUNE else 0


def _own_center(seat: Seat, usual: int) -> int:
    """Return the center of a melodic player's register: the instrument's own, if it has one, else the role's usual."""
    own = read_data("cast.toml")["register"].get(seat.instrument)
    if own is None or seat.role not in _MELODIC:
        return usual
    return int(own) - (_BELOW_THE_TUNE if seat.role == "counter" else 0)
