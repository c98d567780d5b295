"""Who has the tune: leads take turns, all play it in high points, nobody while somebody sings."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.casting.player_hints import soloists
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN, family_of
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.tunes import gestures, melody
from riffusion_tui.studio.engine.score import Note

_SOFT = frozenset({"wind", "strings", "plucked", "mallets", "reeds"})
"""Families that two driven guitars cover."""
_FEATURED = frozenset({"intro", "solo", "breakdown", "bridge"})
"""Kinds of sections in which driven guitars leave the tune to them."""


def tune(band: Band, member: Member) -> list[Note]:
    """Return the notes of the tune that a member plays; none in music of gestures."""
    song, notes = band.song, list[Note]()
    if member.seat.role != "lead" or gestures.free(song.plan):
        return notes
    for cue in member.cues:
        if cue.energy > 0 and carries(band, member, cue):
            chance = song.dice.of("lead", cue.section.kind)
            tune = band.tunes.of(cue)
            notes += melody.play(cue, tune, member.pitches.around(tune.middle, member.seat.high), chance)
    return notes


def carries(band: Band, member: Member, cue: Cue) -> bool:
    """Whether a member plays the tune in a section."""
    if not band.has_tune or member.seat.role != "lead" or band.is_sung(cue):
        return False
    soloing = {lead.seat.instrument for lead in band.with_role("lead")} & (
        soloists(band.song.plan) - set(band.song.plan.guests)
    )
    if cue.section.kind == "solo" and soloing:
        return member.seat.instrument in soloing
    if cue.section.kind in energy.HIGH or cue.last:
        return True
    sections = enumerate(band.song.form.sections)
    played = [place for place, section in sections if not band.is_sung_section(section)]
    return is_next(band, member, played.index(cue.index))


def is_next(band: Band, member: Member, number: int) -> bool:
    """Whether it is a lead's turn, in the `number`th of some sections."""
    leads = len(band.with_role("lead"))
    return number % leads == (member.turn - 1) % leads


def gives_way(band: Band, member: Member, cue: Cue) -> bool:
    """Whether a driven guitar rests for a soft instrument that the prompt names and that has the tune."""
    if member.seat.program not in DRIVEN.values() or cue.section.kind not in _FEATURED:
        return False
    named = [one for one in band.with_role("lead") if one.seat.requested and family_of(one.seat.instrument) in _SOFT]
    others = [one for one in band.members if one.seat.role in ("pad", "arp") and one.cues[cue.index].energy > 0]
    return bool(others or member.turn > 1) and any(carries(band, one, cue) for one in named)
