"""Queue positions for moved jobs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from riffusion_tui.jobs.model import Job


class QueuePlace(StrEnum):
    """Where `JobCommands.move` puts jobs in the queue."""

    TOP = "top"
    UP = "up"
    DOWN = "down"
    BOTTOM = "bottom"


def positions(order: Sequence[Job], wanted: set[int], where: QueuePlace) -> dict[int, float]:
    """Return the new positions of the moved jobs, and of those that make room."""
    chosen = [job for job in order if job.id in wanted]
    if not chosen:
        return {}
    if where == QueuePlace.TOP:
        first = order[0].position - len(chosen)
        return {job.id: first + place for place, job in enumerate(chosen)}
    if where == QueuePlace.BOTTOM:
        last = order[-1].position + 1
        return {job.id: last + place for place, job in enumerate(chosen)}
    line = list(order) if where == QueuePlace.UP else list(reversed(order))
    places = [job.position for job in line]
    for at in range(1, len(line)):
        if line[at].id in wanted and line[at - 1].id not in wanted:
            line[at - 1], line[at] = line[at], line[at - 1]
    return {job.id: place for job, place in zip(line, places, strict=True) if job.position != place}
