"""Schedule polls of running jobs, balancing requests against idle slots. Pure.

A poll is one request, however many jobs run. Songs end at a rate of `running / median` per second, and a free slot is
noticed after half a poll interval on average: slots are idle `1 / (2 * polls_per_song * running)` of the time. If an
idle second is worth a fixed number of requests, polls per second grow with the square root of `running`, and polls per
song fall with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

from riffusion_tui.store.usual_duration import UsualDuration

MIN_S, MAX_S = 0.25, 30.0
_MIN_UNKNOWN_S = 0.5
"""The shortest interval while nothing is known of how long songs take."""
_POLLS, _POLLS_ALONE = 2.7, 6.2
"""Polls per finished song: the maximum, and the factor over the square root of running jobs (2.5 with six)."""


def next_poll(accepted: Sequence[float], usual: UsualDuration | None, last: float | None, now: float) -> float:
    """Return when to poll next, on the clock of `now`.

    Args:
        accepted: when each running job was accepted; at least one.
        usual: how long songs usually take.
        last: time of the last poll, or None.
        now: the current time.
    """
    if last is None:
        return now
    if usual is None:
        youngest = max(0.0, now - max(accepted))
        return last + max(_MIN_UNKNOWN_S, _clamped(0.25 * youngest))
    worth = min(moment + 0.9 * usual.early_s for moment in accepted)
    return max(last + _gap(accepted, usual, now), worth)


def _gap(accepted: Sequence[float], usual: UsualDuration, now: float) -> float:
    """Return the poll interval: a fraction of the time between two finished songs, limited by the spread."""
    ages = [max(0.0, now - moment) for moment in accepted]
    # Short songs end first: those still running will take longer than the median.
    running = sum(max(1.5 * age, usual.median_s) for age in ages)
    mean = (usual.songs * usual.median_s + running) / (usual.songs + len(ages))
    tight = max((usual.late_s - usual.early_s) / 6, usual.median_s / 20) if usual.songs > 5 else inf
    overdue = min(ages) - usual.late_s
    polls = min(_POLLS, _POLLS_ALONE / sqrt(len(accepted)))
    return _clamped(max(min(mean / (polls * len(accepted)), tight), 0.1 * overdue))


def _clamped(seconds: float) -> float:
    return min(max(seconds, MIN_S), MAX_S)
