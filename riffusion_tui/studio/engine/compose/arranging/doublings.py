"""Doublings of high points: backing vocals, and the tune in octaves."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import energy, layers
from riffusion_tui.studio.engine.compose.arranging.members import Band
from riffusion_tui.studio.engine.compose.arranging.tune_turns import tune
from riffusion_tui.studio.engine.compose.casting.player_hints import avoided
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.tunes import countermelody, gestures
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.structure_hints import TWIN_LEADS

_DOUBLED_FROM = 0.7
"""From this energy on, a tune is doubled."""
_FEWEST = 24
"""Notes that are worth a second player."""
_OCTAVE, _SHRILL = 12, 5
"""Semitones; and those at the top of an instrument's range that only a soloist plays."""
_BACKING_RANGE = PitchRange(52, 76)


def backing_vocals(band: Band) -> list[Note]:
    """Return the backing vocals; none if the genre has no backing vocals, or the prompt excludes them."""
    song = band.song
    if not song.style.backing or "only these" in song.plan.structure or avoided(song.plan, "vocal choir"):
        return []
    found: list[Note] = []
    for cue in song.cues(tuple(layers.curve(section) for section in song.form.sections)):
        if cue.section.kind in energy.HIGH and cue.energy >= layers.ANSWERS_FROM:
            end = cue.end
            sung = [note for note in band.melodies if cue.section.start <= note.start < end and note.syllable]
            found += countermelody.harmonies(cue, sung, _BACKING_RANGE)
    return found


def octave(band: Band) -> tuple[Seat, list[Note]] | None:
    """Return a second player of the first lead, in octaves and softer, in high points without vocals.

    A whole section is doubled an octave higher, or lower if that would be shrill, or not at all.
    """
    leads = band.with_role("lead")
    if not leads or band.sings or band.song.plan.cast or gestures.free(band.song.plan):
        return None
    seat, cues = leads[0].seat, leads[0].cues
    if seat.instrument in band.song.plan.doubled or TWIN_LEADS in band.song.plan.structure:
        return None  # the prompt says how many play
    high = [cue for cue in cues if cue.section.kind in energy.HIGH and cue.energy >= _DOUBLED_FROM]
    spans = [(cue.section.start - 0.01, cue.end - 0.01) for cue in high]
    notes = tune(band, leads[0])
    found: list[Note] = []
    for begin, end in spans:
        played = [note for note in notes if begin <= note.start < end]
        shift = _shift(seat, [note.pitch for note in played])
        found += [replace(n, pitch=n.pitch + shift, velocity=n.velocity * 0.6) for n in played if shift]
    return (replace(seat, role="counter"), found) if len(found) >= _FEWEST else None


def _shift(seat: Seat, pitches: list[int]) -> int:
    """Return the semitones by which a player doubles these pitches, 0 if an octave is out of reach."""
    if not pitches:
        return 0
    if max(pitches) + _OCTAVE <= seat.high - _SHRILL:
        return _OCTAVE
    return -_OCTAVE if min(pitches) - _OCTAVE >= seat.low else 0
