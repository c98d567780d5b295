"""Fitting a form into a number of bars.

Sections have priorities. A short song keeps only the most important, a long one adds whole blocks; the sections keep
their size.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import log2

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.form import SectionTemplate, last_high, total_size, usual_name

_MANY = 4
"""More high points than so many wear out."""
INTERLUDE = "Interlude"
"""Name of a section that only fills a gap."""
_STANDALONE = frozenset({"prechorus", "bridge", "solo", "breakdown", "intro"})
"""Kinds that can be added by themselves; a second verse comes only with its chorus."""
_INTRO_BARS = 4
_EVEN = (16, 8)
_ONCE = frozenset({"prechorus", "bridge", "breakdown"})
"""Kinds that are not repeated immediately: two choruses are one long one, two breakdowns are a mistake."""
_OUT_OF_TURN, _AT_ONCE = 0.25, 3.0
"""The cost of a block that is not the next one, or that is repeated immediately, in units left empty."""


def fit(
    parts: tuple[SectionTemplate, ...],
    more: list[tuple[SectionTemplate, ...]],
    bars: int,
    unit: int,
    rng: random.Random,
    *,
    whole: bool = False,
    sung: bool = True,
) -> list[SectionTemplate]:
    """Return sections in bars that add up to `bars`.

    If sections are `whole`, the ending may be a short one so that another has room. If the song isn't `sung`, only what
    is called a verse is halved.
    """
    kept: dict[int, SectionTemplate] = {}
    for priority in sorted({part.priority for part in parts}):
        group = [i for i, part in enumerate(parts) if part.priority == priority]
        room = bars - total_size(kept.values())
        found = _together(parts, group, kept, room, unit, sung=sung)
        if whole and not found:
            found = _before_a_tag(parts, group, kept, room, unit)
        kept |= found
    left = bars - total_size(kept.values())
    chosen = [kept[index] for index in sorted(kept)]
    if not chosen:
        return _smallest(bars)
    if len(kept) == len(parts) or left >= 2 * unit:
        left = _grow(chosen, more, left, unit)
    return _stretch(chosen, left, unit, rng)


def evened(parts: list[SectionTemplate]) -> list[SectionTemplate]:
    """Return the sections with verses and choruses as long as the shortest of them: if possible, of 16 or 8 bars."""
    main = energy.HIGH | {"verse"}
    shortest = min((part.size for part in parts if part.kind in main), default=0)
    size = next((size for size in _EVEN if size <= shortest), shortest)
    return [replace(part, size=size) if part.kind in main else part for part in parts]


def fit_repeated(parts: tuple[SectionTemplate, ...], bars: int, each: int) -> tuple[int, list[SectionTemplate]]:
    """Return the unit, and sections of `each` bars, all of them as often as they fit; then half of them, if that does.

    A short intro and the ending have the rest. There are no sections if the song has no room for all of them.

    Args:
        parts: the sections.
        bars: of the song.
        each: bars of a section between intro and ending.
    """
    inner = [replace(part, size=each) for part in parts if part.kind not in ("intro", "ending")]
    repeats, left = divmod(bars, each * len(inner)) if inner else (0, 0)
    if not repeats:
        return each, []
    half = len(inner) // 2
    again = inner[half:] if len(inner) % 2 == 0 and left >= half * each else []
    left -= each * len(again)
    intro = _INTRO_BARS if left >= 2 * _INTRO_BARS else 0
    before = [replace(part, size=intro) for part in parts[:1] if part.kind == "intro" and intro]
    left -= total_size(before)
    after = [replace(part, size=left) for part in parts[-1:] if part.kind == "ending" and left]
    chosen = [*before, *inner * repeats, *again, *after]
    return each, chosen if after or not left else [*chosen[:-1], replace(chosen[-1], size=chosen[-1].size + left)]


def _together(
    parts: tuple[SectionTemplate, ...], group: list[int], kept: dict[int, SectionTemplate], room: int, unit: int,
    *, sung: bool,
) -> dict[int, SectionTemplate]:  # fmt: skip
    """Return the sections of one priority: whole, with half a verse, or in place of the intro; else what fits.

    An intro of priority 1 or 2 stays.
    """
    complete = {i: replace(parts[i], size=parts[i].size * unit) for i in group}
    halved = {
        i: replace(part, size=part.size // 2) if _is_halved(parts, parts[i], sung=sung) else part
        for i, part in complete.items()
    }
    for found in (complete, halved):
        if total_size(found.values()) <= room:
            return found
    intro = next((i for i, part in kept.items() if part.kind == "intro" and part.priority > 2), None)
    if intro is not None and len(group) > 1:
        wider = room + kept[intro].size
        for found in (complete, halved):
            if total_size(found.values()) <= wider:
                del kept[intro]
                return found
    alone: dict[int, SectionTemplate] = {}
    for i, part in complete.items():
        fits = part.size <= room - sum(p.size for p in alone.values())
        if fits and (part.priority <= 3 or part.kind in _STANDALONE):
            alone[i] = part
    return alone


def _is_halved(parts: tuple[SectionTemplate, ...], part: SectionTemplate, *, sung: bool) -> bool:
    """Whether a section may be half as long: a verse, but no part of a tune that is played, and no A of AABA."""
    others = {other.kind for other in parts if other.name == part.name} - {part.kind}
    return part.kind == "verse" and part.size % 2 == 0 and not others and (sung or part.name == usual_name("verse"))


def _before_a_tag(
    parts: tuple[SectionTemplate, ...], group: list[int], kept: dict[int, SectionTemplate], room: int, unit: int
) -> dict[int, SectionTemplate]:
    """Return the first section of a group, with a shorter ending or without the intro if it has room only then."""
    part = replace(parts[group[0]], size=parts[group[0]].size * unit)
    end = next((i for i, other in kept.items() if other.kind == "ending"), None)
    intro = next((i for i, other in kept.items() if other.kind == "intro" and other.priority > 1), None)
    short = part.size - room
    if end is None or short < 0:
        return {}
    if short >= kept[end].size and intro is not None:
        short = max(0, short - kept[intro].size)
        if short >= kept[end].size:
            return {}
        del kept[intro]
    return {group[0]: part, end: replace(kept[end], size=kept[end].size - short)} if short < kept[end].size else {}


def _smallest(bars: int) -> list[SectionTemplate]:
    ending = SectionTemplate("ending", "Ending", 1)
    return [SectionTemplate("chorus", "Chorus", bars - 1), ending] if bars > 1 else [ending]


def _grow(chosen: list[SectionTemplate], more: list[tuple[SectionTemplate, ...]], left: int, unit: int) -> int:
    """Insert the blocks that fill `left` bars best before the last high point; return the bars that are left."""
    at = last_high(chosen)
    blocks = [tuple(replace(part, size=part.size * unit) for part in block) for block in more]
    added = [part for block in _filling(blocks, left, unit, chosen[at - 1], chosen[at]) for part in block]
    chosen[at:at] = added
    return left - total_size(added)


def _filling(
    blocks: Sequence[tuple[SectionTemplate, ...]], left: int, unit: int, before: SectionTemplate, after: SectionTemplate
) -> list[tuple[SectionTemplate, ...]]:
    """Return blocks, in turn if possible, that leave the fewest of `left` bars and repeat no section immediately.

    `before` and `after` are the sections between which they come.
    """
    sizes = [total_size(block) for block in blocks]

    @cache
    def best(room: int, last: int) -> tuple[float, tuple[int, ...]]:
        previous = blocks[last][-1] if last >= 0 else before
        options: list[tuple[float, tuple[int, ...]]] = [(room + unit * _repeats(previous, after), ())]
        for turn, block in enumerate(blocks):
            if sizes[turn] <= room:
                cost, rest = best(room - sizes[turn], turn)
                late = _OUT_OF_TURN if turn != (last + 1) % len(blocks) else 0.0
                whole = any(part.kind in energy.HIGH for part in block)
                again = _AT_ONCE if turn == last and not whole and len(blocks) > 1 else _repeats(previous, block[0])
                options.append((cost + unit * (late + again), (turn, *rest)))
        return min(options)

    return [blocks[turn] for turn in best(left, -1)[1]]


def _repeats(one: SectionTemplate, other: SectionTemplate) -> float:
    """Return the cost of repeating a section immediately."""
    return _AT_ONCE if one.kind == other.kind and one.kind in _ONCE else 0.0


def _stretch(chosen: list[SectionTemplate], left: int, unit: int, rng: random.Random) -> list[SectionTemplate]:
    """Give the bars that are left to interludes, the intro and the ending, never to a verse or chorus.

    What is still more than that is another solo, or the last high point again. The intro gets an even number of bars:
    nobody counts in for five.
    """
    if chosen[-1].kind != "ending":
        last = chosen[-1]
        if left:
            chosen.append(SectionTemplate("ending", "Ending", min(left, unit)))
            left -= chosen[-1].size
        elif last.size > 1:
            chosen[-1:] = [replace(last, size=last.size - 1), SectionTemplate("ending", "Ending", 1)]
    while left >= max(2, unit):
        spots = [i for i in range(2, len(chosen)) if _takes_interlude(chosen[i - 1], chosen[i])]
        if not spots and not any(part.name == INTERLUDE for part in chosen):
            spots = [last_high(chosen)]
        if not spots:
            break
        chosen.insert(rng.choice(spots), SectionTemplate("solo", INTERLUDE, unit, energy=0.5))
        left -= unit
    if left >= 2 * unit:
        at = next((i for i, part in enumerate(chosen) if part.name == usual_name("solo")), last_high(chosen))
        chosen.insert(at, replace(chosen[at], size=min(chosen[at].size, left)))
        left -= chosen[at].size
    if left > 1 and chosen[0].kind == "intro":
        even = min(left - left % 2, max(2, chosen[0].size // 2))
        chosen[0] = replace(chosen[0], size=chosen[0].size + even)
        left -= even
    if left:
        chosen[-1] = replace(chosen[-1], size=chosen[-1].size + left)
    return chosen


def _takes_interlude(before: SectionTemplate, after: SectionTemplate) -> bool:
    """Whether an interlude suits between two sections: after a verse or a high point, and never before the end."""
    sung = before.kind in energy.HIGH or before.kind == "verse"
    return sung and after.kind in ("verse", "bridge", "breakdown") and before.name != after.name


def worth(unit: int, chosen: list[SectionTemplate]) -> float:
    """Rate the form that a unit gives: best are two high points, a high ending, few detours and whole sections."""
    kinds = [part.kind for part in chosen]
    high = sum(kind in energy.HIGH for kind in kinds)
    body = [kind for kind in kinds if kind not in ("ending", "solo", "bridge")]
    ends_high = bool(body) and (body[-1] in energy.HIGH or not high)
    wanders = sum(part.name == INTERLUDE for part in chosen) + (chosen[-1].size > 1.5 * unit)
    found = min(high, 2) + 1.5 * ends_high + ("verse" in kinds) - 0.7 * wanders + (kinds.count("ending") == 1)
    return found + 0.9 * log2(unit) - 0.04 * len(chosen)


def roundness(unit: int, chosen: list[SectionTemplate]) -> float:
    """Rate what a song has room for if it isn't short: an intro, a second verse, sections of whole units."""
    kinds = [part.kind for part in chosen]
    high = sum(kind in energy.HIGH for kind in kinds)
    found = 0.8 * (kinds.count("verse") > 1) + 0.4 * (kinds[0] == "intro") - 0.15 * max(0, high - _MANY)
    return found - 0.7 * (kinds[-2:-1] in (["solo"], ["bridge"])) - 0.4 * _uneven(unit, chosen)


def _uneven(unit: int, chosen: list[SectionTemplate]) -> int:
    """Return how many sections are no whole units, are repeated immediately, or are verses shorter than the last."""
    verses = [part.size for part in chosen if part.kind == "verse"]
    cut = sum(later < size for size, later in pairwise(verses))
    again = sum(one.kind == other.kind and one.kind in _ONCE for one, other in pairwise(chosen))
    return cut + again + sum(part.size % unit > 0 for part in chosen)
