"""The jobs in their shown order: filter and sort order.

A change moves only the changed job, so 100,000 jobs are no problem. A new order or filter is computed in slices and
replaces the previous one when it is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from riffusion_tui.jobs.filter import Sort, compile_filter, sort_key, with_account_ids
from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.state.job_list.batch_words import BatchWords
from riffusion_tui.tui.state.job_list.incremental_sort import IncrementalSort, Passing, Placing, everything, order_of
from riffusion_tui.tui.state.job_list.live_order import LiveOrder, batch_of
from riffusion_tui.tui.state.job_list.sorted_ids import Key, Shift

LIVE = "live"
"""The default order: see `LiveOrder`."""
ORDERS: tuple[str, ...] = (LIVE, *(str(sort) for sort in Sort))

RequestKey = tuple[str, str | None, str | None]


class _Moves(NamedTuple):
    """Ids that an update keeps in place, removes from an order, and inserts into it."""

    stay: list[int]
    leave: list[int]
    enter: list[int]


class ArrangedJobs:
    """Jobs by id, in display order."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.sort = LIVE
        self.filter = ""
        self.follow = False
        self.touched = False
        """Whether order, filter, marks or selection have changes that aren't shown yet."""
        self.words = BatchWords(self.jobs)
        """What differs between the prompts of a batch."""
        self._same_request: tuple[RequestKey, list[Job]] | None = None
        """Cached result of `same_request`, until one of its jobs changes."""
        self._live = LiveOrder(self.jobs)
        self._used = IncrementalSort(
            self.jobs, order_of(self.jobs, self._live.key), self._live.key, everything, sort=False
        )
        """The current order and filter."""
        self._arranging: IncrementalSort | None = None
        """The new order and filter, while incomplete."""

    # -- content

    @property
    def order(self) -> list[int]:
        """Ids of the shown jobs, top first."""
        return self._used.shown.ids

    def __len__(self) -> int:
        return len(self.order)

    def at(self, row: int) -> Job:
        """Return the job in `row`."""
        return self.jobs[self.order[row]]

    def known(self, ids: Iterable[int]) -> list[Job]:
        """Return those of the jobs that aren't deleted."""
        return [self.jobs[id] for id in ids if id in self.jobs]

    def row_of(self, id: int | None) -> int | None:
        """Return a job's row, or None if the filter hides it."""
        return self._used.shown.row(id) if id in self.jobs and id is not None else None

    def same_request(self, job: Job) -> list[Job]:
        """Return the jobs of the same prompt (edits: of the same edit of the same song), oldest first."""
        request = _request_of(job)
        if self._same_request is None or self._same_request[0] != request:
            prompt = job.prompt  # compared first, for speed with 100,000 jobs
            same = [one for one in self.jobs.values() if one.prompt == prompt and _request_of(one) == request]
            self._same_request = request, sorted(same, key=lambda one: one.id)
        return self._same_request[1]

    def ended_batch(self, job: Job) -> list[Job]:
        """Return the jobs of a job's batch if all have ended; else none."""
        if self._live.is_active(job.batch):
            return []
        return [job, *batch_of(job, self.jobs)]

    # -- changes from the store

    def update(self, changed: Iterable[Job], deleted: Iterable[int] = ()) -> Shift:
        """Apply changes from the store."""
        fresh = {job.id: job for job in changed}
        now: dict[int, Job | None] = {id: None for id in deleted if id in self.jobs and id not in fresh}
        now.update(fresh)
        for id in self._live.plan(now):
            if id in self.jobs:
                now.setdefault(id, self.jobs[id])
        if self._arranging is not None:
            self._arranging.touched.update(now)
        return self._shift(now)

    def _shift(self, now: Mapping[int, Job | None]) -> Shift:
        """Update jobs (None: removed) and their places; return the effect on the shown rows."""
        orders = [(self._used.whole, self._moves(now, everything))]
        if self._used.shown is not self._used.whole:
            orders.append((self._used.shown, self._moves(now, self._used.passes)))
        taken = [order.take(moves.leave) for order, moves in orders]
        self._learn(now)
        self._live.apply()
        put = [order.put(moves.enter) for order, moves in orders]
        rows = [row for id in orders[-1][1].stay if (row := self._used.shown.row(id)) is not None]
        return Shift(tuple(rows), min((row for row in (taken[-1], put[-1]) if row is not None), default=None))

    def _moves(self, now: Mapping[int, Job | None], passes: Passing) -> _Moves:
        moves = _Moves([], [], [])
        for id, job in now.items():
            was, stands = self._key(self.jobs.get(id), passes), self._key(job, passes, after=True)
            if was == stands:
                if was is not None:
                    moves.stay.append(id)
                continue
            if was is not None:
                moves.leave.append(id)
            if stands is not None:
                moves.enter.append(id)
        return moves

    def _key(self, job: Job | None, passes: Passing, *, after: bool = False) -> Key | None:
        """Return a job's sort key, now or after this update; None if it is not shown."""
        if job is None or not passes(job):
            return None
        live = after and self._used.placing == self._live.key
        return self._live.key_after(job) if live else self._used.placing(job)

    def _learn(self, now: Mapping[int, Job | None]) -> None:
        for id, job in now.items():
            before = self.jobs.get(id)
            if self._same_request is not None and any(
                one and one.prompt == self._same_request[0][0] for one in (before, job)
            ):
                self._same_request = None
            for one in (before, job):
                if one is not None and (before is None or job is None or before.prompt != job.prompt):
                    self.words.forget(one.batch)
            if job is not None:
                self.jobs[id] = job
            else:
                del self.jobs[id]

    # -- filter and order

    def set_filter(
        self, text: str, now: float, names: Mapping[str, str] = MappingProxyType({}), held: Passing | None = None
    ) -> None:
        """Set the filter. Raises `FilterError` and changes nothing if it is invalid.

        For a long list, the new filter is complete only after calling `arrange` until it returns False.

        Args:
            text: the filter.
            now: seconds since the epoch.
            names: nicknames of accounts, by id.
            held: whether a queued job is held by a problem; always the same for the same job.
        """
        passes = compile_filter(with_account_ids(text, names), now, held) if text.strip() else everything
        self.filter = text.strip()
        wanted = self._arranging
        if wanted is not None and wanted.sort:
            self._begin(self._sorted(wanted.placing, passes))
        else:
            self._begin(IncrementalSort(self.jobs, self._used.whole, self._used.placing, passes, sort=False))

    def set_sort(self, sort: str) -> None:
        """Set the order, one of `ORDERS`."""
        self.sort = sort
        placing = self._live.key if sort == LIVE else sort_key(Sort(sort))
        passes = (self._arranging or self._used).passes
        self._begin(self._sorted(placing, passes))

    def _sorted(self, placing: Placing, passes: Passing) -> IncrementalSort:
        """Start sorting; keys stay fixed, since jobs that change meanwhile are placed again."""
        still = partial(self._live.frozen, near=self._live.near) if placing == self._live.key else placing
        return IncrementalSort(self.jobs, self._used.whole, placing, passes, sort=True, still=still)

    @property
    def arranging(self) -> bool:
        """Whether a new order is incomplete, so that the previous one is still shown."""
        return self._arranging is not None

    def arrange(self) -> bool:
        """Compute the next slice of a new order; return False if nothing is left."""
        if self._arranging is None:
            return False
        if self._arranging.work():
            return True
        self._used, self._arranging = self._arranging, None
        return False

    def finish(self) -> None:
        """Complete a new order immediately."""
        while self.arrange():
            pass

    def _begin(self, arranging: IncrementalSort) -> None:
        self._arranging = arranging
        self.touched = True
        self.arrange()


def _request_of(job: Job) -> RequestKey:
    return job.prompt, job.options.operation, job.options.source
