"""Compute a new sort order or filter in slices, while the previous one is still shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import islice

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.state.job_list.sorted_ids import Key, SortedIds

SLICE = 2000
"""Jobs per slice, which takes a few milliseconds."""

Placing = Callable[[Job], Key]
Passing = Callable[[Job], bool]


def everything(job: Job) -> bool:
    """Match every job."""
    return True


def order_of(jobs: dict[int, Job], placing: Placing) -> SortedIds:
    """Return an empty list sorted by the order, using `jobs`."""
    return SortedIds(lambda id: placing(jobs[id]))


class IncrementalSort:
    """A new order. Call `work` until it returns False, then use `whole` and `shown`."""

    def __init__(
        self,
        jobs: dict[int, Job],
        standing: SortedIds,
        placing: Placing,
        passes: Passing,
        *,
        sort: bool,
        still: Placing | None = None,
    ) -> None:
        """Create it.

        Args:
            jobs: jobs by id, which may change meanwhile.
            standing: the order so far.
            placing: what jobs are sorted by.
            passes: which of them are shown.
            sort: another order; else only another filter.
            still: `placing` as it was at the beginning, if it depends on more than the job.
        """
        self.placing, self.passes, self.sort = placing, passes, sort
        self.touched: set[int] = set()
        """Jobs that changed since the start."""
        self.whole = order_of(jobs, placing) if sort else standing
        self.shown = self.whole if passes is everything else order_of(jobs, placing)
        """The same list as `whole`, unless a filter hides some jobs."""
        self._jobs = jobs
        self._still = still or placing
        self._steps = self._worked_out()

    def work(self) -> bool:
        """Compute the next slice; return False if nothing is left."""
        return next(self._steps, False)

    def _worked_out(self) -> Iterator[bool]:
        jobs: Iterable[Job] = ()
        if self.sort:
            runs: list[list[Job]] = []
            for piece in _slices(list(self._jobs.values())):
                runs.append(sorted(piece, key=self._still))
                if len(piece) == SLICE:
                    yield True
            jobs = merge(*runs, key=self._still)
        elif self.shown is not self.whole:
            jobs = (job for id in self.whole.ids.copy() if (job := self._jobs.get(id)) is not None)
        for piece in _slices(jobs):
            if self.sort:
                self.whole.ids += [job.id for job in piece]
            if self.shown is not self.whole:
                self.shown.ids += [job.id for job in piece if self.passes(job)]
            if len(piece) == SLICE:
                yield True
        if self.touched:
            self._catch_up()

    def _catch_up(self) -> None:
        """Move the jobs that changed in the meantime to their current places."""
        there = [id for id in self.touched if id in self._jobs]
        if self.sort:
            self._put(self.whole, there)
        if self.shown is not self.whole:
            self._put(self.shown, [id for id in there if self.passes(self._jobs[id])])
        self.touched.clear()

    def _put(self, order: SortedIds, ids: list[int]) -> None:
        order.ids = [id for id in order.ids if id not in self.touched]
        order.put(ids)


def _slices(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    rest = iter(jobs)
    while piece := list(islice(rest, SLICE)):
        yield piece
