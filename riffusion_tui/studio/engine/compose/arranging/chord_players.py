"""Chord players: a member plays its pattern as its instrument can: power chords, fretted or freely voiced."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN, Seat, family_of
from riffusion_tui.studio.engine.compose.chords import fretboard
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import comp
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.compose.tunes.riff import Riff, invent
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note


def chords(band: Band, member: Member, cue: Cue) -> list[Note]:
    """Return the chords that a member plays in a section."""
    seat, pattern = member.seat, pattern_of(band.song, member)
    if seat.role == "chords" and plays_riffs(band, cue) and _is_picked(seat):
        return riff_of(band.song).play(cue, _lowest(band.song, seat), chords=True)
    if seat.role == "chords" and seat.program == DRIVEN["distorted guitar"]:
        return _power_chords(band.song, pattern, cue)
    if seat.role not in ("arp", "pad") and (struck := fretboard.strings_struck(seat.instrument)):
        on_top = band.song.style.high_chords and not _is_strummed(struck) and bool(band.with_role("bass"))
        shaped = fretboard.held_high(cue) if on_top else fretboard.held(cue, struck)
        return comp.play(shaped, comp.unshifted(pattern), fretboard.span())
    lift = band.lift if seat.role != "arp" else 0
    low, high = member.pitches
    notes = comp.play(cue, pattern, PitchRange(low, min(seat.high, high + lift)), lift)
    deep = lift and seat.role == "chords" and not band.with_role("bass")
    return notes + comp.left_hand(cue, notes, seat.low) if deep else notes


def _is_strummed(struck: int) -> bool:
    """Whether a guitar's chords sound on all strings."""
    return struck == len(read_data("cast.toml")["strings"]["tuning"])


def pattern_of(song: SongContext, member: Member) -> catalog.Entry:
    """Return the pattern by which a member plays bass or chords."""
    role = member.seat.role
    if role == "bass":
        return song.pick("patterns.toml", "bass")
    if role in ("arp", "pad"):
        return song.pick("patterns.toml", role, member.turn)
    return song.pick("patterns.toml", "comp", member.turn, family=family_of(member.seat.instrument))


def plays_riffs(band: Band, cue: Cue) -> bool:
    """Whether the guitars and the bass play the song's riff in a section."""
    kind = cue.section.kind
    share = band.song.style.riffs.get(kind, 0.0)
    guitars = any(_is_picked(seat) for seat in (member.seat for member in band.with_role("chords")))
    return guitars and not cue.last and band.song.dice.of("riff", kind).random() < share


def _is_picked(seat: Seat) -> bool:
    """Whether a seat is that of a guitar played with a pick."""
    return seat.instrument in read_data("cast.toml")["pick"]["instruments"]


def riff_of(song: SongContext) -> Riff:
    """Return the song's riff."""
    return invent(song.pick("patterns.toml", "riff"), song.plan, song.dice.of("riff"))


def _lowest(song: SongContext, seat: Seat) -> int:
    """Return the lowest root of a guitar's riff; a distorted one may be tuned lower or higher."""
    low = int(read_data("cast.toml")["power"]["range"][0])
    return low + (song.style.tuning if seat.program == DRIVEN["distorted guitar"] else 0)


def is_drone(song: SongContext, member: Member) -> bool:
    """Whether a member holds a drone."""
    return member.seat.role in ("bass", "chords", "pad") and pattern_of(song, member).number("tied", 0) > 0


def _power_chords(song: SongContext, pattern: catalog.Entry, cue: Cue) -> list[Note]:
    """Return the power chords of a distorted guitar, palm-muted unless the pattern lets them ring."""
    low, high = (int(pitch) + song.style.tuning for pitch in read_data("cast.toml")["power"]["range"])
    strokes = comp.play(*comp.powered(cue, pattern, low), PitchRange(low, high))
    return strokes if pattern.number("open", 0) else comp.palm_muted(strokes)
