"""Fitting a form into a number of bars.

Sections have priorities. A short song keeps only the most important, a long one adds whole blocks; the sections keep
their size.
"""

from __future__ import annotations

import random
from dataclasses import replace
from math import log2

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.form import SectionTemplate, last_high

STANDALONE = frozenset({"prechorus", "bridge", "solo", "breakdown", "intro"})
"""Kinds that can be added by themselves; a second verse comes only with its chorus."""


def fit(
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


def fit_whole(parts: tuple[SectionTemplate, ...], bars: int, longest: float) -> tuple[int, list[SectionTemplate]]:
    """Return the unit, and all sections in bars that add up to `bars`: they grow in turn, the ending takes the rest.

    Args:
        parts: the sections, in units.
        bars: of the song.
        longest: bars of a unit, at most.
    """
    while len(parts) > bars:
        parts = (*parts[:-2], parts[-1])
    if sum(part.size for part in parts) > bars:
        parts = tuple(replace(part, size=1) for part in parts)
    units = sum(part.size for part in parts)
    unit = next((unit for unit in (8, 4, 2, 1) if unit <= longest and unit * units <= bars), 1)
    sizes = [part.size * unit for part in parts]
    left = bars - sum(sizes)
    inner = [i for i, part in enumerate(parts) if part.kind not in ("intro", "ending")]
    while inner and left >= unit:
        for i in inner:
            if left >= unit:
                sizes[i] += unit
                left -= unit
    sizes[-1] += left
    return unit, [replace(part, size=size) for part, size in zip(parts, sizes, strict=True)]


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
        at = last_high(chosen)
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


def worth(unit: int, chosen: list[SectionTemplate]) -> float:
    """Rate the form that a unit gives: best are two high points, a high ending, few detours and whole sections."""
    kinds = [part.kind for part in chosen]
    high = sum(kind in energy.HIGH for kind in kinds)
    body = [kind for kind in kinds if kind not in ("ending", "solo", "bridge")]
    ends_high = bool(body) and (body[-1] in energy.HIGH or not high)
    wanders = sum(part.name == "Interlude" for part in chosen) + (chosen[-1].size > 1.5 * unit)
    found = min(high, 2) + 1.5 * ends_high + ("verse" in kinds) - 0.7 * wanders + (kinds.count("ending") == 1)
    return found + 0.9 * log2(unit) - 0.04 * len(chosen)
