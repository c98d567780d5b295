"""Plan -> form: which sections, how many bars each, how much energy each.

A form's parts carry priorities. A short song keeps only the first of them, a long one adds whole blocks; the sections
themselves keep their size.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.base import RING_S, Plan, Section
from riffusion_tui.studio.engine.compose import energy, library

LONGEST_UNIT_S = 11.0
"""A unit, half a verse, should not last longer."""
LIFT_FROM_S = 140.0
"""Shorter songs stay in their key."""
_PART = re.compile(r"^(\w+)(?:=([^@:]+?))?\s+(\d+)(?:@(\d+))?(?::([\d.]+))?$")


@dataclass(frozen=True, slots=True)
class Part:
    """A section to be: kind, shown name, size in units (then in bars), priority, energy when the form sets it."""

    kind: str
    name: str
    size: int
    priority: int = 1
    energy: float | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """Where everything lies in time."""

    sections: tuple[Section, ...]
    bar: float
    """Beats in a bar."""
    beats: float
    """Beats of the whole song; the last bar may be longer or shorter than the others."""
    unit: int
    """Bars in a unit."""


def read_parts(text: str) -> tuple[Part, ...]:
    """Read `verse=Head 2@1:0.5, chorus 2`: kind, name, units, priority, energy.

    Raises:
        ValueError: a part does not read.
    """
    parts = []
    for piece in text.split(","):
        found = _PART.match(piece.strip())
        if not found:
            raise ValueError(f"not a part of a form: {piece}")
        kind, name, size, priority, energy = found.groups()
        shown = name or NAMES.get(kind, kind.capitalize())
        parts.append(Part(kind, shown, int(size), int(priority or 1), float(energy) if energy else None))
    return tuple(parts)


NAMES = {"prechorus": "Pre-Chorus", "ending": "Ending"}


def lay_out(plan: Plan, rng: random.Random) -> Form:
    """Choose a form and fit it to the asked length, to the bar; the ending's last bar takes the rest."""
    bar = plan.meter[0] * 4 / plan.meter[1]
    beats = max(bar, max(plan.length_s - RING_S, 0.6 * plan.length_s) * plan.bpm / 60)
    bars = max(1, int(beats / bar + 0.4))
    entry = rng.choice(_forms(plan))
    parts = _wanted(read_parts(entry.text("parts")), plan.structure)
    unit = _unit(parts, bars, bar * 60 / plan.bpm)
    chosen = _fit(parts, [read_parts(text) for text in entry.words("more")], bars, unit, rng)
    return Form(_place(chosen, plan, bar), bar, beats, unit)


def _forms(plan: Plan) -> tuple[library.Entry, ...]:
    """The forms of the genre; those with a drop when one is asked for."""
    entries = library.serving("forms.toml", "form", plan.genre, library.family_of(plan.genre))
    if "drop" in plan.structure:
        dropping = tuple(e for e in entries if "drop" in e.text("parts"))
        every = library.table("forms.toml", "form")
        return dropping or tuple(e for e in every if "drop" in e.text("parts") and "pop" not in e.serves)
    return entries


def _wanted(parts: tuple[Part, ...], hints: tuple[str, ...]) -> tuple[Part, ...]:
    """The parts with those that the prompt names made sure of: a bridge, a solo, a breakdown, an intro."""
    found = list(parts)
    for hint, kind in (("breakdown", "breakdown"), ("bridge", "bridge"), ("solo", "solo"), ("solo intro", "intro")):
        if hint not in hints:
            continue
        if any(part.kind == kind for part in found):
            place = next(i for i, part in enumerate(found) if part.kind == kind)
            found[place] = replace(found[place], priority=min(2, found[place].priority))
            continue
        at = 0 if kind == "intro" else _last_high(found)
        found.insert(at, Part(kind, NAMES.get(kind, kind.capitalize()), 1, 2))
    return tuple(found)


def _last_high(parts: list[Part]) -> int:
    """The place of the last chorus or drop; the last place when there is none but the first."""
    return next((i for i in range(len(parts) - 1, 0, -1) if parts[i].kind in ("chorus", "drop")), len(parts) - 1)


def _unit(parts: tuple[Part, ...], bars: int, bar_s: float) -> int:
    core = sum(part.size for part in parts if part.priority <= 2)
    for unit in (8, 4, 2):
        if unit * bar_s <= LONGEST_UNIT_S and core * unit <= bars:
            return unit
    return 1


def _fit(parts: tuple[Part, ...], more: list[tuple[Part, ...]], bars: int, unit: int, rng: random.Random) -> list[Part]:
    """Parts in bars that add up to `bars`."""
    sized = [replace(part, size=part.size * unit) for part in parts]
    left = bars
    kept: set[int] = set()
    for index in sorted(range(len(sized)), key=lambda i: (sized[i].priority, i)):
        if sized[index].size <= left:
            kept.add(index)
            left -= sized[index].size
    chosen = [part for index, part in enumerate(sized) if index in kept]
    if not chosen:
        return _smallest(bars)
    if len(kept) == len(sized):
        left = _grow(chosen, more, left, unit)
    return _stretch(chosen, left, unit, rng)


def _smallest(bars: int) -> list[Part]:
    ending = Part("ending", "Ending", 1)
    return [Part("chorus", "Chorus", bars - 1), ending] if bars > 1 else [ending]


def _grow(chosen: list[Part], more: list[tuple[Part, ...]], left: int, unit: int) -> int:
    """Put whole blocks before the last high point while they fit; returns the bars that are left."""
    turn = 0
    while more and turn < 64:
        block = [replace(part, size=part.size * unit) for part in more[turn % len(more)]]
        size = sum(part.size for part in block)
        if size > left:
            smaller = [b for b in more if sum(p.size for p in b) * unit <= left]
            if not smaller:
                break
            block = [replace(part, size=part.size * unit) for part in smaller[0]]
            size = sum(part.size for part in block)
        at = _last_high(chosen)
        chosen[at:at] = block
        left -= size
        turn += 1
    return left


def _stretch(chosen: list[Part], left: int, unit: int, rng: random.Random) -> list[Part]:
    """Give the bars that are left to interludes, the intro and the ending: never to verse or chorus."""
    if chosen[-1].kind != "ending":
        last = chosen[-1]
        if left:
            chosen.append(Part("ending", "Ending", min(left, unit)))
            left -= chosen[-1].size
        elif last.size > 1:
            chosen[-1:] = [replace(last, size=last.size - 1), Part("ending", "Ending", 1)]
    while left >= max(2, unit):
        spots = [i for i in range(2, len(chosen)) if chosen[i].kind in ("verse", "bridge", "breakdown", "ending")]
        at = rng.choice(spots) if spots else len(chosen) - 1
        chosen.insert(at, Part("solo", "Interlude", unit, energy=0.5))
        left -= unit
    if left and chosen[0].kind == "intro":
        half = left // 2
        chosen[0] = replace(chosen[0], size=chosen[0].size + half)
        left -= half
    if left:
        chosen[-1] = replace(chosen[-1], size=chosen[-1].size + left)
    return chosen


def _place(parts: list[Part], plan: Plan, bar: float) -> tuple[Section, ...]:
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
        start += part.size * bar
    return energy.shaped(plan, tuple(sections))


def lifted(plan: Plan, form: Form, rng: random.Random, often: float) -> Form:
    """The form with its last chorus and what follows lifted, in long songs whose key was not asked for."""
    high = [i for i, section in enumerate(form.sections) if section.kind in energy.HIGH]
    free = any(field == "key" for field, _ in plan.chosen)
    if len(high) < 3 or not free or plan.length_s < LIFT_FROM_S or rng.random() >= often:
        return form
    by = rng.choice((1, 2, 2))
    raised = (replace(s, lift=by) if i >= high[-1] else s for i, s in enumerate(form.sections))
    return replace(form, sections=tuple(raised))
