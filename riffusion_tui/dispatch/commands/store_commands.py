"""Commands on jobs that only change the store: many jobs at a time, in one transaction, also in a thread."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self, TypeVar

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests import job_builder
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import VERDICTS, FailureKind, Job
from riffusion_tui.jobs.status import ENDED, UNDER_WAY, UNSENT, Status, predicate
from riffusion_tui.store import Store
from riffusion_tui.store.job_table import Progress, quiet
from riffusion_tui.store.store_types import RetryFacts

T = TypeVar("T")

_CANCELLED = (*UNSENT, Status.MAYBE_SENT, Status.FETCHING)
"""Statuses that are cancelled without calling the service."""
_FETCH_AGAIN = frozenset({FailureKind.DOWNLOAD, FailureKind.DISK})
_POLL_AGAIN = frozenset({FailureKind.STALLED, FailureKind.NOT_FOUND, FailureKind.EXPIRED, FailureKind.FORBIDDEN})
_DELETED = "It is deleted."
"""Why a command left a deleted job."""
AT_SERVICE = "The service is making it."
"""Why `cancel_unsent` left a job that can be cancelled at the service."""
_ENDED_BADLY = (Status.FAILED, Status.REFUSED, Status.CANCELLED)
_RETRIED = {Status.FETCHING: "fetched again", Status.MAKING: "checked again"}
"""What the timeline says about a retried job that isn't sent again."""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Result of a command on several jobs: the ids of those that it changed, and (id, reason) of the others."""

    ids: tuple[int, ...] = ()
    left: tuple[tuple[int, str], ...] = ()


class StoreCommands:
    """The commands; they raise `StoreError`."""

    def __init__(self, store: Store, clock: Clock, rng: random.Random) -> None:
        """Create the commands.

        Args:
            store: the jobs.
            clock: the time.
            rng: makes references.
        """
        self._store = store
        self._clock = clock
        self._rng = rng
        self._deleted: list[tuple[int, ...]] = []

    def on_own_connection(self, act: Callable[[Self], T]) -> T:
        """Run `act` on these commands with a separate connection, as a thread needs it; `undo` is shared."""
        with Store.open(self._store.path, self._clock) as store:
            own = copy(self)
            own._store = store
            return act(own)

    def retry(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Retry failed, refused or cancelled jobs: fetch the song again if it is made, otherwise queue the job."""
        facts = self._store.retry_facts(ids)
        groups: dict[Status, list[int]] = {}
        for id, one in facts.items():
            if one.status in _ENDED_BADLY:
                groups.setdefault(_retried(one), []).append(id)
        done: set[int] = set()
        with self._store.bulk(len(facts)):
            for status, some in groups.items():
                before = len(done)

                def more(count: int, before: int = before) -> None:
                    progress(before + count)

                if status is Status.QUEUED:
                    done.update(self._queue_again({id: facts[id].reply_ref for id in some}, more))
                else:
                    words = _RETRIED[status]
                    done.update(self._store.move_all(some, status, words, expected=(Status.FAILED,), progress=more))
        rest = [id for id in ids if id not in done]
        left = self._left(rest, lambda job: f"It {predicate(job.status)}.")
        return BulkResult(tuple(id for id in ids if id in done), left)

    def _left(self, ids: Sequence[int], why: Callable[[Job], str]) -> tuple[tuple[int, str], ...]:
        """Return why a command left each of `ids` unchanged: it is deleted, doesn't exist, or what `why` says."""
        found, deleted = self._store.jobs_by_id(ids), self._store.deleted_among(ids)
        return tuple((id, _DELETED if id in deleted else why(found[id]) if id in found else _missing(id)) for id in ids)

    def _queue_again(self, refs: Mapping[int, str], progress: Progress) -> tuple[int, ...]:
        """Queue jobs with new references, so that a response to an old one can't be mistaken for the new request's.

        `refs` has the references that the user gave, which stay.
        """
        new = {id: ref or job_builder.new_ref(self._rng) for id, ref in refs.items()}
        return self._store.queue_again(new, "queued again", "by you", expected=_ENDED_BADLY, progress=progress)

    def settle(self, id: int, *, sent: bool) -> Job:
        """Settle a *maybe sent* job: cancel it if it was sent, else queue it again. Raises `NotPossible` for others."""
        job = self._store.job(id)
        if job.status != Status.MAYBE_SENT:
            raise NotPossible(f"Job {id} {predicate(job.status)}; there is nothing to decide.")
        if sent:
            return self._store.update(id, Status.CANCELLED, "cancelled", "by you: it was sent", Status.MAYBE_SENT)
        ref = job.options.reply_ref or job_builder.new_ref(self._rng)
        return self._store.update(
            id, Status.QUEUED, "queued again", "by you", job.status, ref=ref, remote_id=None, account=None
        )

    def cancel_unsent(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Cancel the jobs that need no call to the service, in one transaction; the others' reason is `AT_SERVICE`."""
        done = set(self._store.move_all(ids, Status.CANCELLED, "cancelled", expected=_CANCELLED, progress=progress))
        rest = [id for id in ids if id not in done]
        return BulkResult(tuple(id for id in ids if id in done), self._left(rest, _uncancelled))

    def hold(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Keep queued jobs from being sent until `release`."""
        return self._move_all(ids, Status.QUEUED, Status.HELD, "held", "by you", progress)

    def release(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Release held jobs."""
        return self._move_all(ids, Status.HELD, Status.QUEUED, "released", "", progress)

    def _move_all(
        self, ids: Sequence[int], now: Status, then: Status, happening: str, detail: str, progress: Progress
    ) -> BulkResult:
        """Change the status of jobs whose status is `now`, in one transaction."""
        moved = set(self._store.move_all(ids, then, happening, detail, expected=(now,), progress=progress))
        rest = [id for id in ids if id not in moved]
        left = self._left(rest, lambda job: f"It {predicate(job.status)}; only {now} jobs can be {happening}.")
        return BulkResult(tuple(id for id in ids if id in moved), left)

    def delete(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Delete jobs, but not their files; jobs under way are skipped. `undo` restores them."""
        taken = self._store.delete(ids, progress)
        if taken:
            self._deleted.append(taken)
        under_way, gone = "It is under way; cancel it first.", "It is already deleted."
        out = set(taken)
        rest = [id for id in ids if id not in out]
        known = self._store.jobs_by_id(rest)
        left = [
            (id, _missing(id) if id not in known else under_way if known[id].status in UNDER_WAY else gone)
            for id in rest
        ]
        return BulkResult(taken, tuple(left))

    def undo(self, progress: Progress = quiet) -> tuple[int, ...]:
        """Restore the jobs of the latest `delete` and return their ids; call again for the one before it."""
        return self._store.restore(self._deleted.pop(), progress) if self._deleted else ()

    def judge(self, id: int, verdict: str) -> Job:
        """Rate a finished take: `keep`, `reject` or empty."""
        _check_verdict(verdict)
        return self._store.update(id, verdict=verdict)

    def judge_all(self, ids: Sequence[int], verdict: str, progress: Progress = quiet) -> BulkResult:
        """Rate finished takes, in one transaction; raises `NotPossible` as `judge`."""
        _check_verdict(verdict)
        judged = set(self._store.judge_all(ids, verdict, progress))
        left = tuple((id, "It is not finished.") for id in ids if id not in judged)
        return BulkResult(tuple(id for id in ids if id in judged), left)


def _retried(facts: RetryFacts) -> Status:
    """Return the status with which a job starts again."""
    if facts.status is Status.FAILED and facts.has_song:
        if facts.trouble in _FETCH_AGAIN:
            return Status.FETCHING
        if facts.trouble in _POLL_AGAIN:
            return Status.MAKING
    return Status.QUEUED


def _uncancelled(job: Job) -> str:
    if job.status == Status.SENDING:
        return "It is being sent; try again in a second."
    return f"It {predicate(job.status)}." if job.status in ENDED else AT_SERVICE


def _check_verdict(verdict: str) -> None:
    if verdict not in VERDICTS:
        raise NotPossible(f"The verdict must be keep, reject or empty, not {verdict!r}.")


def _missing(id: int) -> str:
    return f"No job {id}."
