"""Second voices: what leads without the tune, and inner voices, play beside the melody."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog, energy
from riffusion_tui.studio.engine.compose.arrangement_style import is_answered
from riffusion_tui.studio.engine.compose.arranging.chord_players import pattern_of
from riffusion_tui.studio.engine.compose.arranging.members import Band, Member
from riffusion_tui.studio.engine.compose.arranging.tune_turns import is_next
from riffusion_tui.studio.engine.compose.casting.player_hints import MELODY
from riffusion_tui.studio.engine.compose.casting.seat import family_of
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.rhythm import bass
from riffusion_tui.studio.engine.compose.tunes import countermelody
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, SINGERS
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.structure_hints import TWIN_LEADS


def second_voice(band: Band, member: Member, cue: Cue) -> list[Note]:
    """Return what a lead or an inner voice plays in a section."""
    seat, plan = member.seat, band.song.plan
    if seat.role == "counter" and plan.cast:
        return _inner(band, member, cue)
    below = band.is_sung(cue) and not plan.cast and seat.requested and seat.role == "lead"
    held = countermelody.UNDER_VOCALS if below else countermelody.HELD
    how = _how(band, member, cue)
    return countermelody.play(cue, band.tunes.of(cue), band.melodies, how, member.pitches, held)


def _inner(band: Band, member: Member, cue: Cue) -> list[Note]:
    """Return an inner voice between the higher ones and the bass; a choir's parts have ranges of their own."""
    if band.sings or member.seat.instrument in SINGERS:
        return countermelody.inner(cue, member.pitches, member.turn - 1)
    below = [note for other in band.with_role("bass") for note in _bass(band, other, other.cues[cue.index])]
    voices = [other for other in band.with_role("counter") if other.seat.instrument not in SINGERS]
    above, rhythm = [*band.melodies], _rhythm(band, member)
    found: list[Note] = []
    for other in sorted(voices, key=lambda voice: (-voice.seat.high, voice.turn)):
        part = other.cues[cue.index]
        room = countermelody.Room(tuple(above), below, other.seat.low)
        found = countermelody.inner(part, other.pitches, other.turn - 1, room, rhythm) if part.energy > 0 else []
        if other is member:
            break
        above += found
    return found


def _rhythm(band: Band, member: Member) -> catalog.Entry | None:
    """Return the pattern of the genre's chords if nobody else plays them: four cellos that play metal."""
    driven = catalog.family_of(band.song.plan.genre) in read_data("cast.toml")["driven"]["families"]
    return pattern_of(band.song, member) if driven and not band.with_role("chords") else None


def _bass(band: Band, member: Member, cue: Cue) -> list[Note]:
    """Return what a bass plays in a section."""
    chance = band.song.dice.of("bass", cue.section.kind)
    return bass.play(cue, pattern_of(band.song, member), member.pitches, chance) if cue.energy > 0 else []


def _how(band: Band, member: Member, cue: Cue) -> str:
    """Return the kind of countermelody: answers, guide, both or harmony."""
    seat, song = member.seat, band.song
    leads = len(band.with_role("lead"))
    if MELODY in song.plan.avoided:
        return "guide"
    if is_answered(song.plan):
        # Only one answers, or a choir with it.
        behind = seat.role == "counter" and leads and seat.instrument not in CHOIR_VOICES
        return "guide" if behind else "answers"
    if seat.role == "counter" and TWIN_LEADS in song.plan.structure and family_of(seat.instrument) == "guitar":
        return "harmony"
    if seat.role == "counter":
        how = song.dice.pick(song.style.counter, "counter", member.turn)
        if how == "harmony" and song.style.backing and cue.section.kind in energy.HIGH and band.is_sung(cue):
            return "guide"  # backing vocals sing the thirds
        return "both" if seat.requested and how == "answers" else how
    if seat.requested and leads > 1:
        return "answers" if is_next(band, member, cue.index) else "guide"
    return "both" if seat.requested else "answers"
