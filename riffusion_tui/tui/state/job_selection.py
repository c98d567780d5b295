"""The list of jobs as a person sees it: filtered, ordered, with marks and a selection that stays on its job.

In every order a change costs its own place, so that 100,000 jobs are kept as easily as ten. Another order or filter is
worked out a slice at a time, and takes the place of the one before when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from riffusion_tui.jobs.filter import Sort, compile_filter, sort_key
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_PERSON, Status
from riffusion_tui.tui.state.batch_words import BatchWords
from riffusion_tui.tui.state.incremental_sort import IncrementalSort, Passing, Placing, everything, order_of
from riffusion_tui.tui.state.live_order import LiveOrder, batch_of
from riffusion_tui.tui.state.sorted_ids import Key, Shift

LIVE = "live"
"""The usual order: see `LiveOrder`."""
ORDERS: tuple[str, ...] = (LIVE, *(str(sort) for sort in Sort))

Asked = tuple[str, str | None, str | None]


class _Moves(NamedTuple):
    """Ids that an update leaves where they are, takes out of an order, and puts into it."""

    stay: list[int]
    leave: list[int]
    enter: list[int]


class JobList:
    """Jobs by id, and the order in which they are shown."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.marks: set[int] = set()
        self.selected: int | None = None
        self.sort = LIVE
        self.filter = ""
        self.follow = False
        self.touched = False
        """Marks, order, filter or selection changed and are not shown yet."""
        self._wanted: int | None = None
        """The job to select as soon as it is there."""
        self.words = BatchWords(self.jobs)
        """What differs between the prompts of a batch."""
        self._alike: tuple[Asked, list[Job]] | None = None
        """The last answer of `alike`, until one of those jobs changes."""
        self._live = LiveOrder(self.jobs)
        self._used = IncrementalSort(
            self.jobs, order_of(self.jobs, self._live.key), self._live.key, everything, sort=False
        )
        """Order and filter of what is shown."""
        self._arranging: IncrementalSort | None = None
        """What takes their place when it is whole."""

    # -- what is there

    @property
    def order(self) -> list[int]:
        """Ids of what is shown, from the top."""
        return self._used.shown.ids

    def __len__(self) -> int:
        return len(self.order)

    def at(self, row: int) -> Job:
        """Return the job in `row`."""
        return self.jobs[self.order[row]]

    def row_of(self, id: int | None) -> int | None:
        """Return the row that shows a job, or None where the filter hides it."""
        return self._used.shown.row(id) if id in self.jobs and id is not None else None

    @property
    def current(self) -> Job | None:
        """The selected job."""
        return self.jobs.get(self.selected) if self.selected is not None else None

    def chosen(self) -> tuple[int, ...]:
        """Return what a command acts on: the marked jobs in the order shown, else the selected one."""
        self.finish()
        if self.marks:
            shown = [id for id in self.order if id in self.marks]
            return tuple(shown + sorted(self.marks.difference(shown)))
        return (self.selected,) if self.selected in self.jobs and self.selected is not None else ()

    def statuses(self) -> frozenset[Status]:
        """Return the states of what a command acts on; a new order need not be whole for that."""
        if self.marks:
            return frozenset(self.jobs[id].status for id in self.marks)
        return frozenset() if self.current is None else frozenset({self.current.status})

    def alike(self, job: Job) -> list[Job]:
        """Return the jobs of the same prompt (edits: of the same edit of the same song), oldest first."""
        asked = _asked(job)
        if self._alike is None or self._alike[0] != asked:
            prompt = job.prompt  # compared first: there may be 100,000
            same = [one for one in self.jobs.values() if one.prompt == prompt and _asked(one) == asked]
            self._alike = asked, sorted(same, key=lambda one: one.id)
        return self._alike[1]

    def ended_batch(self, job: Job) -> list[Job]:
        """Return the jobs of a job's batch if all have ended; else none."""
        if self._live.is_active(job.batch):
            return []
        return [job, *batch_of(job, self.jobs)]

    # -- what changes it from below

    def update(self, changed: Iterable[Job], deleted: Iterable[int] = ()) -> Shift:
        """Take what the store says has changed."""
        fresh = {job.id: job for job in changed}
        now: dict[int, Job | None] = {id: None for id in deleted if id in self.jobs and id not in fresh}
        now.update(fresh)
        for id in self._live.plan(now):
            if id in self.jobs:
                now.setdefault(id, self.jobs[id])
        if self._arranging is not None:
            self._arranging.touched.update(now)
        row = self.row_of(self.selected)
        shift = self._shift(now)
        self._keep_selection(row)
        if self._wanted in self.jobs and self._wanted is not None:
            self.select(self._wanted)
        return shift

    def _shift(self, now: Mapping[int, Job | None]) -> Shift:
        """Let jobs be as they are now (None: gone), each in its place; say what that did to what is shown."""
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
        """Return what a job is sorted by, now or after this update; None where it is not shown."""
        if job is None or not passes(job):
            return None
        live = after and self._used.placing == self._live.key
        return self._live.key_after(job) if live else self._used.placing(job)

    def _learn(self, now: Mapping[int, Job | None]) -> None:
        for id, job in now.items():
            before = self.jobs.get(id)
            if self._alike is not None and any(one and one.prompt == self._alike[0][0] for one in (before, job)):
                self._alike = None
            for one in (before, job):
                if one is not None and (before is None or job is None or before.prompt != job.prompt):
                    self.words.forget(one.batch)
            if job is not None:
                self.jobs[id] = job
            else:
                del self.jobs[id]
                self.marks.discard(id)

    def _keep_selection(self, row: int | None) -> None:
        """Stay on the job; where it went away, on the row; where nothing was selected, on the first."""
        if self.selected in self.jobs and self.row_of(self.selected) is not None:
            return
        if not self.order:
            self.selected = None
        else:
            self.selected = self.order[min(row or 0, len(self.order) - 1)]

    # -- another filter, another order

    def set_filter(self, text: str, now: float) -> None:
        """Show only what `text` describes. Raises `FilterError` and changes nothing where it can't be read.

        Like another order, a long list's filter is whole only when `arrange` has been called until it says so.
        """
        passes = compile_filter(text, now) if text.strip() else everything
        self.filter = text.strip()
        wanted = self._arranging
        if wanted is not None and wanted.sort:
            self._begin(self._sorted(wanted.placing, passes))
        else:
            self._begin(IncrementalSort(self.jobs, self._used.whole, self._used.placing, passes, sort=False))

    def set_sort(self, sort: str) -> None:
        """Order by one of `ORDERS`."""
        self.sort = sort
        placing = self._live.key if sort == LIVE else sort_key(Sort(sort))
        passes = (self._arranging or self._used).passes
        self._begin(self._sorted(placing, passes))

    def _sorted(self, placing: Placing, passes: Passing) -> IncrementalSort:
        """Begin to sort; keys stay as they are at the beginning, since jobs that change meanwhile are placed again."""
        still = partial(self._live.frozen, near=self._live.near) if placing == self._live.key else placing
        return IncrementalSort(self.jobs, self._used.whole, placing, passes, sort=True, still=still)

    @property
    def arranging(self) -> bool:
        """Whether a new order is not whole yet: what is shown is still the one before."""
        return self._arranging is not None

    def arrange(self) -> bool:
        """Work out the next slice of a new order; False when nothing is left to do."""
        if self._arranging is None:
            return False
        if self._arranging.work():
            return True
        row = self.row_of(self.selected)
        self._used, self._arranging = self._arranging, None
        self._keep_selection(row)
        return False

    def finish(self) -> None:
        """Work out the rest of a new order at once."""
        while self.arrange():
            pass

    def _begin(self, arranging: IncrementalSort) -> None:
        self._arranging = arranging
        self.touched = True
        self.arrange()

    # -- what a person does

    def step(self, rows: int) -> None:
        """Select the job so many rows further down; the ends stop it."""
        if self.order:
            row = self.row_of(self.selected) or 0
            self.selected = self.order[min(len(self.order) - 1, max(0, row + rows))]

    def select(self, id: int) -> None:
        """Select a job unless the filter hides it; one that is not read yet, when it is."""
        self._wanted = id if id not in self.jobs else None
        if self.row_of(id) is not None:
            self.selected = id
            self.touched = True

    def toggle_mark(self) -> None:
        """Mark the selected job, or take its mark away."""
        if self.selected is not None:
            self.marks ^= {self.selected}
            self.touched = True

    def mark_all(self) -> None:
        """Mark everything that is shown; where all of it is marked already, nothing."""
        self.finish()
        shown = set(self.order)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
        self.touched = True

    def unmark(self) -> None:
        """Clear all marks."""
        self.marks.clear()
        self.touched = True

    def invert(self) -> None:
        """Mark what is shown and not marked, and the other way round."""
        self.finish()
        self.marks ^= set(self.order)
        self.touched = True

    def next_for_person(self) -> int | None:
        """Select the next job below (then from the top) that needs a person, and return it."""
        self.finish()
        start = (self.row_of(self.selected) or 0) + 1
        for id in chain(islice(self.order, start, None), islice(self.order, start)):
            if self.jobs[id].status in NEEDS_PERSON:
                self.selected = id
                self.touched = True
                return id
        return None


def _asked(job: Job) -> Asked:
    return job.prompt, job.options.operation, job.options.source
