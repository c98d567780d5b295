"""The list of jobs as a person sees it: filtered, ordered, with marks and a selection that stays on its job.

One change costs one place in the order, not a new order: 100,000 jobs are kept as easily as ten.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from riffusion_tui.jobs.filter import Sort, compile_filter, sort_jobs
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_PERSON, UNDER_WAY, Status

LIVE = "live"
"""The usual order: what is being made, what waits in the order of the queue, what is held, what ended, newest first."""
ORDERS: tuple[str, ...] = (LIVE, *(str(sort) for sort in Sort))

_MANY = 64
"""Changes at once from which a new order is cheaper than placing each."""

Key = tuple[float, float, int]
Asked = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Shift:
    """What an update did to the visible rows."""

    rows: tuple[int, ...] = ()
    """Rows that say something else now; nothing moved, unless `moved_from` says so."""
    moved_from: int | None = None
    """The first row that may hold another job than before; None where every row kept its job."""


class JobList:
    """Jobs by id, and the order in which they are shown."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.order: list[int] = []
        """Ids of what is shown, from the top."""
        self.marks: set[int] = set()
        self.selected: int | None = None
        self.sort = LIVE
        self.filter = ""
        self.follow = False
        self._passes: Callable[[Job], bool] = _all
        self._keys: list[Key] = []
        self._alike: dict[Asked, set[int]] = {}
        self._key_of: dict[int, Key] = {}

    # -- what is there

    def __len__(self) -> int:
        return len(self.order)

    def at(self, row: int) -> Job:
        """Return the job in `row`."""
        return self.jobs[self.order[row]]

    def row_of(self, id: int | None) -> int | None:
        """Return the row that shows a job, or None where the filter hides it."""
        if id is None:
            return None
        key = self._key_of.get(id)
        if self.sort == LIVE:
            return bisect_left(self._keys, key) if key is not None else None
        try:
            return self.order.index(id)
        except ValueError:
            return None

    @property
    def current(self) -> Job | None:
        """The selected job."""
        return self.jobs.get(self.selected) if self.selected is not None else None

    def chosen(self) -> tuple[int, ...]:
        """Return what a command acts on: the marked jobs in the order shown, else the selected one."""
        if self.marks:
            shown = [id for id in self.order if id in self.marks]
            return tuple(shown + sorted(self.marks.difference(shown)))
        return (self.selected,) if self.selected in self.jobs and self.selected is not None else ()

    def alike(self, job: Job) -> list[Job]:
        """Return the jobs of the same prompt (edits: of the same edit of the same song), oldest first."""
        return [self.jobs[id] for id in sorted(self._alike.get(_asked(job), ()))]

    # -- what changes it from below

    def update(self, changed: Iterable[Job], deleted: Iterable[int] = ()) -> Shift:
        """Take what the store says has changed."""
        fresh, gone = list(changed), [id for id in dict.fromkeys(deleted) if id in self.jobs]
        row = self.row_of(self.selected)
        if len(fresh) + len(gone) > _MANY or self.sort != LIVE:
            shift = self._update_all(fresh, gone)
        else:
            shift = self._update_each(fresh, gone)
        self._keep_selection(row)
        return shift

    def _update_all(self, fresh: list[Job], gone: list[int]) -> Shift:
        for id in gone:
            self._forget(id)
        for job in fresh:
            self._learn(job)
        before = self.order
        if self.sort == LIVE:
            self._merge(fresh)
        else:
            self._arrange()
        if before == self.order:
            rows = (self.row_of(job.id) for job in fresh)
            return Shift(rows=tuple(row for row in rows if row is not None))
        return Shift(moved_from=0)

    def _update_each(self, fresh: list[Job], gone: list[int]) -> Shift:
        rows: list[int] = []
        moved: list[int] = []
        for id in gone:
            moved += self._take_out(id)
            self._forget(id)
        for job in fresh:
            self._learn(job)
            key = _live(job) if self._passes(job) else None
            if key == self._key_of.get(job.id):
                if key is not None:
                    rows.append(bisect_left(self._keys, key))
                continue
            moved += self._take_out(job.id)
            if key is not None:
                moved.append(self._put_in(job.id, key))
        return Shift(tuple(rows), min(moved, default=None))

    def _take_out(self, id: int) -> list[int]:
        key = self._key_of.pop(id, None)
        if key is None:
            return []
        row = bisect_left(self._keys, key)
        del self._keys[row], self.order[row]
        return [row]

    def _put_in(self, id: int, key: Key) -> int:
        self._key_of[id] = key
        row = bisect_left(self._keys, key)
        insort(self._keys, key)
        self.order.insert(row, id)
        return row

    def _learn(self, job: Job) -> None:
        before = self.jobs.get(job.id)
        if before is not None and _asked(before) != _asked(job):
            self._alike[_asked(before)].discard(job.id)
        self._alike.setdefault(_asked(job), set()).add(job.id)
        self.jobs[job.id] = job

    def _forget(self, id: int) -> None:
        self._alike[_asked(self.jobs.pop(id))].discard(id)
        self.marks.discard(id)
        if self.sort == LIVE:
            self._take_out(id)

    def _merge(self, fresh: list[Job]) -> None:
        """Place many at once: what stays is in order already, which sorting makes use of."""
        gone = {self._key_of.pop(job.id, None) for job in fresh}
        self._keys = [key for key in self._keys if key not in gone]
        placed = {job.id: _live(job) for job in fresh if self._passes(job)}
        self._key_of |= placed
        self._keys += sorted(placed.values())
        self._keys.sort()
        self.order = [_id(key) for key in self._keys]

    def _arrange(self) -> None:
        shown = [job for job in self.jobs.values() if self._passes(job)]
        if self.sort == LIVE:
            self._key_of = {job.id: _live(job) for job in shown}
            self._keys = sorted(self._key_of.values())
            self.order = [_id(key) for key in self._keys]
        else:
            self._key_of, self._keys = {}, []
            self.order = [job.id for job in sort_jobs(shown, Sort(self.sort))]

    def _keep_selection(self, row: int | None) -> None:
        """Stay on the job; where it went away, on the row; where nothing was selected, on the first."""
        if self.selected in self.jobs and self.row_of(self.selected) is not None:
            return
        if not self.order:
            self.selected = None
        else:
            self.selected = self.order[min(row or 0, len(self.order) - 1)]

    # -- what a person does

    def set_filter(self, text: str, now: float) -> None:
        """Show only what `text` describes. Raises `FilterError` and changes nothing where it can't be read."""
        self._passes = compile_filter(text, now) if text.strip() else _all
        self.filter = text.strip()
        self._rearrange()

    def set_sort(self, sort: str) -> None:
        """Order by one of `ORDERS`."""
        self.sort = sort
        self._rearrange()

    def _rearrange(self) -> None:
        row = self.row_of(self.selected)
        self._arrange()
        self._keep_selection(row)

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
        shown = set(self.order)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown

    def invert(self) -> None:
        """Mark what is shown and not marked, and the other way round."""
        self.marks ^= set(self.order)

    def next_for_person(self) -> int | None:
        """Select the next job below (then from the top) that needs a person, and return it."""
        start = (self.row_of(self.selected) or 0) + 1
        for id in [*self.order[start:], *self.order[:start]]:
            if self.jobs[id].status in NEEDS_PERSON:
                self.selected = id
                return id
        return None


_ENDED = 3.0
_RANK = {Status.QUEUED: 1.0, Status.HELD: 2.0}


def _id(key: Key) -> int:
    return abs(key[2])


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
