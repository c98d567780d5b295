"""Functions that run inside the scheduler's process; Dask passes itself as `dask_scheduler`."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

METADATA = "riffusion-tui"
"""Where studios store their versions in the scheduler's metadata, by client."""

DASHBOARD_HOST = "riffusion-tui-dashboard-host"
"""Where this program's scheduler stores the address that its dashboard listens on."""


class Census(NamedTuple):
    """The renderers of a cluster."""

    fitting: int
    """Number of renderers with the caller's versions."""
    others: tuple[dict[str, str], ...]
    """The versions of those that have others; empty for a worker that riffusion-tui did not start."""


def census(label: str, dask_scheduler: Any = None) -> Census:
    """Count the renderers that offer the resource `label`, and list the versions of all others."""
    running = [one for one in dask_scheduler.workers.values() if one.status.name == "running"]
    others = [one for one in running if label not in one.resources]
    return Census(len(running) - len(others), tuple(dict(one.extra.get(METADATA, {})) for one in others))


def studio_versions(dask_scheduler: Any = None) -> list[dict[str, str]]:
    """Return the versions of all studios that are connected."""
    known = dask_scheduler.task_metadata.get(METADATA, {})
    return [dict(versions) for client, versions in known.items() if client in dask_scheduler.clients]


def counted(number: int, noun: str) -> str:
    """Return `1 renderer`, `2 renderers`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def grouped(others: tuple[dict[str, str], ...]) -> list[tuple[dict[str, str], int]]:
    """Group equal versions, most frequent first."""
    counted = Counter(tuple(sorted(versions.items())) for versions in others)
    return [(dict(versions), number) for versions, number in counted.most_common()]
