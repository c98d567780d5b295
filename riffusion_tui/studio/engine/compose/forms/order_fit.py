"""Fitting the sections of a given order into a number of bars.

Verses are equally long, and so are high points and the others; if possible, they have a usual number of bars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import log2

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.form import SectionTemplate, total_size

_UNUSUAL = {
    8: 0.0, 16: 0.0, 4: 0.1, 12: 0.3, 2: 0.5, 6: 0.5, 24: 0.5, 32: 0.5, 20: 0.8, 40: 0.9, 48: 0.9, 64: 0.9, 1: 1.0,
    3: 1.5, 96: 1.5, 128: 1.5, 192: 1.5, 256: 1.5, 384: 1.5, 512: 1.5,
}  # fmt: skip
"""The bars of a section, and the cost of having so many."""
_INTROS = (4, 8, 2, 6, 1, 12)
_SHORT = 4
"""Usual bars of an intro and an ending."""
_UNLIKE, _OTHER_INTRO, _ODD_ENDING, _LONG_ENDING = 0.6, 0.3, 0.15, 1.5
"""The cost of kinds of which one is twice as long as another, of an intro and an ending of twice the usual bars, and of
an ending that is twice as long as that."""
_VERSE, _HIGH, _OTHER = "verse", "high", "other"


def fit_order(parts: tuple[SectionTemplate, ...], bars: int) -> tuple[int, list[SectionTemplate]]:
    """Return the bars of a unit, and all sections, in bars that add up to `bars`; the ending has the rest.

    Args:
        parts: the sections, in units.
        bars: of the song.
    """
    while len(parts) > bars:
        parts = (*parts[:-2], parts[-1])
    opens = parts[:1] if parts[0].kind == "intro" and len(parts) > 1 else ()
    inner, ending = parts[len(opens) : -1], parts[-1]
    intro, sizes = _best(Counter(_group(part) for part in inner), bars, opens=bool(opens))
    made = [
        *(replace(part, size=intro) for part in opens),
        *(replace(part, size=sizes[_group(part)]) for part in inner),
    ]
    unit = max(1, max(sizes.values(), default=1) // 2)
    return unit, [*made, replace(ending, size=bars - total_size(made))]


def _group(part: SectionTemplate) -> str:
    """Return what a section is as long as: the verses, the high points or the others."""
    return _VERSE if part.kind == _VERSE else _HIGH if part.kind in energy.HIGH else _OTHER


def _best(counts: Counter[str], bars: int, *, opens: bool) -> tuple[int, dict[str, int]]:
    """Return the bars of the intro and of the sections of each group that cost least."""
    rated = (
        (_body_cost(sizes, counts) + _outer_cost(intro, room - intro, max(sizes.values(), default=1)), intro, sizes)
        for sizes in _choices(list(counts), counts, bars - 1 - opens)
        for room in [bars - sum(sizes[group] * count for group, count in counts.items())]
        for intro in (_INTROS if opens else (0,))
        if intro < room
    )
    _, intro, sizes = min(rated, key=lambda option: option[0])
    return intro, sizes


def _choices(groups: list[str], counts: Counter[str], room: int) -> Iterator[dict[str, int]]:
    """Yield the sizes of each group with which all fit into so many bars."""
    if not groups:
        yield {}
        return
    first, *others = groups
    least = sum(counts[group] for group in others)
    for size in _UNUSUAL:
        left = room - size * counts[first]
        if left >= least:
            yield from ({first: size, **rest} for rest in _choices(others, counts, left))


def _body_cost(sizes: dict[str, int], counts: Counter[str]) -> float:
    """Return what the sizes cost: verse and chorus are alike, a bridge has as many bars or half of them."""
    main = max((sizes[group] for group in (_VERSE, _HIGH) if group in sizes), default=max(sizes.values(), default=1))
    cost = sum(counts[group] * _UNUSUAL[size] for group, size in sizes.items()) / max(1, counts.total())
    for group, size in sizes.items():
        apart = log2(main / size)
        cost += _UNLIKE * (-2 * apart if apart < 0 else max(0.0, apart - 1) if group == _OTHER else apart)
    return cost


def _outer_cost(intro: int, ending: int, main: int) -> float:
    """Return what intro and ending cost beside sections of `main` bars."""
    usual = min(_SHORT, max(1, main // 2))
    late = log2(ending / usual)
    cost = _OTHER_INTRO * abs(log2(intro / usual)) if intro else 0.0
    return cost + _ODD_ENDING * abs(late) + _LONG_ENDING * max(0.0, late - 1)
