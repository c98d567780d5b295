"""The notes of a score, packed for a piano roll: what a client draws while the song plays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from riffusion_tui.studio.engine.output.packing import packed
from riffusion_tui.studio.engine.score import Note, Score

_VOICES: dict[str, tuple[str, ...]] = {
    "vocal": ("vocal",),
    "lead": ("lead", "counter"),
    "chords": ("chords", "pad", "arp"),
    "bass": ("bass",),
}
"""Voice → the roles that are drawn as one. Drums have no pitch to draw."""
_STEPS = 4
"""Steps of a beat."""
_MAX_STEPS = 255


def roll_of(score: Score) -> dict[str, Any]:
    """Return the notes by voice: `step_s`, the seconds of a step, and `voices`, a list of `[voice, text, …]`.

    The texts of a voice, joined, are base64 of zlib of three bytes a note, in order of time: steps since the note
    before began, steps that it lasts, MIDI pitch. A note that lasts no step only passes time.
    """
    voices = []
    for voice, roles in _VOICES.items():
        notes = [note for track in score.tracks if track.role in roles for note in track.notes]
        if notes:
            voices.append([voice, *packed(_bytes(notes))])
    return {"step_s": round(60 / score.plan.bpm / _STEPS, 6), "voices": voices}


def _bytes(notes: Iterable[Note]) -> bytes:
    at, found = 0, bytearray()
    for start, length, pitch in sorted({_placed(note) for note in notes}):
        while start - at > _MAX_STEPS:
            found += bytes((_MAX_STEPS, 0, 0))
            at += _MAX_STEPS
        found += bytes((start - at, length, pitch))
        at = start
    return bytes(found)


def _placed(note: Note) -> tuple[int, int, int]:
    start = max(0, round(note.start * _STEPS))
    length = max(1, min(_MAX_STEPS, round(note.length * _STEPS)))
    return start, length, max(0, min(127, note.pitch))
