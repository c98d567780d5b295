"""Registers: how high a player plays, within the instrument's range."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import SINGERS

_MELODIC = frozenset({"lead", "arp", "counter"})
"""Roles that an instrument plays in its own register."""
_LOW_TUNE = 58
"""A tune whose register has this center, or a lower one, lies below the chords."""
_BELOW_THE_TUNE = 5
"""How much lower it is as a second voice, in semitones."""
_ABOVE_THE_BASS = 48
"""The lowest pitch of a second voice in a band, where it doesn't rumble with the bass."""
_NARROWEST = 14
"""Semitones of a register, at least, if the instrument has so many."""
_SEVERAL, _OCTAVE, _INNER = 3, 12, 3
"""Equal instruments that form an ensemble, at least; semitones of the bass's register, and of each inner voice's."""


def window(song: SongContext, seat: Seat, turn: int) -> PitchRange:
    """Return a player's register: by role, brightness and chance, within the instrument's range."""
    if song.plan.cast and seat.instrument in SINGERS:
        return seat.pitches
    center, half = read_data("cast.toml")["window"].get(seat.role, (66, 15))
    center = _own_center(seat, center) + song.style.registers.get(seat.role, 0)
    stray = song.dice.of("register", seat.role, turn).choice((-4, -2, 0, 0, 2, 4))
    middle = center + (0 if seat.role == "bass" else stray + 10 * (song.plan.brightness - 0.5))
    low, high = max(seat.low, round(middle - half)), min(seat.high, round(middle + half))
    if seat.role == "counter" and not song.plan.cast and seat.high - _ABOVE_THE_BASS >= _NARROWEST:
        low, high = max(low, _ABOVE_THE_BASS), max(high, _ABOVE_THE_BASS + _NARROWEST)
    if high - low < _NARROWEST:
        low = max(seat.low, min(low, seat.high - _NARROWEST))
        high = min(seat.high, max(high, low + _NARROWEST))
    return _apart(song.plan.cast, seat, PitchRange(low, high))


def _apart(cast: tuple[str, ...], seat: Seat, usual: PitchRange) -> PitchRange:
    """Return a register that leaves room for the others of an ensemble of equal instruments: they have one range.

    The lowest of them has the bottom octave, the first plays above that and the inner voices.
    """
    if len(cast) < _SEVERAL or set(cast) != {seat.instrument} or seat.role not in ("lead", "bass"):
        return usual
    if seat.role == "bass":
        return PitchRange(seat.low, min(seat.high, seat.low + _OCTAVE))
    low = min(seat.low + _OCTAVE + _INNER * (len(cast) - 2), seat.high - _NARROWEST)
    return PitchRange(max(usual.low, low), max(usual.high, low + _NARROWEST))


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
