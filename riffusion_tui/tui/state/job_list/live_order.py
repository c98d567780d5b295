"""The default order of the list: running jobs, their batches' latest songs, queued, held and ended jobs.

A batch is active while any of its jobs is queued or under way. Its ended jobs are kept near its running ones: the
latest `MAX_NEAR` of all active batches. A change only moves its own job and a few others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

from riffusion_tui.jobs.matrix import MAX_PROMPTS
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED, UNDER_WAY, Status
from riffusion_tui.tui.state.job_list.sorted_ids import Key

MAX_NEAR = 8
"""Maximum ended jobs kept near the running ones; more would hide what waits."""
_GAP = 16
"""Number of missing ids after which a batch is complete: its jobs are queued together, with adjacent ids."""
_MAX_SCANNED = 1000
"""Maximum ids examined in each direction when a batch becomes active again, so that keys stay responsive."""
_ENDED = 3.0
_RANK = {Status.QUEUED: 1.0, Status.HELD: 2.0}
_OPEN = UNDER_WAY | {Status.QUEUED}
_COUNTS = ENDED - {Status.CANCELLED}

_Entry = tuple[float, int, str]
"""When a job ended, its id and batch."""


def batch_of(
    job: Job,
    jobs: Mapping[int, Job] | Mapping[int, Job | None],
    before: Mapping[int, Job] | None = None,
    limit: int = MAX_PROMPTS,
) -> Iterator[Job]:
    """Yield the other jobs of a job's batch, nearest ids first in each direction.

    Args:
        job: the job.
        jobs: jobs by id; None: deleted.
        before: jobs that aren't in `jobs`.
        limit: maximum ids to examine in each direction.
    """
    known = before or {}
    for step in (-1, 1):
        id, missing = job.id, 0
        while missing < _GAP and abs(id - job.id) < limit:
            id += step
            other = jobs[id] if id in jobs else known.get(id)
            if other is not None and other.batch == job.batch:
                missing = 0
                yield other
            else:
                missing += 1


class LiveOrder:
    """The sort keys of jobs. `plan` computes the effect of a change before it is made; `apply` applies it."""

    def __init__(self, jobs: dict[int, Job]) -> None:
        """Order `jobs`, which change between `plan` and `apply`."""
        self._jobs = jobs
        self._open: Counter[str] = Counter()
        self._ended: list[_Entry] = []
        """Ended jobs of active batches, latest last."""
        self._near: frozenset[int] = frozenset()
        self._next = self._near

    def key(self, job: Job) -> Key:
        """Return a job's current sort key."""
        return _key(job, near=job.id in self._near)

    def key_after(self, job: Job) -> Key:
        """Return a job's sort key after `apply`."""
        return _key(job, near=job.id in self._next)

    def frozen(self, job: Job, near: frozenset[int]) -> Key:
        """Return a job's sort key if the jobs in `near` are kept near the running ones."""
        return _key(job, near=job.id in near)

    def is_active(self, batch: str) -> bool:
        """Whether any of a batch's jobs is queued or under way."""
        return batch in self._open

    @property
    def near(self) -> frozenset[int]:
        """Ids of the ended jobs that are kept near the running ones."""
        return self._near

    def plan(self, now: Mapping[int, Job | None]) -> frozenset[int]:
        """Plan changes of jobs (None: deleted); return the ids whose sort keys change as a result."""
        started, stopped = self._count(now)
        for id in now:
            if (before := self._jobs.get(id)) is not None:
                self._drop(before)
        if stopped:
            self._ended = [entry for entry in self._ended if entry[2] not in stopped]
        for job in now.values():
            if job is not None and job.batch in self._open:
                self._put(job)
        others = [_entry(other) for job in started.values() for other in self._ended_nearby(job, now)]
        if others:
            self._ended = sorted({*self._ended, *others})
        self._next = frozenset(id for _, id, _ in self._ended[-MAX_NEAR:])
        return self._near ^ self._next

    def apply(self) -> None:
        """Apply the plan."""
        self._near = self._next

    def _ended_nearby(self, job: Job, now: Mapping[int, Job | None]) -> Iterator[Job]:
        """Yield the ended jobs of a batch with nearby ids that are not in `now`."""
        found = batch_of(job, now, self._jobs, _MAX_SCANNED)
        return (one for one in found if one.status in _COUNTS and one.id not in now)

    def _count(self, now: Mapping[int, Job | None]) -> tuple[dict[str, Job], set[str]]:
        """Count open jobs; return a job of each batch that became active, and the batches that no longer are."""
        was: dict[str, bool] = {}
        for id, job in now.items():
            before = self._jobs.get(id)
            for one, step in ((before, -1), (job, 1)):
                if one is not None and one.status in _OPEN:
                    was.setdefault(one.batch, bool(self._open[one.batch]))
                    self._open[one.batch] += step
        stopped = {batch for batch, active in was.items() if active and not self._open[batch]}
        started = {
            job.batch: job
            for job in now.values()
            if job is not None and self._open[job.batch] and not was.get(job.batch, True)
        }
        for batch in [batch for batch in was if not self._open[batch]]:
            del self._open[batch]
        return started, stopped

    def _put(self, job: Job) -> None:
        if job.status in _COUNTS:
            entry = _entry(job)
            row = bisect_left(self._ended, entry)
            if self._ended[row : row + 1] != [entry]:
                self._ended.insert(row, entry)

    def _drop(self, job: Job) -> None:
        entry = _entry(job)
        row = bisect_left(self._ended, entry)
        if self._ended[row : row + 1] == [entry]:
            del self._ended[row]


def _entry(job: Job) -> _Entry:
    return (job.ended_at or job.created_at, job.id, job.batch)


def _key(job: Job, *, near: bool) -> Key:
    if job.status in UNDER_WAY:
        return (0.0, job.accepted_at or job.sent_at or job.position, job.id)
    rank = _RANK.get(job.status)
    if rank is not None:
        return (rank, job.position, job.id)
    return (0.5 if near else _ENDED, -(job.ended_at or job.created_at), -job.id)
