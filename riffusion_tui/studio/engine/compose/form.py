"""Plan -> form: the sections, with their bars and energy.

A form's sections have priorities. A short song keeps only the most important, a long one adds whole blocks; the
sections keep their size.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log2

from riffusion_tui.studio.engine.compose import catalog, energy
from riffusion_tui.studio.engine.locks import LockedSection, form_text, parse_form
from riffusion_tui.studio.engine.types import RING_S, WITHOUT_SOLOS, Plan, Section

MAX_UNIT_S = 11.0
"""Longest unit (half a verse), in seconds."""
LIFT_FROM_S = 140.0
"""Shorter songs do not change key."""
MOVEMENTS = (0, 5, 2)
"""Semitones of a medley's movements above its key."""
_PART = re.compile(r"^(\w+)(?:=([^@:]+?))?\s+(\d+)(?:@(\d+))?(?::([\d.]+))?$")


@dataclass(frozen=True, slots=True)
class SectionTemplate:
    """A section of a form: kind, displayed name, size in units (later in bars), priority, and energy if it sets one."""

    kind: str
    name: str
    size: int
    priority: int = 1
    energy: float | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The sections in time."""

    sections: tuple[Section, ...]
    bar: float
    """Beats per bar."""
    beats: float
    """Beats of the whole song; the last bar may be longer or shorter than the others."""
    unit: int
    """Bars per unit."""
    templates: tuple[SectionTemplate, ...] = ()
    """What the sections were made from, with sizes in bars."""

    @property
    def closing(self) -> float:
        """Start of the song's last chord, in beats."""
        last = self.sections[-1]
        return last.start + (last.bars - 1) * self.bar


def read_parts(text: str) -> tuple[SectionTemplate, ...]:
    """Read `verse=Head 2@1:0.5, chorus 2`: kind, name, units, priority, energy.

    Raises:
        ValueError: a section can't be parsed.
    """
    parts = []
    for piece in text.split(","):
        found = _PART.match(piece.strip())
        if not found:
            raise ValueError(f"not a part of a form: {piece}")
        kind, name, size, priority, energy = found.groups()
        shown = name or _usual_name(kind)
        parts.append(SectionTemplate(kind, shown, int(size), int(priority or 1), float(energy) if energy else None))
    return tuple(parts)


STANDALONE = frozenset({"prechorus", "bridge", "solo", "breakdown", "intro"})
"""Kinds that can be added by themselves; a second verse comes only with its chorus."""
NAMES = {"prechorus": "Pre-Chorus", "ending": "Ending"}


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
    entries = _forms(plan)
    entry = rng.choice(entries)
    state = rng.getstate()
    usual = _laid_out(plan, entry, _parts(entry, plan.structure), rng)
    if faults is None or not any(faults(usual)):
        return usual
    found = [usual]
    for other in (entry, *(each for each in entries if each is not entry)):
        for parts in _with_bridge(other, plan.structure) if bridge else [_parts(other, plan.structure)]:
            rng.setstate(state)
            found.append(_laid_out(plan, other, parts, rng))
    return min(found, key=faults)


def _laid_out(plan: Plan, entry: catalog.Entry, parts: tuple[SectionTemplate, ...], rng: random.Random) -> Form:
    bar = plan.meter[0] * 4 / plan.meter[1]
    beats = _beats(plan, bar)
    bars = max(1, int(beats / bar + 0.4))
    blocks = (_allowed(read_parts(text), plan.structure) for text in entry.words("more"))
    more = [block for block in blocks if block]
    longest = entry.number("longest", MAX_UNIT_S) * plan.bpm / 60 / bar
    options = [(unit, _fit(parts, more, bars, unit, rng)) for unit in (8, 4, 2, 1) if unit <= longest or unit == 1]
    unit, chosen = max(options, key=lambda option: _worth(*option))
    return Form(_place(chosen, plan, bar), bar, beats, unit, tuple(chosen))


def _parts(entry: catalog.Entry, hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    return _wanted(_allowed(read_parts(entry.text("parts")), hints), hints)


def _allowed(parts: tuple[SectionTemplate, ...], hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    """Return the sections, without solos if the prompt excludes them; a riff between verses is none."""
    return tuple(part for part in parts if part.name != _usual_name("solo")) if WITHOUT_SOLOS in hints else parts


def _with_bridge(entry: catalog.Entry, hints: tuple[str, ...]) -> list[tuple[SectionTemplate, ...]]:
    """Return a form's sections as they are, with a bridge before the last high point, and with one after it."""
    plain = _parts(entry, hints)
    last = len(plain) - (plain[-1].kind == "ending")
    after = (*plain[:last], SectionTemplate("bridge", "Bridge", 1, 2), *plain[last:])
    return [plain, _parts(entry, (*hints, "bridge")), after]


def _beats(plan: Plan, bar: float) -> float:
    """Return the beats that a plan's length has room for, at least a bar."""
    return max(bar, max(plan.length_s - RING_S, 0.6 * plan.length_s) * plan.bpm / 60)


def as_locked(plan: Plan) -> tuple[Plan, Form]:
    """Return the plan's locked form, and the plan with the length that it gives.

    Raises:
        EngineError: the form can't be read.
    """
    locked = parse_form(plan.locks.form).sections
    bar = plan.meter[0] * 4 / plan.meter[1]
    beats = sum(section.bars for section in locked) * bar
    if abs(_beats(plan, bar) - beats) < _TOLERANCE * bar:
        beats = _beats(plan, bar)
    else:
        plan = replace(plan, length_s=beats * 60 / plan.bpm + RING_S)
    chosen = [
        SectionTemplate(s.kind, s.name or _usual_name(s.kind), max(1, int(s.bars + 0.4)), energy=s.energy)
        for s in locked
    ]
    sections = _place(chosen, plan, bar)
    raised = tuple(replace(s, lift=lock.lift) for s, lock in zip(sections, locked, strict=True))
    return plan, Form(raised, bar, beats, 1, tuple(chosen))


_TOLERANCE = 0.001
"""How far, in bars, a form's text may be from the exact length."""


def text_of(plan: Plan, form: Form) -> str:
    """Return a form as a later song can lock it; the last section's bars say how long its last bar is."""
    rest = form.beats / form.bar - sum(part.size for part in form.templates[:-1])
    sizes = [*(float(part.size) for part in form.templates[:-1]), rest]
    return form_text(
        plan.meter,
        [
            LockedSection(
                part.kind, "" if part.name == _usual_name(part.kind) else part.name, size, part.energy, section.lift
            )
            for part, size, section in zip(form.templates, sizes, form.sections, strict=True)
        ],
    )


def _usual_name(kind: str) -> str:
    return NAMES.get(kind, kind.capitalize())


def _forms(plan: Plan) -> tuple[catalog.Entry, ...]:
    """Return the forms of the genre; only those with a drop, or with verses, if the prompt wants them."""
    entries = catalog.serving("forms.toml", "form", plan.genre, catalog.family_of(plan.genre))
    if "drop" in plan.structure:
        dropping = tuple(e for e in entries if "drop" in e.text("parts"))
        every = catalog.table("forms.toml", "form")
        return dropping or tuple(e for e in every if "drop" in e.text("parts") and e not in _pop_forms())
    if "verse" in plan.structure:
        sung = tuple(e for e in entries if any(part.name == "Verse" for part in read_parts(e.text("parts"))))
        return sung or _pop_forms()
    return entries


def _pop_forms() -> tuple[catalog.Entry, ...]:
    return catalog.layers("forms.toml", "form", "pop", "pop")[1]


def _wanted(parts: tuple[SectionTemplate, ...], hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    """Return the sections, including those that the prompt names: a bridge, a solo, a breakdown, an intro."""
    found = list(parts)
    for kind, priority in (("breakdown", 2), ("bridge", 2), ("solo", 2), ("intro", 1)):
        if not any(word == kind or word.endswith(f" {kind}") for word in hints):
            continue
        if any(part.kind == kind for part in found):
            place = next(i for i, part in enumerate(found) if part.kind == kind)
            found[place] = replace(found[place], priority=min(priority, found[place].priority))
            continue
        at = 0 if kind == "intro" else _last_high(found)
        found.insert(at, SectionTemplate(kind, NAMES.get(kind, kind.capitalize()), 1, priority))
    return tuple(found)


def _last_high(parts: list[SectionTemplate]) -> int:
    """Return the index of the last chorus or drop and its build-up; the last index if there is only one."""
    at = next((i for i in range(len(parts) - 1, 0, -1) if parts[i].kind in energy.HIGH), len(parts) - 1)
    while at > 1 and parts[at - 1].kind in ("prechorus", "breakdown"):
        at -= 1
    return at


def _worth(unit: int, chosen: list[SectionTemplate]) -> float:
    """Rate the form that a unit gives: best are two high points, a high ending, few detours and whole sections."""
    kinds = [part.kind for part in chosen]
    high = sum(kind in energy.HIGH for kind in kinds)
    body = [kind for kind in kinds if kind not in ("ending", "solo", "bridge")]
    ends_high = bool(body) and (body[-1] in energy.HIGH or not high)
    wanders = sum(part.name == "Interlude" for part in chosen) + (chosen[-1].size > 1.5 * unit)
    found = min(high, 2) + 1.5 * ends_high + ("verse" in kinds) - 0.7 * wanders + (kinds.count("ending") == 1)
    return found + 0.9 * log2(unit) - 0.04 * len(chosen)


def _fit(
    parts: tuple[SectionTemplate, ...],
    more: list[tuple[SectionTemplate, ...]],
    bars: int,
    unit: int,
    rng: random.Random,
) -> list[SectionTemplate]:
    """Return sections in bars that add up to `bars`."""
    kept: dict[int, SectionTemplate] = {}
    for priority in sorted({part.priority for part in parts}):
        group = [i for i, part in enumerate(parts) if part.priority == priority]
        room = bars - sum(part.size for part in kept.values())
        kept |= _together(parts, group, kept, room, unit)
    left = bars - sum(part.size for part in kept.values())
    chosen = [kept[index] for index in sorted(kept)]
    if not chosen:
        return _smallest(bars)
    if len(kept) == len(parts):
        left = _grow(chosen, more, left, unit)
    return _stretch(chosen, left, unit, rng)


def _together(
    parts: tuple[SectionTemplate, ...], group: list[int], kept: dict[int, SectionTemplate], room: int, unit: int
) -> dict[int, SectionTemplate]:
    """Return the sections of one priority: whole, with half a verse, or in place of the intro; else what fits."""
    whole = {i: replace(parts[i], size=parts[i].size * unit) for i in group}
    halved = {
        i: replace(part, size=part.size // 2) if part.kind == "verse" and part.size > unit else part
        for i, part in whole.items()
    }
    for found in (whole, halved):
        if sum(part.size for part in found.values()) <= room:
            return found
    intro = next((i for i, part in kept.items() if part.kind == "intro" and part.priority > 1), None)
    if intro is not None and len(group) > 1:
        wider = room + kept[intro].size
        for found in (whole, halved):
            if sum(part.size for part in found.values()) <= wider:
                del kept[intro]
                return found
    alone: dict[int, SectionTemplate] = {}
    for i, part in whole.items():
        fits = part.size <= room - sum(p.size for p in alone.values())
        if fits and (part.priority <= 3 or part.kind in STANDALONE):
            alone[i] = part
    return alone


def _smallest(bars: int) -> list[SectionTemplate]:
    ending = SectionTemplate("ending", "Ending", 1)
    return [SectionTemplate("chorus", "Chorus", bars - 1), ending] if bars > 1 else [ending]


def _grow(chosen: list[SectionTemplate], more: list[tuple[SectionTemplate, ...]], left: int, unit: int) -> int:
    """Insert whole blocks before the last high point while they fit; return the bars that are left."""
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


def _stretch(chosen: list[SectionTemplate], left: int, unit: int, rng: random.Random) -> list[SectionTemplate]:
    """Give the bars that are left to interludes, the intro and the ending, never to a verse or chorus."""
    if chosen[-1].kind != "ending":
        last = chosen[-1]
        if left:
            chosen.append(SectionTemplate("ending", "Ending", min(left, unit)))
            left -= chosen[-1].size
        elif last.size > 1:
            chosen[-1:] = [replace(last, size=last.size - 1), SectionTemplate("ending", "Ending", 1)]
    while left >= max(2, unit):
        kinds = ("verse", "bridge", "breakdown", "ending")
        spots = [i for i in range(2, len(chosen)) if chosen[i].kind in kinds and chosen[i - 1].name != "Interlude"]
        at = rng.choice(spots) if spots else len(chosen) - 1
        chosen.insert(at, SectionTemplate("solo", "Interlude", unit, energy=0.5))
        left -= unit
    if left and chosen[0].kind == "intro":
        half = left // 2
        chosen[0] = replace(chosen[0], size=chosen[0].size + half)
        left -= half
    if left:
        chosen[-1] = replace(chosen[-1], size=chosen[-1].size + left)
    return chosen


def _place(parts: list[SectionTemplate], plan: Plan, bar: float) -> tuple[Section, ...]:
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
    """Return the form with its last chorus and what follows transposed up, in long songs whose key is not given.

    Each movement of a medley has its own key.
    """
    if "medley" in plan.structure:
        thirds = ((s, int(3 * s.start / form.beats)) for s in form.sections)
        return replace(form, sections=tuple(replace(s, lift=MOVEMENTS[third]) for s, third in thirds))
    high = [i for i, section in enumerate(form.sections) if section.kind in energy.HIGH]
    free = any(field == "key" for field, _ in plan.chosen)
    if len(high) < 3 or not free or plan.length_s < LIFT_FROM_S or rng.random() >= often:
        return form
    by = rng.choice((1, 2, 2))
    raised = (replace(s, lift=by) if i >= high[-1] else s for i, s in enumerate(form.sections))
    return replace(form, sections=tuple(raised))
