"""Poll running jobs: few requests, each for all jobs. Finished songs are passed on to be fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from riffusion_tui.clean import clean_line
from riffusion_tui.dispatch import backoff
from riffusion_tui.dispatch.account_pool import AccountPool
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.gates import LIST
from riffusion_tui.dispatch.job_boundary import JobDefect, isolate_defects
from riffusion_tui.dispatch.job_builder import sibling
from riffusion_tui.dispatch.poll_schedule import next_poll
from riffusion_tui.jobs.model import FailureKind, Job, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import (
    NotFound,
    NotSent,
    Oversized,
    RemoteSong,
    Service,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
)
from riffusion_tui.store import StatusConflict
from riffusion_tui.store.store_types import JobChanges

LOCAL_S = 0.5
"""Poll interval of the studio in this process, for progress only: it reports finished songs itself."""
LOST_S = 180.0
"""How long a job may be missing from both the running jobs and the songs before it counts as lost."""
LOST_POLLS = 2
"""Polls without the job, at least, before it counts as lost."""
NEW_S = 120.0
"""How long after a job was accepted "not found" may only mean that the service doesn't list it yet."""
UNREADABLE_S = 10.0
"""Additional delay per consecutive unreadable response."""
DISK_FULL = "The service's disk is full: free some disk space, and the songs continue"
"""The note on a job that the service can't make for now."""
MAX_BPM = 1000
_MAX_WORD = 100
"""Maximum characters of a key, mode or genre."""
_LOST = {base.Forbidden: FailureKind.FORBIDDEN, base.Expired: FailureKind.EXPIRED}


@dataclass(slots=True)
class _Absence:
    """Polls in which the service didn't mention a job."""

    since: float
    polls: int = 0


class Poller:
    """Polls running jobs."""

    def __init__(self, context: DispatchContext, service: Service, accounts: AccountPool) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._accounts = accounts
        self._wake_up = context.new_wake_up()
        self._polled_at: float | None = None
        self._unreadable = 0
        """Consecutive unreadable responses."""
        self._absent: dict[int, _Absence] = {}
        self._schedules = service.capabilities.schedules
        self.finished: dict[int, RemoteSong] = {}
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
                self._polled_at = self._context.clock.now()

    def _next_poll_at(self, accepted: Sequence[float], now: float) -> float:
        if self._unreadable and self._polled_at is not None:
            return self._polled_at + min(backoff.MAX_BACKOFF_S, UNREADABLE_S * self._unreadable)
        if self._service.capabilities.local and self._polled_at is not None:
            return self._polled_at + LOCAL_S
        due = next_poll(accepted, self._context.store.usual_time(self._context.service), self._polled_at, now)
        maximum = self._service.capabilities.poll_s
        return due if self._polled_at is None or not maximum else min(due, self._polled_at + maximum)

    def _jobs(self) -> tuple[Job, ...]:
        """Return the jobs that can be polled now."""
        jobs = self._context.store.with_status(self._context.service, Status.MAKING)
        if not jobs or self._gates.service_unreachable:
            return ()
        broken = self._gates.broken_accounts()
        return tuple(job for job in jobs if job.account not in broken)

    async def _poll(self, jobs: Sequence[Job]) -> None:
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
        except (NotSent, Unanswered, Unauthorized) as error:
            self._trouble(error, None)
            return []
        except ServiceError as error:
            self._schedules = not isinstance(error, NotFound)
            return list(jobs)
        await self._context.write(self._accounts.note_workload, workload)
        running = {job.remote_id for job in workload.running}
        for job in jobs:
            if job.remote_id in running:
                self._absent.pop(job.id, None)
        if self._service.capabilities.local:
            return list(jobs)  # their records have the progress
        return [job for job in jobs if job.remote_id not in running]

    def _trouble(self, error: ServiceError, account: str | None) -> None:
        if not self._gates.close_for(error, account):
            self._gates.note_offline(error)

    def _note(self, jobs: Sequence[Job], polled: base.PollResult) -> None:
        """Store what the service reported about `jobs`."""
        by_id = {job.remote_id: job for job in jobs}
        silent = dict(by_id)
        with self._context.store.transaction():
            for song in polled.songs:
                job = by_id.get(song.remote_id)
                if job is not None:
                    silent.pop(song.remote_id, None)
                    self._store_record(job, song)
            for remote_id, error in polled.lost:
                if isinstance(error, Oversized):
                    self._annotate([by_id[remote_id]], str(error))
                elif remote_id in silent and self._lost(silent[remote_id], error):
                    del silent[remote_id]
            for job in self._after_troubles(polled, silent.values()):
                self._count_absence(job)

    def _after_troubles(self, polled: base.PollResult, silent: Iterable[Job]) -> list[Job]:
        """Note the errors of accounts; return the jobs that were really not mentioned."""
        left = list(silent)
        if not polled.troubles:
            self._gates.note_readable(LIST)
        known = {one.user_id for one in self._context.store.accounts(self._context.service)}
        for account, error in polled.troubles:
            theirs = [job for job in left if account in (None, job.account)]
            if isinstance(error, Unreadable):
                self._gates.note_unreadable(LIST, error)
                self._annotate(theirs, str(error))
            elif isinstance(error, base.BadRequest | NotFound) and account is not None and account not in known:
                continue  # the account is gone, so its missing jobs count
            else:
                self._trouble(error, account)
            left = [job for job in left if job not in theirs]
        return left

    def _annotate(self, jobs: Sequence[Job], words: str, trouble: FailureKind | None = None) -> None:
        """Note on each job why its progress is unknown, or why it waits at the service (`trouble`)."""
        what = "waits" if trouble else "can't be followed"
        for job in jobs:
            if job.error != words and self._is_making(job):
                self._context.store.update(job.id, None, what, words, trouble=trouble, error=words)

    def _is_making(self, job: Job) -> bool:
        """Whether it is still being made: it may have been cancelled during the request."""
        return self._context.store.job(job.id).status == Status.MAKING

    def _store_record(self, job: Job, song: RemoteSong) -> None:
        """Store a song's record. An unexpected error fails this job only."""
        try:
            with isolate_defects(job):
                self._store_checked_record(job, song)
        except JobDefect as error:
            words = str(error)
            with suppress(StatusConflict):  # it may have been cancelled in the meantime
                self._context.store.update(
                    job.id, Status.FAILED, "failed", words, trouble=FailureKind.UNREADABLE, error=words
                )

    def _store_checked_record(self, job: Job, song: RemoteSong) -> None:
        self._absent.pop(job.id, None)
        self._context.progress.pop(job.id, None)
        if song.finished:
            self._finished(job, song)
            return
        if song.failed:
            flagged = song.flagged
            status, trouble = (
                (Status.REFUSED, FailureKind.MODERATION) if flagged else (Status.FAILED, FailureKind.SERVICE_FAILED)
            )
            words = song.error or ("The prompt was moderated." if flagged else "The service failed to make it.")
            self._end(job, status, trouble, words)
            return
        if song.disk_full:
            self._annotate([job], DISK_FULL, FailureKind.DISK)
        elif job.error and self._is_making(job):
            self._context.store.update(job.id, None, "followed again", trouble=None, error="")
        if song.progress is not None:
            self._context.progress[job.id] = song.progress

    def _end(self, job: Job, status: Status, trouble: FailureKind, words: str) -> None:
        if self._is_making(job):
            self._context.store.update(job.id, status, status.value, words, trouble=trouble, error=words)

    def _finished(self, job: Job, song: RemoteSong) -> None:
        """Store a finished song's record and queue its download."""
        store, now = self._context.store, self._context.clock.now()
        if not self._is_making(job):
            return
        self._note_time(job, song, now)
        parts = (song, *song.siblings)
        takes = job.takes * len(parts)
        store.update(job.id, Status.FETCHING, "made", song.status, **_fields(song, takes))
        self._keep_song(job.id, song)
        for number, other in enumerate(song.siblings, start=1):
            if store.with_remote_id(job.service, other.remote_id) is None:
                self._add_sibling(job, other, number, takes)

    def _note_time(self, job: Job, song: RemoteSong, now: float) -> None:
        """Record how long it took: as the service says, else assuming that it ended halfway between the last two polls.

        Edits don't count. If the last poll was too long ago, the estimate only counts if it is below the usual time.
        """
        if job.options.operation:
            return
        if song.made_s:
            self._context.store.add_time(job.service, song.made_s, song.duration_s)
            return
        accepted = job.accepted_at or now
        last = max(accepted, self._polled_at or accepted)
        took = (last + now) / 2 - accepted
        usual = self._context.store.usual_time(job.service)
        if took > 0 and (now - last <= max(1.0, took / 2) or (usual and took < usual.median_s)):
            self._context.store.add_time(job.service, took, song.duration_s)

    def _add_sibling(self, job: Job, song: RemoteSong, number: int, takes: int) -> None:
        (added,) = self._context.store.add([sibling(job, number, song.remote_id, Status.FETCHING, takes)])
        self._context.store.update(added.id, **_fields(song, takes))
        self._keep_song(added.id, song)

    def _keep_song(self, job_id: int, song: RemoteSong) -> None:
        self.finished[job_id] = song
        self._context.store.put_song(
            Song(
                job_id=job_id,
                lyrics=song.lyrics,
                timed_lyrics=song.timed_lyrics,
                timed_words=song.timed_words,
                waveform=song.waveform,
                plan=song.plan,
                share_url=song.share_url,
                image_url=song.image_url,
                raw=song.raw,
            )
        )

    def _lost(self, job: Job, error: ServiceError) -> bool:
        """End or resend a job that the service no longer has; return False if it may just be too new."""
        if self._context.send_again(job, str(error)):
            return True
        young = self._context.clock.now() - (job.accepted_at or 0.0) < NEW_S
        if isinstance(error, NotFound) and young:
            return False
        self._end(job, Status.FAILED, _LOST.get(type(error), FailureKind.NOT_FOUND), str(error))
        return True

    def _count_absence(self, job: Job) -> None:
        """Count a poll that didn't mention a job. Time without polls doesn't count."""
        now = self._context.clock.steady()
        absence = self._absent.setdefault(job.id, _Absence(now))
        absence.polls += 1
        if now - absence.since >= LOST_S and absence.polls > LOST_POLLS:
            del self._absent[job.id]
            if self._context.send_again(job, "the service no longer lists it"):
                return
            silence = (
                f"The service hasn't listed the job for {LOST_S / 60:.0f} minutes; it may have lost it in a restart."
            )
            why = job.error or silence
            words = f"{why} Retry it to check once more, repeat it to send it again, or delete it."
            self._end(job, Status.FAILED, FailureKind.STALLED, words)


def _fields(song: RemoteSong, takes: int) -> JobChanges:
    """Return the fields of a song that the job list shows."""
    inner = song.plan.get("plan")
    plan = inner if isinstance(inner, dict) else song.plan
    bpm = plan.get("bpm")
    return JobChanges(
        takes=takes,
        title=song.title,
        duration_s=song.duration_s,
        bpm=float(bpm) if isinstance(bpm, int | float) and 0 < bpm <= MAX_BPM else None,
        key=_key(_word(plan.get("key")), _word(plan.get("mode"))),
        genre=_word(plan.get("genre")),
        seed=_seed(song.plan.get("seed", plan.get("seed"))),
    )


def _seed(value: object) -> int | None:
    """Return a reusable seed, or None."""
    return value if type(value) is int and 0 <= value < 2**63 else None


def _key(tonic: str, mode: str) -> str:
    """Format a musical key: `Am`, `F#`, `D dorian`."""
    if not tonic or mode in ("", "major"):
        return tonic
    return f"{tonic}m" if mode == "minor" else f"{tonic} {mode}"


def _word(value: object) -> str:
    return clean_line(value, _MAX_WORD) if isinstance(value, str) else ""
