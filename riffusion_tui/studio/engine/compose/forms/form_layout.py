"""Plan → form: the sections with their bars, energy and key."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil, log

from riffusion_tui.studio.engine.compose import catalog, energy
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.form import Form, SectionTemplate
from riffusion_tui.studio.engine.compose.forms.form_choice import (
    bars_each,
    blocks_of,
    forms_of,
    hints_of,
    ordered,
    sections_of,
    with_bridge,
)
from riffusion_tui.studio.engine.compose.forms.form_fit import evened, fit, fit_repeated, roundness, worth
from riffusion_tui.studio.engine.compose.forms.order_fit import fit_order
from riffusion_tui.studio.engine.compose.forms.requested_form import with_requested
from riffusion_tui.studio.engine.compose.forms.stated_bars import bars_of, with_stated_bars
from riffusion_tui.studio.engine.compose.forms.stated_places import in_stated_places
from riffusion_tui.studio.engine.score import RING_S, Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import EVEN, KEY_CHANGE, KEY_OF, SAME_KEY
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon

_MAX_UNIT_S = 11.0
"""Longest unit (half a verse), in seconds."""
_FULL_S, _FULL_UNIT_S = 105.0, 12.0
"""From this length on, or if no length is requested, songs are not short: their units may last so many seconds."""
_PHRASE, _PHRASE_S = 4, 16.5
"""Such a song may have units of so many bars as long as this, so that slow ones have verses of eight bars too."""
FREE = 0.15
"""How far a song may be from the length that the engine chose, as a share of it, so that its form fits to the bar."""
_OFF = 3.0
"""How much worse a form is for being longer or shorter than chosen, see `form_fit.worth`."""
_LOST = 1.5
"""How much worse it is without its verses, or its high points, unless it has only whole sections."""
_LIFT_FROM_S = 140.0
"""Shorter songs do not change key."""
_MOVEMENTS = (0, 5, 2)
"""Semitones of a medley's movements above its key."""


def lay_out(
    plan: Plan, rng: random.Random, faults: Callable[[Form], tuple[int, ...]] | None = None, *, bridge: bool = False
) -> Form:
    """Choose a form and fit it to the plan's length, to the bar; the ending's last bar absorbs the rest.

    Args:
        plan: genre, length and sections.
        rng: chooses the form.
        faults: rates a form for given lyrics; if the chosen one has faults, it is replaced by the best of the genre.
        bridge: the lyrics have a bridge, which is added to forms without one.
    """
    entries = forms_of(plan)
    entry = rng.choice(entries)
    state = rng.getstate()
    usual = _laid_out(plan, entry, sections_of(entry, hints_of(plan)), rng)
    if faults is None or not any(faults(usual)):
        return usual
    found = [usual]
    for other in (entry, *(each for each in entries if each is not entry)):
        for parts in with_bridge(other, hints_of(plan)) if bridge else [sections_of(other, hints_of(plan))]:
            rng.setstate(state)
            found.append(_laid_out(plan, other, parts, rng))
    return min(found, key=faults)


def _laid_out(plan: Plan, entry: catalog.Entry, parts: tuple[SectionTemplate, ...], rng: random.Random) -> Form:
    bar = plan.bar
    beats = beats_of(plan)
    bars = max(1, int(beats / bar + 0.4))
    free = "length_s" in dict(plan.chosen)
    full = free or plan.length_s >= _FULL_S
    longest = entry.number("longest", _FULL_UNIT_S if full else _MAX_UNIT_S) * plan.bpm / 60 / bar
    if ordered(plan.structure):
        each = bars_each(plan.structure)
        unit, chosen = fit_repeated(parts, bars, each) if each else (each, [])
        if not chosen:
            unit, chosen = fit_order(parts, bars)
        chosen = evened(chosen) if free and EVEN in plan.structure else chosen
        chosen = with_stated_bars(chosen, plan, exact=not free, ordered=True)
        beats = beats if bars_of(chosen) == bars else bars_of(chosen) * bar
        return Form(placed(chosen, plan), bar, beats, unit, tuple(chosen))
    more = blocks_of(entry, plan)
    sung = plan.vocals != "none"
    phrase = _PHRASE_S * plan.bpm / 60 / bar if full else 0.0

    def rated(option: tuple[int, list[SectionTemplate], int]) -> float:
        unit, chosen, count = option
        found = worth(unit, chosen) + (roundness(unit, chosen) if full else 0.0)
        lost = {part.kind for part in parts} & energy.MAIN - {part.kind for part in chosen}
        return found - _OFF * abs(log(count / bars)) - (0.0 if "whole" in entry.data else _LOST * len(lost))

    options = [
        (unit, fit(parts, more, count, unit, rng, whole=unit == entry.number("whole", 0), sung=sung), count)
        for unit in _units(entry, parts, bars, longest, phrase)
        for count in (_counts(bars, unit) if free else [bars])
    ]
    unit, chosen, count = max(options, key=rated)
    placed_parts = in_stated_places(with_requested(chosen, plan), plan)
    chosen = with_stated_bars(placed_parts, plan, exact=not free, ordered=False)
    count = bars_of(chosen)
    return Form(placed(chosen, plan), bar, beats if count == bars else count * bar, unit, tuple(chosen))


def _counts(bars: int, unit: int) -> list[int]:
    """Return how many bars a song of about so many may have, so that they are whole units."""
    near = range(ceil(bars * (1 - FREE)), int(bars * (1 + FREE)) + 1)
    return [count for count in near if count % unit == 0] or [bars]


def as_long_as(plan: Plan, form: Form) -> Plan:
    """Return the plan with the length of a form, if the form has another."""
    if abs(form.beats - beats_of(plan)) < 1e-6:
        return plan
    return replace(plan, length_s=form.beats * 60 / plan.bpm + RING_S)


def _units(
    entry: catalog.Entry, parts: tuple[SectionTemplate, ...], bars: int, longest: float, phrase: float
) -> list[int]:
    """Return how many bars a unit may have: what the form wants if its first section fits, else up to `longest`.

    Four bars, and less, may be as long as `phrase`.
    """
    whole = int(entry.number("whole", 0))
    first = sum(part.size for part in parts if part.priority == 1)
    if whole and whole * first <= bars:
        return [whole]
    longest = min(longest, whole - 1) if whole else max(longest, min(phrase, _PHRASE))
    return [unit for unit in (8, 4, 2, 1) if unit <= longest or unit == 1]


def beats_of(plan: Plan) -> float:
    """Return the beats that a plan's length has room for, at least a bar."""
    return max(plan.bar, max(plan.length_s - RING_S, 0.6 * plan.length_s) * plan.bpm / 60)


def placed(parts: list[SectionTemplate], plan: Plan) -> tuple[Section, ...]:
    """Return templates, with sizes in bars, as sections in time."""
    curve = energy.usual(plan.genre)
    counts: dict[str, int] = {}
    totals = {part.name: sum(1 for other in parts if other.name == part.name) for part in parts}
    sections = []
    start = 0.0
    for part in parts:
        counts[part.name] = counts.get(part.name, 0) + 1
        name = f"{part.name} {counts[part.name]}" if totals[part.name] > 1 else part.name
        base = part.energy if part.energy is not None else curve.get(part.kind, 0.6)
        sections.append(Section(name, part.kind, start, part.size, base))
        start += part.size * plan.bar
    return energy.shaped(plan, tuple(sections))


def lifted(plan: Plan, form: Form, rng: random.Random, often: float) -> Form:
    """Return the form with its last chorus and what follows transposed up: as the prompt asks, else in some long songs.

    Each movement of a medley has its own key. If the prompt gives the key, only a requested change leaves it.
    """
    if is_canon(plan):
        return form
    if "medley" in plan.structure:
        thirds = ((s, int(3 * s.start / form.beats)) for s in form.sections)
        return replace(form, sections=tuple(replace(s, lift=_MOVEMENTS[third]) for s, third in thirds))
    high = [i for i, section in enumerate(form.sections) if section.kind in energy.HIGH]
    form = _in_own_keys(plan, form)
    change = next((hint for hint in plan.structure if hint.startswith(KEY_CHANGE)), "")
    if change:
        return _changed(plan, form, high, change, rng)
    own = any(hint.startswith(KEY_OF) for hint in plan.structure)
    free = SAME_KEY not in plan.structure and not own and any(field == "key" for field, _ in plan.chosen)
    if len(high) < 3 or not free or plan.length_s < _LIFT_FROM_S or rng.random() >= often:
        return form
    return _raised(form, high[-1:], rng.choice((1, 2, 2)))


def _changed(plan: Plan, form: Form, high: list[int], change: str, rng: random.Random) -> Form:
    """Return the form with the change of key that a hint says; `high` are its high points."""
    change, _, often_up = change.partition(", ")
    key, mode = f"{change.partition(' to ')[2]} ".split(" ", 1)
    semitones = change.partition(" by ")[2]
    by = (theory.tonic(key) - theory.tonic(plan.key)) % 12 if key else int(semitones or rng.choice((1, 2, 2))) % 12
    mode = "" if mode.strip() == plan.mode else mode.strip()
    last = [high[-1] if len(high) > 1 else len(form.sections) // 2]
    return _raised(form, _again(form.sections, high, often_up) or last, by, mode)


def _again(sections: Sequence[Section], high: list[int], often_up: str) -> list[int]:
    """Return the sections with which the key goes up: those of a kind after the first one, or so many high points.

    If there are too few of these, other sections take their places.

    Args:
        sections: the form's.
        high: positions of the high points.
        often_up: the end of the hint: `every verse`, `2 times`, or nothing.
    """
    number, _, kind = often_up.partition(" ")
    if number.isdecimal():
        others = [i for i in range(1 + (high or [0])[0], len(sections)) if sections[i].kind != "ending"]
        return (high[1:] if int(number) < len(high) else others)[-int(number) :]
    named = [i for i, one in enumerate(sections) if one.kind == kind]
    return (named[1:] or high[1:]) if often_up else []


def _in_own_keys(plan: Plan, form: Form) -> Form:
    """Return the form with the kinds of sections to which the prompt gives a key in that key."""
    sections = form.sections
    for hint in plan.structure:
        if hint.startswith(KEY_OF):
            kind, words = hint.removeprefix(KEY_OF).split(": ")
            key, _, mode = words.partition(" ") if words[0].isupper() else ("", "", words)
            by = (theory.tonic(key) - theory.tonic(plan.key)) % 12 if key else 0
            own = "" if mode == plan.mode else mode
            sections = tuple(replace(s, lift=by, mode=own) if s.kind == kind else s for s in sections)
    return replace(form, sections=sections)


def _raised(form: Form, firsts: Sequence[int], by: int, mode: str = "") -> Form:
    """Return the form transposed up by some semitones from each of some sections on, in a mode if given."""
    steps = [sum(first <= i for first in firsts) for i in range(len(form.sections))]
    raised = (replace(s, lift=by * n % 12, mode=mode) if n else s for s, n in zip(form.sections, steps, strict=True))
    return replace(form, sections=tuple(raised))
