"""Breaks before a song's high points."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.casting.seat import is_pitched
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.score import Note


def breaks(song: SongContext) -> list[tuple[float, float]]:
    """Return the breaks, as (from, to) in beats; chamber music and singers with a piano have none."""
    if song.plan.cast and all(is_pitched(name) for name in song.plan.cast if name != LONE_SINGER):
        return []
    beats = song.dice.pick(song.style.breaks, "breaks")
    if not beats:
        return []
    pairs = pairwise(song.form.sections)
    rises = [b for a, b in pairs if b.kind in energy.HIGH and a.kind not in energy.HIGH and a.bars > 1]
    return [(section.start - beats, section.start) for section in rises]


def hushed(notes: list[Note], gaps: list[tuple[float, float]]) -> list[Note]:
    """Return the notes without those that would sound in a gap."""
    for begin, end in gaps:
        notes = [
            replace(note, length=begin - note.start) if note.start < begin < note.start + note.length else note
            for note in notes
            if not begin - 0.05 <= note.start < end - 0.05
        ]
    return notes
