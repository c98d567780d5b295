"""Sections -> drum notes: a groove whose lines come in with energy, fills before a new section, crashes on its start."""

from __future__ import annotations

import random

from riffusion_tui.studio.engine.base import Note, Plan, Section
from riffusion_tui.studio.engine.compose import library, steps
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form

# General MIDI percussion, https://www.midi.org/specifications-old/item/gm-level-1-sound-set
HITS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "brush": 40, "floortom": 41, "hat": 42, "pedalhat": 44,
    "lowtom": 45, "openhat": 46, "midtom": 47, "crash": 49, "hightom": 50, "ride": 51, "china": 52, "bell": 53,
    "tambourine": 54, "splash": 55, "cowbell": 56, "crash2": 57, "bongohigh": 60, "bongolow": 61, "congamute": 62,
    "congahigh": 63, "congalow": 64, "timbalehigh": 65, "timbalelow": 66, "agogohigh": 67, "agogolow": 68,
    "cabasa": 69, "maracas": 70, "guiro": 73, "claves": 75, "woodhigh": 76, "woodlow": 77, "triangle": 81,
    "shaker": 82,
}  # fmt: skip


def grooves(plan: Plan) -> tuple[library.Entry, ...]:
    """Grooves that serve a plan's genre and can be played in its meter."""
    family = library.family_of(plan.genre)
    entries = library.serving("grooves.toml", "groove", plan.genre, family)
    meter = f"{plan.meter[0]}/{plan.meter[1]}"
    exact = [e for e in entries if meter in e.words("meters")]
    if not exact and meter != "4/4":
        exact = [e for e in library.table("grooves.toml", "groove") if meter in e.words("meters")]
    if exact:
        return tuple(exact)
    compound = steps.is_compound(plan.meter)
    if compound:
        return tuple(e for e in library.table("grooves.toml", "groove") if "6/8" in e.words("meters"))
    return tuple(e for e in entries if not e.words("meters") or "4/4" in e.words("meters"))


def play(plan: Plan, form: Form, dice: Dice, groove: library.Entry, active: tuple[float, ...]) -> tuple[Note, ...]:
    """All drum notes. `active` is each section's energy for the drums, 0 where they rest."""
    notes: list[Note] = []
    lines = steps.read_lines(groove.text("lines"), int(groove.number("grid", 16)))
    fills = library.serving("grooves.toml", "fill", plan.genre, library.family_of(plan.genre))
    for index, (section, energy) in enumerate(zip(form.sections, active, strict=True)):
        if energy <= 0:
            continue
        chance = dice.of("drums", section.kind, index)
        last = index == len(form.sections) - 1
        following = 0.0 if last else active[index + 1]
        filled = groove.number("fills", 1.0) > 0 and section.bars > 1
        entry = chance.choice(fills)
        begin = active[index - 1] if index else 0.0
        for bar in range(section.bars - 1 if last else section.bars):
            at = section.start + bar * form.bar
            cut = form.bar
            if filled and (bar == section.bars - 1) and (following or last):
                cut = form.bar - _fill(notes, entry, at, form, plan, energy)
            notes += _bar(lines, at, bar, plan, energy, chance, cut)
        if groove.number("crash", 1.0) > 0 and energy >= 0.55 and energy >= begin:
            notes.append(Note(section.start, 1.0, HITS["crash"], 0.5 + 0.4 * energy))
        if last:
            _last_hit(notes, section, form, energy, groove)
    return tuple(notes)


def _bar(
    lines: tuple[steps.Line, ...], at: float, bar: int, plan: Plan, energy: float, chance: random.Random, cut: float
) -> list[Note]:
    notes = []
    for line in lines:
        if not line.low <= energy < line.high:
            continue
        pitch = HITS[line.name]
        for offset, sign in steps.bar_signs(line, bar, plan.meter):
            if offset >= cut - 1e-6 or sign == "-" or (sign == "?" and chance.random() < 0.5):
                continue
            notes += _hits(at + offset, line.step, pitch, sign, energy)
    return notes


def _hits(at: float, step: float, pitch: int, sign: str, energy: float) -> list[Note]:
    velocity = steps.LOUD[sign] * loudness(energy)
    parts = {"~": 2, "%": 3}.get(sign, 1)
    each = step / parts
    return [Note(at + i * each, min(each, 0.25), pitch, velocity * (1 - 0.15 * (i % 2))) for i in range(parts)]


def loudness(energy: float) -> float:
    """How hard a part is played at an energy: 0.45 to 1."""
    return 0.45 + 0.55 * min(1.0, max(0.0, energy))


def _fill(notes: list[Note], entry: library.Entry, at: float, form: Form, plan: Plan, energy: float) -> float:
    """Add a fill at the end of the bar that starts at `at`; returns how many beats of the groove it replaces."""
    lines = steps.read_lines(entry.text("lines"), int(entry.number("grid", 16)))
    span = max(line.span for line in lines)
    length = min(span, form.bar)
    for line in lines:
        if not line.low <= energy < line.high:
            continue
        skip = line.span - length
        for index, sign in enumerate(line.steps):
            offset = index * line.step - skip
            if offset >= -1e-6 and sign not in ".-":
                grow = 0.8 + 0.2 * offset / length
                hits = _hits(at + form.bar - length + offset, line.step, HITS[line.name], sign, energy)
                notes += [Note(n.start, n.length, n.pitch, n.velocity * grow) for n in hits]
    return length


def _last_hit(notes: list[Note], section: Section, form: Form, energy: float, groove: library.Entry) -> None:
    at = section.start + (section.bars - 1) * form.bar
    first = groove.text("last", "kick crash").split()
    notes += [Note(at, 1.0, HITS[name], 0.75 * loudness(energy)) for name in first]
