"""Giving sections the bars that a prompt states, in a song that is about as long as without them."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import energy
from riffusion_tui.studio.engine.compose.form import SectionTemplate, last_high, total_size, usual_name
from riffusion_tui.studio.engine.compose.forms.form_fit import INTERLUDE
from riffusion_tui.studio.engine.requested_sections import FEWEST_BARS, stated_bars
from riffusion_tui.studio.engine.song_plan import Plan

_NEAR = 0.15
"""How far the song may be from the usual length, as a share of it."""
_PHRASE = 4
"""Bars that are left over for an interlude, at least, and of an ending of its own, at most."""
_DETOURS = ("solo", "prechorus", "breakdown", "bridge")
"""Kinds of sections that are left out first if the prompt gives them no bars."""


def with_stated_bars(parts: list[SectionTemplate], plan: Plan, *, exact: bool, ordered: bool) -> list[SectionTemplate]:
    """Return sections, with sizes in bars, that have the bars which the prompt states; about as long as `parts`.

    Args:
        parts: the song's sections.
        plan: the song's.
        exact: the song has exactly as many bars as `parts`.
        ordered: the prompt gives the sections, so that none is left out or added.
    """
    stated = stated_bars(plan)
    if not stated:
        return parts
    bars = total_size(parts)
    found = [_sized(part, stated) for part in parts]
    if not ordered:
        found = _with_all(found, stated)
        _leave_out(found, stated, bars if exact else round(bars * (1 + _NEAR)))
        _repeat(found, bars if exact else round(bars * (1 + _NEAR)))
    if exact:
        return _level(found, stated, bars)
    last = found[-1]
    return [*found[:-1], last if last.kind in stated else replace(last, size=min(last.size, _PHRASE))]


def _sized(part: SectionTemplate, stated: dict[str, int]) -> SectionTemplate:
    """Return a section with its stated bars; a riff or a break between verses is no solo."""
    own = part.kind != "solo" or part.name == usual_name("solo")
    return replace(part, size=stated.get(part.kind, part.size)) if own else part


def _with_all(parts: list[SectionTemplate], stated: dict[str, int]) -> list[SectionTemplate]:
    """Return the sections with one of each stated kind."""
    found = list(parts)
    for kind, size in stated.items():
        there = any(part.kind == kind and (kind != "solo" or part.name == usual_name(kind)) for part in found)
        if there:
            continue
        at = {"intro": 0, "ending": len(found)}.get(kind, last_high(found) if len(found) > 1 else 0)
        found.insert(at, SectionTemplate(kind, usual_name(kind), size))
    return found


def bars_of(parts: list[SectionTemplate]) -> int:
    """Return the bars of all sections together."""
    return total_size(parts)


def _leave_out(parts: list[SectionTemplate], stated: dict[str, int], most: int) -> None:
    """Leave out sections until the song has at most so many bars: detours, then repeated verses and high points."""
    while bars_of(parts) > most:
        at = next(iter((*_spare(parts, stated), *_repeated(parts))), None)
        if at is None:
            return
        del parts[at]


def _spare(parts: list[SectionTemplate], stated: dict[str, int]) -> list[int]:
    return [
        i
        for kind in _DETOURS
        for i in reversed(range(len(parts)))
        if parts[i].kind == kind and (kind not in stated or parts[i].name != usual_name(kind))
    ]


def _repeated(parts: list[SectionTemplate]) -> list[int]:
    """Return the places of sections whose kind is there more often, those of the most frequent kind first.

    The first of its kind stays; of verses and high points also the last, if others can go.
    """
    kinds = [part.kind for part in parts]
    again = [i for i, kind in enumerate(kinds) if kinds.index(kind) < i]
    last = last_high(parts) if len(parts) > 1 else 0

    def joins(i: int) -> bool:
        """Whether two sections of a kind would follow each other."""
        return kinds[i - 1 : i] == kinds[i + 1 : i + 2] and kinds[i - 1 : i] != [kinds[i]]

    return sorted(again, key=lambda i: (i >= last, joins(i), -kinds.count(kinds[i]), -i))


def _repeat(parts: list[SectionTemplate], most: int) -> None:
    """Repeat the verse with its high point before the last one, as often as the song has room for it."""
    first = next((i for i, part in enumerate(parts) if part.kind == "verse"), None)
    high = next((i for i, part in enumerate(parts) if part.kind in energy.HIGH and i > (first or 0)), first)
    mains = [parts[i] for i in dict.fromkeys((first, high)) if i is not None]
    if not mains:
        return
    while bars_of(parts) + bars_of(mains) <= most:
        at = (high if high is not None else 0) + 1
        parts[at:at] = mains


def _level(parts: list[SectionTemplate], stated: dict[str, int], bars: int) -> list[SectionTemplate]:
    """Return the sections with exactly so many bars: those without a stated size change, then the others."""
    found = list(parts)
    free = [i for i, part in enumerate(found) if part.kind not in stated]
    for places, fewest in ((free, FEWEST_BARS), (free, 1), (range(len(found)), 1)):
        for i in sorted(places, key=lambda i: -found[i].size):
            over = bars_of(found) - bars
            if over > 0 and found[i].size > fewest:
                found[i] = replace(found[i], size=max(fewest, found[i].size - over))
    while bars_of(found) > bars and len(found) > 1:
        del found[-2]
    left = bars - bars_of(found)
    if left >= _PHRASE or (left and not free):
        found.insert(last_high(found) if len(found) > 1 else 0, SectionTemplate("solo", INTERLUDE, left, energy=0.5))
    elif left:
        found[free[-1]] = replace(found[free[-1]], size=found[free[-1]].size + left)
    return found
