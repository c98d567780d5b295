"""When to look next at what is being made: few requests, short idle slots. Pure.

A look costs one request, whatever runs. Songs end `running / median` times a second, and a slot that is free stays free
for half the time between two looks: for `1 / (2 * looks * running)` of all time, with so many looks for each song. An
idle second is worth as many requests however many songs run: then looks a second grow with the root of `running`, and
looks for each song fall with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from riffusion_tui.store.records import UsualDuration

FOREVER = float("inf")
LEAST_S, MOST_S = 0.5, 30.0
LOOKS, LOOKS_ALONE = 2.7, 6.2
"""Looks for each song that ends: at most, and over the root of how many run (2.5 while six do)."""


def next_look(accepted: Sequence[float], usual: UsualDuration | None, last: float | None, now: float) -> float:
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
        return last + _clamped(0.25 * youngest)
    worth = min(moment + 0.9 * usual.early_s for moment in accepted)
    return max(last + _gap(accepted, usual, now), worth)


def _gap(accepted: Sequence[float], usual: UsualDuration, now: float) -> float:
    """Return the time between two looks: a share of the time between two ends, no more than the spread allows."""
    ages = [max(0.0, now - moment) for moment in accepted]
    # The first to end are the short ones: those that still run will have taken longer.
    running = sum(max(1.5 * age, usual.median_s) for age in ages)
    mean = (usual.songs * usual.median_s + running) / (usual.songs + len(ages))
    tight = max((usual.late_s - usual.early_s) / 6, usual.median_s / 20) if usual.songs > 5 else FOREVER
    overdue = min(ages) - usual.late_s
    looks = min(LOOKS, LOOKS_ALONE / sqrt(len(accepted)))
    return _clamped(max(min(mean / (looks * len(accepted)), tight), 0.1 * overdue))


def _clamped(seconds: float) -> float:
    return min(max(seconds, LEAST_S), MOST_S)
