"""The form of a song as text, which a later song can lock."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose.form import Form, SectionTemplate, total_size, usual_name
from riffusion_tui.studio.engine.compose.forms.form_layout import beats_of, placed
from riffusion_tui.studio.engine.locks import LockedSection, form_text, parse_form
from riffusion_tui.studio.engine.score import RING_S
from riffusion_tui.studio.engine.song_plan import Plan

_TOLERANCE = 0.001
"""How far, in bars, a form's text may be from the exact length."""


def as_locked(plan: Plan) -> tuple[Plan, Form]:
    """Return the plan's locked form, and the plan with the length that it gives.

    Raises:
        EngineError: the form can't be read.
    """
    locked = parse_form(plan.locks.form).sections
    bar = plan.bar
    beats = sum(section.bars for section in locked) * bar
    room = beats_of(plan)
    if abs(room - beats) < _TOLERANCE * bar:
        beats = room
    else:
        plan = replace(plan, length_s=beats * 60 / plan.bpm + RING_S)
    chosen = [
        SectionTemplate(s.kind, s.name or usual_name(s.kind), max(1, int(s.bars + 0.4)), energy=s.energy)
        for s in locked
    ]
    sections = placed(chosen, plan)
    raised = tuple(replace(s, lift=lock.lift, mode=lock.mode) for s, lock in zip(sections, locked, strict=True))
    return plan, Form(raised, bar, beats, 1, tuple(chosen))


def text_of(plan: Plan, form: Form) -> str:
    """Return a form as a later song can lock it; the last section's bars say how long its last bar is."""
    rest = form.beats / form.bar - total_size(form.templates[:-1])
    sizes = [*(float(part.size) for part in form.templates[:-1]), rest]
    return form_text(
        plan.meter,
        [
            LockedSection(part.kind, _own_name(part), size, part.energy, section.lift, section.mode)
            for part, size, section in zip(form.templates, sizes, form.sections, strict=True)
        ],
    )


def _own_name(part: SectionTemplate) -> str:
    """Return a section's name if it is not the usual one of its kind."""
    return "" if part.name == usual_name(part.kind) else part.name
