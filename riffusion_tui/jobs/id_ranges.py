"""Numbers of jobs in messages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby


def id_ranges(ids: Iterable[int]) -> str:
    """Return numbers in order, three and more in a row as a range: `1, 2, 4-7`."""
    parts: list[str] = []
    for _, run in groupby(enumerate(sorted(set(ids))), key=lambda numbered: numbered[1] - numbered[0]):
        row = [id for _, id in run]
        parts += [f"{row[0]}-{row[-1]}"] if len(row) > 2 else map(str, row)
    return ", ".join(parts)


def no_jobs(ids: Iterable[int]) -> str:
    """Return a sentence that no jobs have these numbers."""
    given = set(ids)
    return f"No job{'s' if len(given) != 1 else ''} {id_ranges(given)}."
