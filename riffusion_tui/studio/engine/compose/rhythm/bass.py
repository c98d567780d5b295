"""Chords → bass notes by a pattern.

Signs: `R` `r` `g` the root, loud to ghost, `3` `4` `5` `6` `7` `8` intervals above it, `a` a step towards the next
root, `w` walking.
"""

from __future__ import annotations

import random

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.rhythm.shuffle import lines_of
from riffusion_tui.studio.engine.score import Chord, Note

_VELOCITY = {"R": 1.0, "r": 0.8, "8": 0.85, "a": 0.75, "g": 0.4, "w": 0.85}
_ABOVE_ROOT = frozenset("34567a")
"""Signs of notes that a new chord doesn't begin with: its root comes first."""
_INTERVALS = {"3": (3, 4), "4": (5, 7), "5": (7, 6, 8), "6": (9, 8, 7), "7": (10, 11, 7), "8": (12,)}


def play(cue: Cue, pattern: catalog.Entry, pitches: PitchRange, chance: random.Random) -> list[Note]:
    """Return the bass notes of one section."""
    notes: list[Note] = []
    lines = lines_of(pattern, cue.plan)
    short = pattern.number("short", 0.94)
    bassist = _Bassist(cue, pitches, chance)
    before: Chord | None = None
    for bar, at, energy in cue.bars():
        for line in lines:
            if not line.low <= energy < line.high:
                continue
            for offset, length, sign in steps.held(line, bar, cue.plan.meter):
                chord = cue.chord_at(at + offset)
                left = chord.start + chord.length - at - offset
                changes = before is None or chord.root != before.root
                pitch = bassist.next_pitch("R" if changes and sign in _ABOVE_ROOT else sign, chord, left)
                before = chord
                velocity = _VELOCITY.get(sign, 0.75) * loudness(energy)
                notes.append(Note(at + offset, max(0.1, min(length, left) * short), pitch, velocity))
    notes += _missing(notes, cue, pitches)
    if cue.last and cue.energies[-1] > 0:
        root = pitches.root(cue.chords[-1])
        notes.append(Note(cue.closing, cue.form.beats - cue.closing, root, 0.8 * loudness(cue.energies[-1])))
    return notes


class _Bassist:
    """Chooses the pitches of one section; each depends on the one before."""

    def __init__(self, cue: Cue, pitches: PitchRange, chance: random.Random) -> None:
        self._cue, self._pitches, self._chance = cue, pitches, chance
        self._before = pitches.low + 8

    def next_pitch(self, sign: str, chord: Chord, left: float) -> int:
        """Return the pitch of a sign of the pattern, `left` beats before the chord changes."""
        self._before = self._chosen(sign, chord, left)
        return self._before

    def _chosen(self, sign: str, chord: Chord, left: float) -> int:
        pitches, root = self._pitches, self._pitches.root(chord)
        if sign in "Rrg":
            return root
        if sign == "w":
            return self._walk(chord, left)
        if sign == "a":
            target = theory.nearest(self._before, {self._following(chord).root})
            return pitches.hold(target + self._approach(target))
        classes = {pitch % 12 for pitch in chord.pitches}
        wanted = _INTERVALS[sign]
        for interval in wanted:
            if interval == 12 or (root + interval) % 12 in classes:
                return pitches.hold(root + interval)
        return pitches.hold(theory.nearest(root + wanted[0], self._scale()))

    def _walk(self, chord: Chord, left: float) -> int:
        """A walking line: root on the change, a step from the next root before it, chord tones between."""
        before, pitches = self._before, self._pitches
        if left > chord.length - 1e-6:
            return pitches.hold(theory.nearest(before, {chord.root}))
        if left <= 1.0 + 1e-6:
            target = pitches.hold(theory.nearest(before, {self._following(chord).root}))
            return pitches.hold(target + (1 if before > target else -1))
        classes = frozenset(pitch % 12 for pitch in chord.pitches)
        near = [pitch for pitch in range(before - 5, before + 6) if pitches.low <= pitch <= pitches.high]
        options = [pitch for pitch in near if pitch % 12 in classes and pitch != before]
        return self._chance.choice(options) if options else pitches.root(chord)

    def _approach(self, target: int) -> int:
        """A scale step to `target` from below or above."""
        options = [step for step in (-2, -1, 1, 2) if (target + step) % 12 in self._scale()]
        return self._chance.choice(options or [-1])

    def _following(self, chord: Chord) -> Chord:
        return self._cue.chord_at(chord.start + chord.length + 0.01)

    def _scale(self) -> frozenset[int]:
        return theory.allowed_tones(self._cue.mode, self._cue.tonic)


def _missing(notes: list[Note], cue: Cue, pitches: PitchRange) -> list[Note]:
    """Return roots for chords on which the pattern has no note."""
    starts = [note.start for note in notes]
    found = []
    for chord in cue.chords:
        end = chord.start + min(chord.length, cue.form.bar)
        if cue.resting(chord.start) or (cue.last and chord.start >= cue.closing - 1e-6):
            continue
        if not any(chord.start - 1e-6 <= start < end - 1e-6 for start in starts):
            length = min(chord.length, cue.form.bar)
            found.append(Note(chord.start, length * 0.9, pitches.root(chord), 0.7 * loudness(cue.energy)))
    return found
