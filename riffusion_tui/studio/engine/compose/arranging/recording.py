"""Notes → tracks: played by humans, and placed between left and right."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import humanize
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN, Seat
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.softness import dynamics

_TWICE_PAN = 0.8
"""How far to the sides the two takes of a rhythm guitar lie."""


def recorded(song: SongContext, seat: Seat, notes: list[Note], place: int) -> list[Track]:
    """Return a player's tracks: one, but a distorted rhythm guitar is recorded twice, to the left and to the right."""
    if seat.role != "chords" or seat.program not in DRIVEN.values() or song.plan.cast:
        return [track(song, seat, notes, place)]
    takes = (track(song, seat, notes, place, take) for take in (0, 1))
    return [
        replace(t, gain_db=t.gain_db - 3, pan=side) for t, side in zip(takes, (-_TWICE_PAN, _TWICE_PAN), strict=True)
    ]


def track(song: SongContext, seat: Seat, notes: list[Note], place: int, take: int = 0) -> Track:
    """Return a player's track; players at an odd `place` lie on the other side."""
    plan, form = song.plan, song.form
    drum = seat.role in ("drums", "percussion")
    loose = song.style.loose * (0.5 if drum or seat.role == "bass" else 1.0)
    feel = humanize.Feel(
        plan.swing, song.style.swing_unit, loose, form.beats, plan.structure, form.closing, dynamics(plan)
    )
    chance = song.dice.of("human", seat.role, seat.instrument, *((take,) if take else ()))
    clean = humanize.finish(notes, feel, chance, None if drum or seat.role == "fx" else (seat.low, seat.high))
    side = float(read_data("cast.toml")["place"].get(seat.role, 0.0)) * (-1) ** place
    return Track(seat.instrument.title(), seat.role, seat.instrument, seat.program, clean, 0.0, round(side, 3))
