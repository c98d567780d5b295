"""The accompaniment: what a member of a band plays besides the tune."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog, sound_effects
from riffusion_tui.studio.engine.compose.arranging.chord_players import (
    chords,
    is_drone,
    pattern_of,
    plays_riffs,
    riff_of,
)
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.arranging.second_voices import second_voice
from riffusion_tui.studio.engine.compose.arranging.tune_turns import carries, gives_way
from riffusion_tui.studio.engine.compose.casting.seat import NOISES
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.rhythm import bass, comp, drums
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.compose.tunes import gestures
from riffusion_tui.studio.engine.score import Note


def accompaniment(band: Band, member: Member) -> list[Note]:
    """Return what a member plays besides the tune, in all sections."""
    song, seat, cues = band.song, member.seat, member.cues
    if gestures.free(song.plan):
        return gestures.play(song, cues, seat, member.turn)
    if seat.role == "drums":
        return _drums(song, member)
    if seat.role == "percussion":
        return drums.play_percussion(cues, seat.instrument, song.dice)
    if seat.instrument in NOISES:
        return gestures.play(song, cues, seat, member.turn)
    if seat.role == "fx":
        return sound_effects.named_effect(cues, seat.instrument)
    played = (
        cue for cue in cues if cue.energy > 0 and not carries(band, member, cue) and not gives_way(band, member, cue)
    )
    notes = [note for cue in played for note in _section(band, member, cue)]
    return comp.tied(notes) if is_drone(song, member) else notes


def _drums(song: SongContext, member: Member) -> list[Note]:
    genre = song.lender("groove")
    fills = catalog.serving("grooves.toml", "fill", genre, catalog.family_of(genre))
    return drums.play(member.cues, song.groove(), fills, song.dice.of("drums", member.turn), turns=song.style.turns)


def _section(band: Band, member: Member, cue: Cue) -> list[Note]:
    if member.seat.role == "bass" and plays_riffs(band, cue):
        return riff_of(band.song).play(cue, member.pitches.low, chords=False)
    if member.seat.role == "bass":
        chance = band.song.dice.of("bass", cue.section.kind)
        return bass.play(cue, pattern_of(band.song, member), member.pitches, chance)
    if member.seat.role in ("lead", "counter"):
        return second_voice(band, member, cue)
    return chords(band, member, cue)
