"""What every track gets last: swing, human timing and touch, pitches in range, no overlaps."""

from __future__ import annotations

import random
from dataclasses import replace

from riffusion_tui.studio.engine.base import Note
from riffusion_tui.studio.engine.compose import theory

SHORTEST = 0.05
"""Beats; nothing is shorter."""


def swung(beat: float, swing: float, unit: float) -> float:
    """Where a beat falls when every second `unit` comes late; full swing is a triplet."""
    pair = unit * 2
    inside = beat % pair
    late = unit * swing / 3
    moved = inside * (unit + late) / unit if inside <= unit else unit + late + (inside - unit) * (unit - late) / unit
    return beat - inside + moved


def finish(
    notes: list[Note], swing: float, unit: float, loose: float, chance: random.Random, beats: float,
    span: tuple[int, int] | None,
) -> tuple[Note, ...]:  # fmt: skip
    """Clean notes in order of time. `loose` is how far timing strays, in beats; `span` is None for drums."""
    moved = []
    for note in notes:
        start, end = note.start, note.start + note.length
        if swing > 0:
            start, end = swung(start, swing, unit), swung(end, swing, unit)
        if loose and start > 0.1:
            stray = max(-2 * loose, min(2 * loose, chance.gauss(0, loose)))
            start, end = start + stray, end + stray
        start = max(0.0, min(start, beats - SHORTEST))
        length = max(SHORTEST, min(end, beats) - start)
        pitch = theory.into_range(note.pitch, *span) if span else note.pitch
        velocity = min(1.0, max(0.05, note.velocity * (1 + chance.uniform(-0.06, 0.06))))
        moved.append(
            replace(note, start=round(start, 4), length=round(length, 4), pitch=pitch, velocity=round(velocity, 3))
        )
    return without_overlaps(moved)


def without_overlaps(notes: list[Note]) -> tuple[Note, ...]:
    """Cut each note where the same pitch sounds again; of two at one moment keep the louder."""
    last: dict[int, int] = {}
    kept: list[Note | None] = []
    for note in sorted(notes, key=lambda n: (n.start, n.pitch, -n.velocity)):
        place = last.get(note.pitch)
        earlier = kept[place] if place is not None else None
        if earlier is not None and place is not None:
            if note.start - earlier.start < SHORTEST:
                if note.length > earlier.length:
                    kept[place] = replace(earlier, length=note.length)
                continue
            if earlier.start + earlier.length > note.start:
                kept[place] = replace(earlier, length=round(note.start - earlier.start, 4))
        last[note.pitch] = len(kept)
        kept.append(note)
    return tuple(note for note in kept if note is not None)
