"""Swing: how much a song swings in its meter and with its groove."""

from __future__ import annotations

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.arrangement_style import style_of
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.song_plan import Plan, pulse_of

_EIGHTH = 0.5
_EIGHTHS = 8
"""The grid of eighths."""
_TRIPLETS = 1.0
"""The swing in which the second of two eighths is the third of three."""
_STATED = "% swing"
"""The end of what is recognized if a prompt gives the swing in percent."""


def settled(plan: Plan, groove: catalog.Entry) -> float:
    """Return the swing of a song with a groove.

    Eighths in threes, or in bars of an odd number, don't swing. With drums in triplets, everybody's eighths do fully,
    unless the prompt states how much.
    """
    unit = style_of(plan.genre).swing_unit
    bar = plan.bar
    pulse = pulse_of(plan.meter)
    if (bar if pulse == 1 else pulse) % (2 * unit) > 0:
        return 0.0
    stated = any(term.meaning.endswith(_STATED) for term in plan.understood)
    return _TRIPLETS if unit == _EIGHTH and in_triplets(groove) and not stated else plan.swing


def swings_eighths(plan: Plan) -> bool:
    """Whether a song's eighths swing, so that a pattern in triplets must swing with them."""
    return plan.swing > 0 and style_of(plan.genre).swing_unit == _EIGHTH


def lines_of(entry: catalog.Entry, plan: Plan) -> tuple[steps.PatternLine, ...]:
    """Return the lines of a pattern as a song plays them: in 6/8 or 12/8, the thirds of a beat are its eighths."""
    grid = int(entry.number("grid", 16))
    grid = _EIGHTHS if grid == steps.TRIPLETS and steps.is_compound(plan.meter) else grid
    return steps.read_lines(entry.text("lines"), grid, swung=swings_eighths(plan))


def in_triplets(entry: catalog.Entry) -> bool:
    """Whether a pattern strikes the thirds of beats."""
    if entry.number("grid", 16) != steps.TRIPLETS:
        return False
    lines = steps.read_lines(entry.text("lines"), steps.TRIPLETS)
    return any(sign not in ".-" and place % 3 for line in lines for place, sign in enumerate(line.steps))
