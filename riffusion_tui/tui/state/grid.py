"""The songs of a prompt matrix as a table: its dimensions are worked out of the prompts themselves.

A matrix gives its prompts in order, the last alternatives changing fastest. So the prompts fall into rows of equal
length in which only the end differs, and every row has the same ends: they are the last dimension, and what stands
before them is a smaller matrix. Words are compared, not letters: alternatives without a space between them
(`{a|b}{c|d}`) are one dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product, takewhile
from typing import NamedTuple

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status

_Words = tuple[str, ...]


class Grid(NamedTuple):
    """A table of jobs."""

    rows: tuple[str, ...]
    """What differs from row to row; of more than two dimensions all but the last, joined."""
    columns: tuple[str, ...]
    """What differs from column to column; one empty text where there is one dimension only."""
    cells: tuple[tuple[tuple[int, ...], ...], ...]
    """Row by row, the ids of a cell's jobs: the takes of one prompt."""


def grid_of(jobs: Iterable[Job]) -> Grid:
    """Return the table of a batch's jobs; jobs that are no matrix are a list."""
    takes: dict[str, list[int]] = {}
    for job in sorted(jobs, key=lambda one: one.id):
        takes.setdefault(job.prompt, []).append(job.id)
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
    """Return the alternatives of each choice of the matrix that gives these different prompts, in order.

    Prompts that are the product of no choices are one dimension; no prompts are an empty one.
    """
    texts: list[_Words] = [tuple(prompt.split()) for prompt in prompts]
    found: list[tuple[str, ...]] = []
    while (step := _last_dimension(texts)) is not None:
        heads, ends = step
        found.insert(0, _labels(ends))
        texts = heads
    return (_labels(texts), *found)


def _last_dimension(texts: Sequence[_Words]) -> tuple[list[_Words], list[_Words]] | None:
    """Return the smaller matrix and the ends that every row of it has; None where there is one dimension."""
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
    """Return what differs, without the words that all begin or end with."""
    if len(texts) < 2:
        return tuple(" ".join(text) for text in texts)
    start = _shared(texts)
    left = [text[start:] for text in texts]
    end = _shared([text[::-1] for text in left])
    return tuple(" ".join(text[: len(text) - end]).strip(" ,;") for text in left)


def _shared(texts: Sequence[_Words]) -> int:
    """Return how many words all texts begin with."""
    return sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*texts, strict=False)))


def shown_take(jobs: Sequence[Job]) -> Job:
    """Return the job that stands for a cell: the kept take, else the first finished one, rejected ones last."""
    return min(jobs, key=lambda job: (job.verdict != "keep", job.status is not Status.DONE, job.verdict == "reject"))
