"""Sound effects: risers into a high point, impacts on it, and background beds."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.energy import HIGH
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_plan import Plan

_FAMILIES = frozenset({"house", "techno", "trance", "bass music", "cinematic"})
"""Families with risers and impacts."""
_BED = 32.0
"""Beats after which a bed is restarted."""


def transitions(plan: Plan, form: Form) -> list[Note]:
    """Return risers before high points, and impacts on them."""
    announced = catalog.family_of(plan.genre) in _FAMILIES or "drop" in plan.structure
    if not announced or "only these" in plan.structure:
        return []
    notes: list[Note] = []
    for before, section in zip(form.sections, form.sections[1:], strict=False):
        if section.kind in HIGH and section.energy > before.energy:
            length = min(before.bars, 4 if before.kind == "prechorus" else 2) * form.bar
            notes.append(Note(section.start - length, length - 0.05, 60, 0.75 * loudness(section.energy)))
            notes.append(Note(section.start, 1.0, 48, 0.9 * loudness(section.energy)))
    return notes


def named_effect(cues: list[Cue], instrument: str) -> list[Note]:
    """Return an effect that the prompt names: a bed under the whole song, or accents on sections and phrases."""
    if instrument in ("vinyl", "nature sounds"):
        return _bed(cues, 48 if instrument == "vinyl" else 72)
    notes: list[Note] = []
    for cue in cues:
        notes += [
            Note(at, 1.0, 48 if bar % 4 else 55, 0.85 * loudness(energy))
            for bar, at, energy in cue.bars()
            if bar % 2 == 0
        ]
        if cue.section.bars >= 4 and not cue.last:
            span = 2 * cue.form.bar
            at = cue.end - span
            notes.append(Note(at, span - 0.05, 64, 0.7 * loudness(cue.energy)))
    return notes


def _bed(cues: list[Cue], pitch: int) -> list[Note]:
    end = cues[0].form.beats
    count = max(1, int(end / _BED + 0.5))
    return [Note(i * end / count, end / count - 0.01, pitch, 0.7) for i in range(count)]
