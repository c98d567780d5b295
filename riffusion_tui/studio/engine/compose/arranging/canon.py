"""A canon: all voices play the tune, each some bars after the one before it."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.chords.ground import bars_apart
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.casts.canon_voices import has_one_line

_OCTAVE, _FARTHEST = 12, 36
"""Semitones of an octave, and by which a voice is transposed at most."""
_MIN_LENGTH = 0.1
"""Beats of a note that the last chord cuts off, at least; shorter ones are left out."""
_SOFTER = 0.94
"""Velocity of a voice as a share of the one before it."""


def in_canon(plan: Plan, form: Form, lines: list[tuple[Seat, list[Note]]]) -> list[tuple[Seat, list[Note]]]:
    """Return the lines with those of the other voices as the leader's, later.

    Args:
        plan: the song's, which is a canon.
        form: the song's.
        lines: what each player plays; of a voice, only what follows the song's last chord stays.
    """
    leader = next((notes for seat, notes in lines if seat.role == "lead"), [])
    if not leader:
        return lines
    apart = bars_apart(plan) * form.bar
    found, turn = list[tuple[Seat, list[Note]]](), 0
    for seat, notes in lines:
        if seat.role == "counter" and has_one_line(seat.instrument):
            turn += 1
            end = [note for note in notes if note.start >= form.closing]
            notes = [*_followed(leader, turn, apart, form, seat.pitches), *end]
        found.append((seat, notes))
    return found


def _followed(leader: list[Note], turn: int, apart: float, form: Form, pitches: PitchRange) -> list[Note]:
    """Return the leader's notes as the `turn`th other voice plays them, up to the last chord.

    They are `apart` beats later than in the voice before, and if it can't play them there, in another octave.
    """
    octave, later = _octave(leader, pitches), apart * turn
    found = []
    for note in leader:
        start = note.start + later
        length = min(note.length, form.closing - start)
        if length >= _MIN_LENGTH:
            pitch, velocity = pitches.hold(note.pitch + octave), note.velocity * _SOFTER**turn
            found.append(replace(note, start=start, length=length, pitch=pitch, velocity=velocity))
    return found


def _octave(notes: list[Note], pitches: PitchRange) -> int:
    """Return by how many semitones notes are transposed, by octaves, so that they are in a range."""
    octave = 0
    while max(note.pitch for note in notes) + octave > pitches.high and octave > -_FARTHEST:
        octave -= _OCTAVE
    while min(note.pitch for note in notes) + octave < pitches.low and octave < _FARTHEST:
        octave += _OCTAVE
    return octave
