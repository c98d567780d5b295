"""Poll running jobs: few requests, each for all jobs. Finished songs are passed on to be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.dispatch.accounts.account_pool import AccountPool
from riffusion_tui.dispatch.accounts.gates import LIST
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.polling.poll_schedule import MAX_S, next_poll
from riffusion_tui.dispatch.polling.song_records import SongRecords
from riffusion_tui.jobs.model import FailureKind, Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import (
    NotFound,
    NotSent,
    OtherSongs,
    Oversized,
    RateLimited,
    Service,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
)

_LOCAL_S = 0.5
"""Poll interval of the studio in this process, for progress only: it reports finished songs itself."""
LOST_S = 180.0
"""How long a job may be missing from both the running jobs and the songs before it counts as lost."""
_NEW_S = 120.0
"""How long after a job was accepted "not found" may only mean that the service doesn't list it yet."""
UNREADABLE_S = 10.0
"""Additional delay per consecutive unreadable response."""
_OF_ACCOUNT = (base.BadRequest, base.Forbidden, NotFound, base.Conflict, base.Expired, base.Refused)
"""Errors of a list of songs that concern only its account."""
_LOST = {base.Forbidden: FailureKind.FORBIDDEN, base.Expired: FailureKind.EXPIRED}


@dataclass(slots=True)
class _Absence:
    """How long the service hasn't mentioned a job, according to the polls so far."""

    polled_at: float
    seconds: float = 0.0


class Poller:
    """Polls running jobs."""

    def __init__(self, context: DispatchContext, service: Service, accounts: AccountPool) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._accounts = accounts
        self._wake_up = context.new_wake_up()
        self._records = SongRecords(context)
        self._unreadable = 0
        """Consecutive unreadable responses."""
        self._limited = False
        """Whether the last poll was answered with a 429, which closed a gate until the next one."""
        self._absent: dict[str | None, _Absence] = {}
        """Jobs that the service doesn't mention, by remote id: a job that is sent again has another."""
        self._schedules = service.capabilities.schedules
        self.finished = self._records.finished
        """Records of finished songs, to be fetched."""

    async def run(self) -> None:
        """Poll when due, forever."""
        while True:
            jobs = self._jobs()
            if not jobs:
                await self._wake_up.wait()
                continue
            if there := [job for job in jobs if job.remote_id in self._context.arrived]:
                songs = tuple(self._context.arrived.pop(job.remote_id or "") for job in there)
                await self._context.write(self._note, there, base.PollResult(songs))
                self._context.wake_all()
                continue
            now = self._context.clock.now()
            accepted = [job.accepted_at or now for job in jobs]
            due = now if self._context.poll_now else self._next_poll_at(accepted, now)
            if due > now:
                await self._wake_up.wait(due - now)
            else:
                self._context.poll_now = False
                await self._poll(jobs)
                self._records.polled_at = self._context.clock.now()

    def _next_poll_at(self, accepted: Sequence[float], now: float) -> float:
        if self._limited and (gate := self._gates.closed(WaitCause.UPSTREAM)) and gate.until is not None:
            return gate.until
        if self._unreadable and self._records.polled_at is not None:
            return self._records.polled_at + min(backoff.MAX_BACKOFF_S, UNREADABLE_S * self._unreadable)
        if self._service.capabilities.local and self._records.polled_at is not None:
            return self._records.polled_at + _LOCAL_S
        due = next_poll(accepted, self._context.store.usual_time(self._context.service), self._records.polled_at, now)
        maximum = self._service.capabilities.poll_s
        return due if self._records.polled_at is None or not maximum else min(due, self._records.polled_at + maximum)

    def _jobs(self) -> tuple[Job, ...]:
        """Return the jobs that can be polled now."""
        jobs = self._context.store.with_status(self._context.service, Status.MAKING)
        if not jobs or self._gates.service_unreachable:
            return ()
        broken = self._gates.broken_accounts()
        return tuple(job for job in jobs if job.account not in broken)

    async def _poll(self, jobs: Sequence[Job]) -> None:
        self._limited = False
        absent = await self._not_running(jobs)
        if not absent:
            return
        followed = [base.PolledJob(job.remote_id or "", job.account) for job in absent]
        polled = await self._service.poll(followed)
        await self._context.write(self._note, absent, polled)
        strange = any(isinstance(error, Unreadable) for _, error in polled.troubles)
        self._unreadable = self._unreadable + 1 if strange else 0
        self._context.wake_all()

    async def _not_running(self, jobs: Sequence[Job]) -> list[Job]:
        """Fetch the running jobs of all accounts in one call; return the jobs not among them, or all on failure."""
        if not self._schedules:
            return list(jobs)
        try:
            workload = await self._service.workload()
        except (NotSent, Unanswered, Unauthorized, RateLimited) as error:
            self._trouble(error, None)
            return []
        except ServiceError as error:
            self._schedules = not isinstance(error, NotFound)
            return list(jobs)
        await self._context.write(self._accounts.note_workload, workload)
        running = {job.remote_id for job in workload.running}
        for job in jobs:
            if job.remote_id in running:
                self._absent.pop(job.remote_id, None)
        if self._service.capabilities.local:
            return list(jobs)  # their records have the progress
        return [job for job in jobs if job.remote_id not in running]

    def _trouble(self, error: ServiceError, account: str | None) -> None:
        if not self._gates.close_for(error, account):
            self._gates.note_unreachable(error)
        self._limited = self._limited or isinstance(error, RateLimited)

    def _note(self, jobs: Sequence[Job], polled: base.PollResult) -> None:
        """Store what the service reported about `jobs`."""
        by_id = {job.remote_id: job for job in jobs}
        silent = dict(by_id)
        with self._context.store.transaction():
            for song in polled.songs:
                job = by_id.get(song.remote_id)
                if job is not None:
                    silent.pop(song.remote_id, None)
                    self._absent.pop(job.remote_id, None)
                    self._records.keep(job, song)
            for remote_id, error in polled.lost:
                if isinstance(error, Oversized | OtherSongs):  # it may still be made
                    self._records.annotate([by_id[remote_id]], str(error))
                elif remote_id in silent and self._lost(silent[remote_id], error):
                    del silent[remote_id]
            answered = {job.account for job in jobs} - {account for account, _ in polled.troubles}
            for job in self._after_troubles(polled, silent.values(), partly=bool(answered)):
                self._count_absence(job)

    def _after_troubles(self, polled: base.PollResult, silent: Iterable[Job], *, partly: bool) -> list[Job]:
        """Note the errors of accounts; return the jobs that were really not mentioned.

        Args:
            polled: the result.
            silent: the jobs it doesn't mention.
            partly: whether other accounts were answered, so that a server error isn't the whole service's.
        """
        left = list(silent)
        if not polled.troubles:
            self._gates.note_readable(LIST)
        for account, error in polled.troubles:
            theirs = [job for job in left if account in (None, job.account)]
            if isinstance(error, Unreadable):
                self._gates.note_unreadable(LIST, error)
                self._records.annotate(theirs, str(error))
            elif isinstance(error, _OF_ACCOUNT) and account is not None:
                self._records.annotate(theirs, str(error))
                continue  # no poll can succeed, so its missing jobs count
            elif isinstance(error, base.ServerFault) and account is not None and partly:
                self._records.annotate(theirs, str(error))
            else:
                self._trouble(error, account)
            left = [job for job in left if job not in theirs]
        return left

    def _lost(self, job: Job, error: ServiceError) -> bool:
        """End or resend a job that the service no longer has; return False if it may just be too new."""
        if self._context.send_again(job, str(error)):
            return True
        young = self._context.clock.now() - (job.accepted_at or 0.0) < _NEW_S
        if isinstance(error, NotFound) and young:
            return False
        self._records.end(job, Status.FAILED, _LOST.get(type(error), FailureKind.NOT_FOUND), str(error))
        return True

    def _count_absence(self, job: Job) -> None:
        """Count a poll that didn't mention a job. Hours without polls, suspended or offline, don't count."""
        now = self._context.clock.steady()
        absence = self._absent.setdefault(job.remote_id, _Absence(now))
        absence.seconds += min(now - absence.polled_at, MAX_S)
        absence.polled_at = now
        if absence.seconds >= LOST_S:
            del self._absent[job.remote_id]
            if self._context.send_again(job, "the service no longer lists it"):
                return
            silence = (
                f"The service hasn't listed the job for {LOST_S / 60:.0f} minutes; it may have lost it in a restart."
            )
            why = job.error or silence
            words = f"{why} Retry it to check once more, repeat it to send it again, or delete it."
            self._records.end(job, Status.FAILED, FailureKind.STALLED, words)
