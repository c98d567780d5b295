"""The sections that a prompt asks for without giving their order, and those of them that a song has room for."""

from __future__ import annotations

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import ABOUT, BARS_OF, ORDER, TWELVE_BARS, UNSUNG_KINDS, WITHOUT

_KINDS = ("solo", "bridge", "breakdown", "intro")
"""Kinds of sections that a prompt can ask for; those that a short song has room for first."""
FEWEST_BARS = 2
"""Bars of a section, at least."""
ENDING_BARS = 1
_TWELVE = 12


def requested_kinds(plan: Plan) -> tuple[str, ...]:
    """Return the kinds of sections that the prompt asks for; none if it gives an order or the form is locked."""
    if plan.locks.form or any(hint.startswith(ORDER) for hint in plan.structure):
        return ()
    named = {hint.split()[-1] for hint in plan.structure if not hint.startswith(WITHOUT)}
    return tuple(kind for kind in _KINDS if kind in named.difference(_never_played(plan)))


def main_bars(plan: Plan) -> int:
    """Return how many bars a verse or chorus has at least, beside the sections that the prompt asks for."""
    return _TWELVE if TWELVE_BARS in plan.structure else FEWEST_BARS


def kinds_with_room(plan: Plan, bars: int) -> tuple[str, ...]:
    """Return the requested kinds that a song of so many bars has room for, beside a verse or chorus and an ending."""
    room = bars - main_bars(plan) - ENDING_BARS
    return requested_kinds(plan)[: max(0, room // FEWEST_BARS)]


def stated_bars(plan: Plan) -> dict[str, int]:
    """Return the bars that the prompt gives kinds of sections, counted, or by calling them long or short.

    A section that is called long has a quarter of a short song, at most.
    """
    most = max(FEWEST_BARS, round(plan.length_s * plan.bpm / 60 / plan.bar / 4))
    sized = {kind: min(int(bars.removeprefix(ABOUT)), most) for kind, bars in _hinted_bars(plan) if bars[0] == ABOUT}
    return sized | counted_bars(plan)


def counted_bars(plan: Plan) -> dict[str, int]:
    """Return the bars that the prompt counts."""
    return {kind: int(bars) for kind, bars in _hinted_bars(plan) if bars[0] != ABOUT}


def _hinted_bars(plan: Plan) -> list[list[str]]:
    found = [hint.removeprefix(BARS_OF).split(": ") for hint in plan.structure if hint.startswith(BARS_OF)]
    return [one for one in found if one[0] not in _never_played(plan)]


def _never_played(plan: Plan) -> tuple[str, ...]:
    """Return the kinds of sections that a singer who is alone can't have: nobody would sound in them."""
    return UNSUNG_KINDS if plan.cast == (LONE_SINGER,) else ()
