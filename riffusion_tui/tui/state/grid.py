"""Arrange the songs of a prompt matrix in a grid; its dimensions are derived from the prompts.

In a matrix's prompts the last alternatives change fastest. So the prompts form rows of equal length that differ only at
the end, and all rows have the same endings: these are the last dimension, and the rest is a smaller matrix. Whole words
are compared: alternatives without a space between them (`{a|b}{c|d}`) are one dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product, takewhile
from typing import NamedTuple

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.state.job_list.batch_words import is_key

_Words = tuple[str, ...]


class Grid(NamedTuple):
    """A table of jobs."""

    rows: tuple[str, ...]
    """Row labels; with more than two dimensions, all but the last are joined."""
    columns: tuple[str, ...]
    """Column labels; a single empty text if there is only one dimension."""
    cells: tuple[tuple[tuple[int, ...], ...], ...]
    """Job ids of each cell, row by row: the takes of one prompt."""


def grid_of(jobs: Iterable[Job]) -> Grid:
    """Return the grid of a batch's jobs; without a matrix it has one column."""
    ordered = sorted(jobs, key=lambda one: one.id)
    services = list(dict.fromkeys(job.service for job in ordered))
    takes: dict[str, list[int]] = {}
    for job in sorted(ordered, key=lambda one: services.index(one.service)):
        name = f"@{job.service} {job.prompt}" if len(services) > 1 else job.prompt
        takes.setdefault(name, []).append(job.id)
    found = dimensions(tuple(takes))
    *rest, last = found if len(found) > 1 else (*found, ("",))
    cells = [tuple(ids) for ids in takes.values()]
    wide = len(last)
    return Grid(
        rows=tuple(" / ".join(label for label in labels if label) for labels in product(*rest)),
        columns=last,
        cells=tuple(tuple(cells[at : at + wide]) for at in range(0, len(cells), wide)),
    )


def dimensions(prompts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the alternatives of each dimension of the matrix that yields these distinct prompts, in order.

    Prompts that aren't a matrix are one dimension; no prompts are an empty one.
    """
    texts: list[_Words] = [tuple(prompt.split()) for prompt in prompts]
    found: list[tuple[str, ...]] = []
    while (step := _last_dimension(texts)) is not None:
        heads, ends = step
        found.insert(0, _labels(ends))
        texts = heads
    return (_labels(texts), *found)


def _last_dimension(texts: Sequence[_Words]) -> tuple[list[_Words], list[_Words]] | None:
    """Return the smaller matrix and the endings shared by all rows; None if there is only one dimension."""
    for wide in range(2, len(texts) // 2 + 1):
        if len(texts) % wide:
            continue
        rows = [texts[at : at + wide] for at in range(0, len(texts), wide)]
        heads = [row[0][: _shared(row)] for row in rows]
        ends = [text[len(heads[0]) :] for text in rows[0]]
        if all([text[len(head) :] for text in row] == ends for head, row in zip(heads, rows, strict=True)):
            return heads, ends
    return None


def _labels(texts: Sequence[_Words]) -> tuple[str, ...]:
    """Return the texts without their common first and last words."""
    if len(texts) < 2:
        return tuple(" ".join(text) for text in texts)
    start = _shared(texts)
    left = [text[start:] for text in texts]
    end = _shared([text[::-1] for text in left])
    if end and all(len(text) > end and is_key(text[-end - 1], text[-end]) for text in left):
        end -= 1
    return tuple(" ".join(text[: len(text) - end]).strip(" ,;") for text in left)


def _shared(texts: Sequence[_Words]) -> int:
    """Return the number of common first words."""
    return sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*texts, strict=False)))


def shown_take(jobs: Sequence[Job]) -> Job:
    """Return a cell's job: the kept take, otherwise the first finished one; rejected takes come last."""
    return min(jobs, key=lambda job: (job.verdict != "keep", job.status is not Status.DONE, job.verdict == "reject"))
