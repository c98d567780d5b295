"""Humanizes finished tracks: swing, timing and velocity; also clips pitches to the range and removes overlaps."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import cos, inf, log, sin, sqrt, tau

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.score import Note

_MIN_NOTE = 0.05
"""Shortest note, in beats."""
_STAB = 0.4
"""Length of the last chord, in beats, if the song stops abruptly."""
_FADE = 0.22
"""Length of a fade, as a share of the song."""
_VELOCITY_SPREAD = 0.05
"""Most by which a note is louder or softer than it is written, as a share of its velocity."""
_MIN_VELOCITY = 0.05


def swung(beat: float, swing: float, unit: float) -> float:
    """Return a beat with every second `unit` delayed by swing; full swing is a triplet."""
    pair = unit * 2
    inside = beat % pair
    late = unit * swing / 3
    moved = inside * (unit + late) / unit if inside <= unit else unit + late + (inside - unit) * (unit - late) / unit
    return beat - inside + moved


@dataclass(frozen=True, slots=True)
class Feel:
    """How a song is played: `swing` 0 to 1 on `unit` beats, timing deviation `loose` in beats, hints about the form."""

    swing: float
    unit: float
    loose: float
    beats: float
    structure: tuple[str, ...] = ()
    closing: float = inf
    """Where the song's last chord begins, in beats."""
    dynamics: float = 1.0
    """Factor on all velocities."""

    def fade(self, beat: float) -> float:
        """Return the gain at `beat` of a song that fades in or out, 0.1 to 1."""
        level = 1.0
        if "fade in" in self.structure:
            level = min(level, 0.15 + beat / (self.beats * _FADE))
        if "fade out" in self.structure:
            level = min(level, 0.12 + (self.beats - beat) / (self.beats * _FADE))
        return level


def finish(notes: list[Note], feel: Feel, chance: random.Random, span: tuple[int, int] | None) -> tuple[Note, ...]:
    """Return the finished notes in order of time; `span` is the instrument's range, None for drums."""
    starts, lengths, louds = _human(notes, feel, chance)
    pitches = [theory.into_range(note.pitch, *span) for note in notes] if span else [note.pitch for note in notes]
    syllables = [note.syllable for note in notes]
    return _without_overlaps(rounded(starts, 4), rounded(lengths, 4), pitches, rounded(louds, 3), syllables)


def _human(notes: list[Note], feel: Feel, chance: random.Random) -> tuple[list[float], list[float], list[float]]:
    """Play each note a little early or late, loud or soft; return starts, lengths and velocities.

    A sixth of composing is spent here: it makes few calls.
    """
    swing, unit, loose, most_loose = feel.swing, feel.unit, feel.loose, 2 * feel.loose
    last, beats = feel.beats - _MIN_NOTE, feel.beats
    stops = feel.closing - _MIN_NOTE if "sudden end" in feel.structure else inf
    fades = "fade in" in feel.structure or "fade out" in feel.structure
    drawn, dynamics = chance.random, feel.dynamics
    spare: float | None = None
    starts: list[float] = []
    lengths: list[float] = []
    louds: list[float] = []
    for note in notes:
        start, end = note.start, note.start + note.length
        if swing > 0:
            start, end = swung(start, swing, unit), swung(end, swing, unit)
        if loose and start > 0.1:
            # `chance.gauss`, written out: deviates come in pairs.
            deviate, spare = spare, None
            if deviate is None:
                angle = drawn() * tau
                radius = sqrt(-2.0 * log(1.0 - drawn()))
                deviate, spare = cos(angle) * radius, sin(angle) * radius
            stray = deviate * loose
            if not -most_loose < stray < most_loose:
                stray = most_loose if stray > 0 else -most_loose
            start, end = start + stray, end + stray
        if not 0 < start < last:
            start = last if start > 0 else 0.0
        length = max(_MIN_NOTE, min(end, beats) - start)
        if note.start >= stops:
            length = min(length, _STAB)
        loud = note.velocity * dynamics * (1 + (-_VELOCITY_SPREAD + 2 * _VELOCITY_SPREAD * drawn()))
        if fades:
            loud *= feel.fade(start)
        if not _MIN_VELOCITY < loud < 1:
            loud = 1.0 if loud >= 1 else _MIN_VELOCITY
        starts.append(start)
        lengths.append(length)
        louds.append(loud)
    return starts, lengths, louds


def rounded(values: list[float], digits: int) -> list[float]:
    """Round positive values as `round` does, in half its time: that writes a decimal number and reads it."""
    scale = 10**digits
    # Only close to the middle of two decimals does the product's own error matter.
    return [
        whole / scale if -0.499 < value * scale - (whole := int(value * scale + 0.5)) < 0.499 else round(value, digits)
        for value in values
    ]


def _without_overlaps(
    starts: list[float], lengths: list[float], pitches: list[int], louds: list[float], syllables: list[str]
) -> tuple[Note, ...]:
    """End each note where the same pitch sounds again; of two at the same time keep the louder."""
    last: dict[int, int] = {}
    kept: list[int] = []
    order = sorted(zip(starts, pitches, [-loud for loud in louds], range(len(starts)), strict=True))
    for start, pitch, _, place in order:
        earlier = last.get(pitch)
        if earlier is not None:
            before = starts[earlier]
            if start - before < _MIN_NOTE:
                lengths[earlier] = max(lengths[earlier], lengths[place])
                continue
            if before + lengths[earlier] > start:
                lengths[earlier] = round(start - before, 4)
        last[pitch] = place
        kept.append(place)
    return tuple([Note(starts[i], lengths[i], pitches[i], louds[i], syllables[i]) for i in kept])
