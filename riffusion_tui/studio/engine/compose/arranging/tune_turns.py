"""Who has the tune: leads take turns, all play it in high points, nobody while somebody sings."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import energy, gestures, layers, melody
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.casting.player_hints import soloists
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.types import Note


def tune(band: Band, member: Member) -> list[Note]:
    """Return the notes of the tune that a member plays; none in music of gestures."""
    song, notes = band.song, list[Note]()
    if member.seat.role != "lead" or gestures.free(song.plan):
        return notes
    for cue in member.cues:
        if cue.energy > 0 and carries(band, member, cue):
            chance = song.dice.of("lead", cue.section.kind)
            notes += melody.play(cue, band.tunes.of(cue), member.pitches, chance)
    return notes


def carries(band: Band, member: Member, cue: Cue) -> bool:
    """Whether a member plays the tune in a section."""
    if not band.has_tune or member.seat.role != "lead" or band.is_sung(cue):
        return False
    soloing = {lead.seat.instrument for lead in band.with_role("lead")} & soloists(band.song.plan)
    if cue.section.kind == "solo" and soloing:
        return member.seat.instrument in soloing
    if cue.section.kind in energy.HIGH or cue.last:
        return True
    sections = enumerate(band.song.form.sections)
    played = [place for place, section in sections if not (band.sings and section.kind in layers.SUNG)]
    return is_next(band, member, played.index(cue.index))


def is_next(band: Band, member: Member, number: int) -> bool:
    """Whether it is a lead's turn, in the `number`th of some sections."""
    leads = len(band.with_role("lead"))
    return number % leads == (member.turn - 1) % leads
