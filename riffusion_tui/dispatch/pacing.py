"""When to look next at what is being made: few requests, short idle slots. Pure.

A look costs one request, whatever runs. Songs end `running / median` times a second; three looks for each of them
leave a slot idle for a sixth of the mean time between two ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from riffusion_tui.store.values import Usual

LEAST_S, MOST_S = 0.5, 30.0
LOOKS = 3.0
"""Looks for each song that ends."""


def next_look(accepted: Sequence[float], usual: Usual | None, last: float | None, now: float) -> float:
    """Return when to look next, in the clock of `now`.

    Args:
        accepted: when each running job was accepted; at least one.
        usual: how long songs usually take.
        last: when it was last looked, or None.
        now: the time.
    """
    if last is None:
        return now
    if usual is None:
        youngest = max(0.0, now - max(accepted))
        return last + _clamped(0.15 * youngest)
    worth = min(moment + 0.9 * usual.early_s for moment in accepted)
    return max(last + _gap(accepted, usual, now), worth)


def _gap(accepted: Sequence[float], usual: Usual, now: float) -> float:
    spread = usual.late_s - usual.early_s
    tight = max(spread / 6, usual.median_s / 20)
    overdue = min(now - moment for moment in accepted) - usual.late_s
    return _clamped(max(min(usual.median_s / (LOOKS * len(accepted)), tight), 0.1 * overdue))


def _clamped(seconds: float) -> float:
    return min(max(seconds, LEAST_S), MOST_S)
