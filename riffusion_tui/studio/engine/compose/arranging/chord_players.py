"""Chord players: a member plays its pattern as its instrument can: power chords, fretted or freely voiced."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog, comp, fretboard
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.types import Note


def chords(band: Band, member: Member, cue: Cue) -> list[Note]:
    """Return the chords that a member plays in a section."""
    seat, pattern = member.seat, pattern_of(band.song, member)
    if seat.role == "chords" and seat.program == DRIVEN["distorted guitar"]:
        return _power_chords(band.song, pattern, cue)
    if seat.role not in ("arp", "pad") and (struck := fretboard.strings_struck(seat.instrument)):
        return comp.play(fretboard.held(cue, struck), pattern, fretboard.span())
    lift = band.lift if seat.role != "arp" else 0
    low, high = member.pitches
    notes = comp.play(cue, pattern, PitchRange(low, min(seat.high, high + lift)), lift)
    deep = lift and seat.role == "chords" and not band.with_role("bass")
    return notes + comp.left_hand(cue, notes, seat.low) if deep else notes


def pattern_of(song: SongContext, member: Member) -> catalog.Entry:
    """Return the pattern by which a member plays bass or chords."""
    role = member.seat.role
    if role == "bass":
        return song.pick("patterns.toml", "bass")
    return song.pick("patterns.toml", role if role in ("arp", "pad") else "comp", member.turn)


def is_drone(song: SongContext, member: Member) -> bool:
    """Whether a member holds a drone."""
    return member.seat.role in ("bass", "chords", "pad") and pattern_of(song, member).number("tied", 0) > 0


def _power_chords(song: SongContext, pattern: catalog.Entry, cue: Cue) -> list[Note]:
    """Return the power chords of a distorted guitar, palm-muted unless the pattern lets them ring."""
    low, high = (int(pitch) + song.style.tuning for pitch in read_data("cast.toml")["power"]["range"])
    strokes = comp.play(*comp.powered(cue, pattern, low), PitchRange(low, high))
    return strokes if pattern.number("open", 0) else comp.palm_muted(strokes)
