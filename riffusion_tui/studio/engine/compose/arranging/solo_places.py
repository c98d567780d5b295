"""Where a guest plays a solo: in bars where nobody sings, and where nobody else has the tune if there are such bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.score import Note

_BARS = (4, 2, 1)
"""Bars of a solo, at least: the first of these for which there is room."""
_KINDS = ("solo", "bridge", "breakdown", "verse", "chorus", "drop", "prechorus", "ending", "intro")
"""Kinds of sections, those that suit a solo best first."""
_TAKEN = 0.1
"""Share of a bar from which on the notes in it are heard as a melody."""
_HARSH = frozenset({1, 2, 6, 10, 11})
"""Semitones within an octave at which two melodies clash."""
_PASSING = 0.12
"""Beats for which two notes may sound together at such an interval."""


@dataclass(frozen=True, slots=True)
class SoloPlace:
    """Bars of a section in which a solo is played."""

    section: int
    first: int
    """Number of the first bar in the section, from 0."""
    bars: int
    sung: float
    """Share of the time in which somebody sings."""
    played: float
    """Share of the time in which another player has the tune."""

    def only(self, curves: Sequence[tuple[float, ...]]) -> tuple[tuple[float, ...], ...]:
        """Return energies by section and bar, with 0 for all bars but those of the solo."""
        inside = range(self.first, self.first + self.bars)
        return tuple(
            tuple(energy if section == self.section and bar in inside else 0.0 for bar, energy in enumerate(row))
            for section, row in enumerate(curves)
        )


def solo_places(form: Form, sung: Sequence[Note], played: Sequence[Note]) -> list[SoloPlace]:
    """Return the places for solos, the best first; no two share a bar.

    Four free bars are best; then come bars that only an instrument's tune shares, then shorter places. None has fewer
    bars than the best, or a singer if that has none.

    Args:
        form: the sections.
        sung: what is sung.
        played: the tunes that instruments play.
    """
    songs, tunes = _shares(form, sung), _shares(form, played)
    found = [
        SoloPlace(index, run.start, len(run), _mean(song, run), _mean(tune, run))
        for index, (song, tune) in enumerate(zip(songs, tunes, strict=True))
        for taken in ([max(pair) for pair in zip(song, tune, strict=True)], song, [0.0] * len(song))
        for run in _runs(taken)
    ]
    best: list[SoloPlace] = []
    for place in sorted(found, key=lambda place: _rank(place, form)):
        as_good = not best or _rank(place, form)[:2] == _rank(best[0], form)[:2]
        if as_good and not any(place.section == other.section and _share_a_bar(place, other) for other in best):
            best.append(place)
    return best


def beside(cue: Cue, notes: Sequence[Note], others: Sequence[Note], pitches: PitchRange) -> list[Note]:
    """Return a solo's notes, of which those that clash with another melody are the nearest tones that don't."""
    return [_moved(cue, note, _heard_with(note, others), pitches) for note in notes]


def _moved(cue: Cue, note: Note, heard: Sequence[int], pitches: PitchRange) -> Note:
    if not _clashes(note.pitch, heard):
        return note
    tones = {tone % 12 for tone in cue.chord_at(note.start).pitches}
    scale = theory.allowed_tones(cue.mode, cue.tonic)
    near = sorted(range(pitches.low, pitches.high + 1), key=lambda pitch: abs(pitch - note.pitch))
    options = (pitch for classes in (tones, scale) for pitch in near if pitch % 12 in classes)
    return replace(note, pitch=next((pitch for pitch in options if not _clashes(pitch, heard)), note.pitch))


def _clashes(pitch: int, heard: Sequence[int]) -> bool:
    return any((pitch - other) % 12 in _HARSH for other in heard)


def _heard_with(note: Note, others: Sequence[Note]) -> list[int]:
    """Return the pitches of the other notes that sound together with a note, except in passing."""
    end = note.start + note.length - _PASSING
    return [o.pitch for o in others if o.start < end and o.start + o.length > note.start + _PASSING]


def _rank(place: SoloPlace, form: Form) -> tuple[float, ...]:
    """Return what places are ordered by: whether somebody sings, whether it is too short, who else plays, its kind."""
    size = next(rank for rank, bars in enumerate(_BARS) if place.bars >= bars)
    kind = _KINDS.index(form.sections[place.section].kind)
    shared = place.sung >= _TAKEN, place.played >= _TAKEN
    return shared[0], size, shared[1], kind, -place.bars, place.sung, place.played, -place.section


def _share_a_bar(one: SoloPlace, other: SoloPlace) -> bool:
    return one.first < other.first + other.bars and other.first < one.first + one.bars


def _mean(shares: Sequence[float], run: range) -> float:
    return sum(shares[bar] for bar in run) / len(run)


def _runs(taken: Sequence[float]) -> list[range]:
    """Return the runs of bars that are not taken."""
    bounds = [-1, *(bar for bar, share in enumerate(taken) if share >= _TAKEN), len(taken)]
    return [range(before + 1, after) for before, after in pairwise(bounds) if after > before + 1]


def _shares(form: Form, notes: Sequence[Note]) -> list[list[float]]:
    """Return, for each section and bar, the share of the bar in which notes sound; more than 1 if several do."""
    found = []
    for section in form.sections:
        row = [0.0] * section.bars
        for note in notes:
            for bar in range(section.bars):
                at = section.start + bar * form.bar
                row[bar] += max(0.0, min(note.start + note.length, at + form.bar) - max(note.start, at)) / form.bar
        found.append(row)
    return found
