"""The form of a song that one singer sings alone: without the bars in which nobody would sing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, log

from riffusion_tui.studio.engine.compose.casting.choir_kinds import is_chant
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.form import Form, SectionTemplate, total_size
from riffusion_tui.studio.engine.compose.forms.form_layout import beats_of, placed
from riffusion_tui.studio.engine.compose.lines.given_lyrics import NO_LYRICS, GivenLyrics
from riffusion_tui.studio.engine.compose.lines.lyric_placement import place_lines
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.score import RING_S, LyricLine, Note
from riffusion_tui.studio.engine.song_plan import Plan

_LAST_BAR = 0.65
"""The last bar, in which the last note is held, as a share of the others."""
_HELD_S = 4.5
"""Seconds that the last note lasts, at most."""
_NEAR = 0.03
"""How far a song's length may be from the requested one, as a share of it."""
_NEAR_S = 0.2
"""How far a chant's length may be from the requested one, in seconds."""
_FREEDOM = 0.25
"""How far a chant's tempo may be from the usual one, as a logarithm."""
_SCALES = (1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.65, 1.8, 2.0, 0.95, 0.9)
"""Lengths that forms are laid out for, as shares of the plan's: without its silent bars, a form is shorter."""
_LAST_SECTION = 0.75, 2.0
"""How long a chant's last section may be, as shares of what is usual for its lines."""
_CUTS = 4
"""How often a form is cut, at most: with other sections, the words are divided in another way."""


def sung_throughout(plan: Plan, lay_out: Callable[[Plan], tuple[Plan, Form]], given: GivenLyrics) -> tuple[Plan, Form]:
    """Return a form without silent bars, about as long as the plan wants, and the plan with the form's length.

    Args:
        plan: the song's.
        lay_out: returns the form of a plan, and the plan with the length that the given lyrics need.
        given: the user's lyrics.
    """
    free = given.are_kept and "length_s" in dict(plan.chosen)
    found: list[tuple[Plan, Form]] = []
    for scale in _SCALES:
        made, form = lay_out(replace(plan, length_s=plan.length_s * scale))
        form = _cut(made, form, given)
        length_s = form.beats * 60 / plan.bpm + RING_S
        found.append((replace(plan, length_s=length_s), form))
        if free or abs(length_s - plan.length_s) <= _NEAR * plan.length_s:
            break
    made, form = min(found, key=lambda one: abs(one[0].length_s - plan.length_s))
    if free or not is_chant(plan):
        return made, form
    timed = _in_free_tempo(plan, made, form, given)
    if given.are_kept or abs(timed.length_s - plan.length_s) <= _NEAR_S:
        return timed, form
    longer = [form for made, form in found if made.length_s > plan.length_s]
    return _as_long_as(plan, made, min(longer, key=lambda form: form.beats) if longer else form)


def _in_free_tempo(plan: Plan, made: Plan, form: Form, given: GivenLyrics) -> Plan:
    """Return the plan of a chant in the tempo in which its form is as long as the plan wants: it has no beat.

    A tempo that the prompt states stays, and a far one, or one with fewer lines, isn't reached: `made` is the form's
    plan in the usual tempo.
    """
    bpm = round(form.beats * 60 / max(plan.length_s - RING_S, RING_S), 1)
    if "bpm" not in dict(plan.chosen) or abs(log(bpm / made.bpm)) > _FREEDOM:
        return made
    free = replace(made, bpm=bpm, length_s=form.beats * 60 / bpm + RING_S)
    if not given.are_kept and place_lines(free, form, NO_LYRICS).bars != place_lines(made, form, NO_LYRICS).bars:
        return made
    return replace(
        free, chosen=tuple((name, f"{free.pulse:g}" if name == "bpm" else as_is) for name, as_is in made.chosen)
    )


def _as_long_as(plan: Plan, made: Plan, form: Form) -> tuple[Plan, Form]:
    """Return the plan and form of a chant without the last lines for which the plan's length has no time.

    The engine writes them, so none of the user's is lost. The rest of the time is the last section's at a stated tempo.
    """
    step = ceil(max(place_lines(plan, form, NO_LYRICS).turns) - 1e-6)
    beats, bar = beats_of(plan), form.bar
    parts = list(form.templates)
    shortest, longest = _LAST_SECTION
    while total_size(parts) > step and beats < _start(parts, bar) + shortest * parts[-1].size * bar:
        # A shorter ending would have no line.
        rest = 0 if parts[-1].kind == "ending" else parts[-1].size - step
        parts[-1:] = [replace(parts[-1], size=rest)] if rest > 0 else []
    usual = (total_size(parts) - 1 + _LAST_BAR) * bar
    lines = Form(placed(parts, plan), bar, usual, form.unit, tuple(parts))
    made = replace(made, length_s=usual * 60 / made.bpm + RING_S)
    timed = _in_free_tempo(plan, made, lines, NO_LYRICS)
    if abs(timed.length_s - plan.length_s) <= _NEAR_S:
        return timed, lines
    start = _start(parts, bar)
    if beats - start > longest * parts[-1].size * bar:
        return timed, lines
    parts[-1] = replace(parts[-1], size=max(1, ceil((beats - start) / bar - 1e-6)))
    return replace(made, length_s=plan.length_s), replace(
        lines, sections=placed(parts, plan), beats=beats, templates=tuple(parts)
    )


def _start(parts: list[SectionTemplate], bar: float) -> float:
    """Return the beat on which the last section begins."""
    return total_size(parts[:-1]) * bar


def _cut(plan: Plan, form: Form, given: GivenLyrics) -> Form:
    """Return the form with each section as long as its lines, and without those that have none."""
    for _ in range(_CUTS):
        placement = place_lines(plan, form, given)
        sizes = [
            ceil(len(lines) * turn - 1e-6) for lines, turn in zip(placement.sections, placement.turns, strict=True)
        ]
        kept = [replace(part, size=size) for part, size in zip(form.templates, sizes, strict=True) if size]
        if not kept:
            return form
        kept[-1] = replace(kept[-1], size=kept[-1].size + 1)
        bar = plan.bar
        beats = (total_size(kept) - 1 + _LAST_BAR) * bar
        before, form = form, Form(placed(kept, plan), bar, beats, form.unit, tuple(kept))
        if form == before:
            break
    return form


def with_held_end(notes: list[Note], lines: list[LyricLine], plan: Plan, form: Form, pitches: PitchRange) -> None:
    """Hold the last note, a tonic within a singer's range, until shortly before the end of the song."""
    last = notes[-1]
    length = max(last.length, min(form.beats - last.start - 0.5, _HELD_S * plan.bpm / 60))
    tonic = (theory.tonic(plan.key) + form.sections[-1].lift) % 12
    notes[-1] = replace(last, length=length, pitch=pitches.hold(theory.nearest(last.pitch, {tonic})))
    lines[-1] = replace(lines[-1], end=last.start + length)
