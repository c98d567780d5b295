"""Riffs: a figure on the low strings, drawn once for a song, which guitars and bass play together.

An entry has a sign for each step of its grid: `X` the power chord on the root, `x` its muted root, `n` a note of the
figure, `-` held, `.` silent. The seed decides which notes they are: they climb and fall on a ladder above the chord's
root, and the second bar begins as the first.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.score import Chord, Note
from riffusion_tui.studio.engine.song_plan import Plan

_LADDERS = {
    "pentatonic": ((0,), (3, 4), (5,), (7, 6), (10, 9), (12,)),
    "scale": ((0,), (1, 2), (3, 4), (5,), (6, 7), (7, 8)),
}
"""Semitones above the root of each rung; of several, the first that the scale has."""
_ABOVE = {"X": (0, 7, 12), "n": (0, 7)}
"""What sounds above a guitar's note, in semitones."""
_TOP = 5
_MOVES = (-2, -1, -1, 1, 1, 2)
_MUTED, _NOTE, _ON_BEAT, _CHORD = 0.58, 0.8, 0.9, 0.94
"""Velocities of muted strokes, notes between and on beats, and power chords."""
_MUTED_BEATS = 0.22
"""Longest muted stroke, in beats."""


@dataclass(frozen=True, slots=True)
class Riff:
    """A riff: its rhythm, and the rung of each of its notes by (bar, beat in the bar)."""

    entry: catalog.Entry
    rungs: dict[tuple[int, float], int]

    def play(self, cue: Cue, low: int, *, chords: bool) -> list[Note]:
        """Return the riff in one section.

        Args:
            cue: the section's.
            low: the lowest pitch of a root.
            chords: whether `X` is a power chord, or the root alone as on a bass.
        """
        notes: list[Note] = []
        for bar, at, energy in cue.bars():
            for offset, length, sign in steps.held(_line(self.entry), bar, cue.plan.meter):
                chord = cue.chord_at(at + offset)
                left = chord.start + chord.length - at - offset
                root = PitchRange(low, low + 11).root(chord)
                place = (bar % _bars(self.entry, cue.plan.meter), offset)
                pitch = root + (self._interval(cue, chord, place) if sign == "n" else 0)
                held = min(length, max(left, 0.1), _MUTED_BEATS if sign == "x" else length)
                loud = loudness(energy) * _velocity(sign, offset)
                above = _ABOVE.get(sign, (0,)) if chords and (sign == "X" or self.entry.data.get("fifths")) else (0,)
                notes += [Note(at + offset, held * 0.95, pitch + step, loud) for step in above]
        return notes

    def _interval(self, cue: Cue, chord: Chord, place: tuple[int, float]) -> int:
        """Return the semitones above the root of the note at a place."""
        rung = _LADDERS[self.entry.text("ladder", "pentatonic")][self.rungs[place]]
        scale = {(cue.tonic + step) % 12 for step in theory.scale_of(cue.mode)}
        return next((step for step in rung if (chord.root + step) % 12 in scale), rung[0])


def invent(entry: catalog.Entry, plan: Plan, draw: random.Random) -> Riff:
    """Invent the riff of a song with the rhythm of an entry."""
    rungs: dict[tuple[int, float], int] = {}
    half = plan.meter[0] * 2 / plan.meter[1]
    for bar in range(_bars(entry, plan.meter)):
        rung = draw.choice((1, 2, _TOP))
        for offset, _, sign in steps.held(_line(entry), bar, plan.meter):
            if sign != "n":
                continue
            again = rungs.get((0, offset)) if bar and offset < half - 1e-6 else None
            rung = rung if again is None else again
            rungs[bar, offset] = rung
            rung = min(_TOP, max(1, rung + draw.choice(_MOVES)))
    return Riff(entry, rungs)


def _bars(entry: catalog.Entry, meter: tuple[int, int]) -> int:
    """Return the bars until the riff repeats: two in 4/4."""
    return max(1, round(_line(entry).span * meter[1] / meter[0] / 4))


def _line(entry: catalog.Entry) -> steps.PatternLine:
    return steps.read_lines(f"riff 0 {entry.text('cells')}", int(entry.number("grid", 16)))[0]


def _velocity(sign: str, offset: float) -> float:
    if sign == "n":
        return _ON_BEAT if abs(offset - round(offset)) < 1e-6 else _NOTE
    return _MUTED if sign == "x" else _CHORD
