"""The list of jobs as a person sees it: filtered, ordered, with marks and a selection that stays on its job.

In every order a change costs its own place, so that 100,000 jobs are kept as easily as ten. Another order or filter is
worked out a slice at a time, and takes the place of the one before when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import chain, islice

from riffusion_tui.jobs.filter import Sort, compile_filter, sort_key
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_PERSON, UNDER_WAY, Status
from riffusion_tui.tui.state.order import Key, Order, Shift

LIVE = "live"
"""The usual order: what is being made, what waits in the order of the queue, what is held, what ended, newest first."""
ORDERS: tuple[str, ...] = (LIVE, *(str(sort) for sort in Sort))
SLICE = 1000
"""Jobs that are ordered or filtered at a time: a few milliseconds at the most."""

Asked = tuple[str, str | None, str | None]
_Placing = Callable[[Job], Key]
_Passing = Callable[[Job], bool]


class JobList:
    """Jobs by id, and the order in which they are shown."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.marks: set[int] = set()
        self.selected: int | None = None
        self.sort = LIVE
        self.filter = ""
        self.follow = False
        self._alike: dict[Asked, int | set[int]] = {}
        """Ids of the jobs that ask the same: most are alone, and a set of one is large."""
        self._key: _Placing = _live
        self._passes: _Passing = _all
        self._whole = Order()
        self._shown = self._whole
        """The same one, unless a filter hides some."""
        self._wanted: tuple[_Placing, _Passing] = (self._key, self._passes)
        """What is being worked out, or in use already."""
        self._arranging: Iterator[bool] | None = None
        self._sorting = False
        self._touched: set[int] = set()
        """Jobs that changed since a new order was begun."""

    # -- what is there

    @property
    def order(self) -> list[int]:
        """Ids of what is shown, from the top."""
        return self._shown.ids

    def __len__(self) -> int:
        return len(self.order)

    def at(self, row: int) -> Job:
        """Return the job in `row`."""
        return self.jobs[self.order[row]]

    def row_of(self, id: int | None) -> int | None:
        """Return the row that shows a job, or None where the filter hides it."""
        return None if id is None else self._shown.row(id)

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

    def alike(self, job: Job) -> list[Job]:
        """Return the jobs of the same prompt (edits: of the same edit of the same song), oldest first."""
        same = self._alike.get(_asked(job), set())
        return [self.jobs[same]] if isinstance(same, int) else [self.jobs[id] for id in sorted(same)]

    # -- what changes it from below

    def update(self, changed: Iterable[Job], deleted: Iterable[int] = ()) -> Shift:
        """Take what the store says has changed."""
        fresh = {job.id: job for job in changed}
        gone = [id for id in dict.fromkeys(deleted) if id in self.jobs and id not in fresh]
        for id in gone:
            self._forget(id)
        for job in fresh.values():
            self._learn(job)
        if self._arranging is not None:
            self._touched.update(gone, fresh)
        row = self.row_of(self.selected)
        shift = self._place([*gone, *fresh])
        self._keep_selection(row)
        return shift

    def _place(self, ids: Iterable[int]) -> Shift:
        """Give jobs the places that they have as they are now."""
        keys = {id: self._key(self.jobs[id]) if id in self.jobs else None for id in ids}
        shift = self._whole.place(keys)
        if self._shown is self._whole:
            return shift
        return self._shown.place(
            {id: key if key is not None and self._passes(self.jobs[id]) else None for id, key in keys.items()}
        )

    def _learn(self, job: Job) -> None:
        before = self.jobs.get(job.id)
        if before is not None and _asked(before) != _asked(job):
            self._unlike(before)
        same = self._alike.setdefault(_asked(job), job.id)
        if isinstance(same, set):
            same.add(job.id)
        elif same != job.id:
            self._alike[_asked(job)] = {same, job.id}
        self.jobs[job.id] = job

    def _forget(self, id: int) -> None:
        self._unlike(self.jobs.pop(id))
        self.marks.discard(id)

    def _unlike(self, job: Job) -> None:
        same = self._alike[_asked(job)]
        if isinstance(same, set):
            same.discard(job.id)
        if not isinstance(same, set) or not same:
            del self._alike[_asked(job)]

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
        passes = compile_filter(text, now) if text.strip() else _all
        self.filter = text.strip()
        self._begin(self._wanted[0], passes, sort=self._sorting)

    def set_sort(self, sort: str) -> None:
        """Order by one of `ORDERS`."""
        self.sort = sort
        self._begin(_live if sort == LIVE else sort_key(Sort(sort)), self._wanted[1], sort=True)

    @property
    def arranging(self) -> bool:
        """Whether a new order is not whole yet: what is shown is still the one before."""
        return self._arranging is not None

    def arrange(self) -> bool:
        """Work out the next slice of a new order; False when nothing is left to do."""
        if self._arranging is not None and next(self._arranging, False):
            return True
        self._arranging, self._sorting = None, False
        return False

    def finish(self) -> None:
        """Work out the rest of a new order at once."""
        while self.arrange():
            pass

    def _begin(self, key: _Placing, passes: _Passing, *, sort: bool) -> None:
        self._wanted, self._sorting = (key, passes), sort
        self._touched.clear()
        self._arranging = self._arranged(key, passes, sort=sort)
        self.arrange()

    def _arranged(self, key: _Placing, passes: _Passing, *, sort: bool) -> Iterator[bool]:
        """Fill the new orders, stopping after each slice; put them in the old ones' place at the end."""
        keys, whole = iter(self._whole.keys()), self._whole
        if sort:
            runs: list[list[Key]] = []
            yield from self._sorted_runs(key, runs)
            keys, whole = merge(*runs), Order()
        elif passes is _all:
            keys = iter(())
        shown = whole if passes is _all else Order()
        while piece := list(islice(keys, SLICE)):
            if sort:
                whole.append(piece)
            if shown is not whole:
                jobs = ((one, self.jobs.get(abs(one[-1]))) for one in piece)
                shown.append([one for one, job in jobs if job is not None and passes(job)])
            if len(piece) == SLICE:
                yield True
        row = self.row_of(self.selected)
        self._key, self._passes, self._whole, self._shown = key, passes, whole, shown
        self._place(self._touched)
        self._keep_selection(row)

    def _sorted_runs(self, key: _Placing, runs: list[list[Key]]) -> Iterator[bool]:
        jobs = iter(list(self.jobs.values()))
        while piece := list(islice(jobs, SLICE)):
            runs.append(sorted(map(key, piece)))
            if len(piece) == SLICE:
                yield True

    # -- what a person does

    def step(self, rows: int) -> None:
        """Select the job so many rows further down; the ends stop it."""
        if self.order:
            row = self.row_of(self.selected) or 0
            self.selected = self.order[min(len(self.order) - 1, max(0, row + rows))]

    def select(self, id: int) -> bool:
        """Select a job, unless the filter hides it."""
        if self.row_of(id) is None:
            return False
        self.selected = id
        return True

    def toggle_mark(self) -> None:
        """Mark the selected job, or take its mark away."""
        if self.selected is not None:
            self.marks ^= {self.selected}

    def mark_all(self) -> None:
        """Mark everything that is shown; where all of it is marked already, nothing."""
        self.finish()
        shown = set(self.order)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown

    def invert(self) -> None:
        """Mark what is shown and not marked, and the other way round."""
        self.finish()
        self.marks ^= set(self.order)

    def next_for_person(self) -> int | None:
        """Select the next job below (then from the top) that needs a person, and return it."""
        self.finish()
        start = (self.row_of(self.selected) or 0) + 1
        for id in chain(islice(self.order, start, None), islice(self.order, start)):
            if self.jobs[id].status in NEEDS_PERSON:
                self.selected = id
                return id
        return None


_ENDED = 3.0
_RANK = {Status.QUEUED: 1.0, Status.HELD: 2.0}


def _asked(job: Job) -> Asked:
    return job.prompt, job.options.operation, job.options.source


def _all(job: Job) -> bool:
    return True


def _live(job: Job) -> Key:
    if job.status in UNDER_WAY:
        return (0.0, job.accepted_at or job.sent_at or job.position, job.id)
    rank = _RANK.get(job.status)
    if rank is not None:
        return (rank, job.position, job.id)
    return (_ENDED, -(job.ended_at or job.created_at), -job.id)
