"""Reconcile *maybe sent* jobs: find proof that the request was accepted, or leave the decision to the user.

Proof is a running job or song that no other request can have made: one with this job's `replyRef`, or with the same
account, prompt and time; and only if there is exactly one, or if all are certainly from one request. Finding nothing
proves nothing: that is reported, and the user decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from riffusion_tui.clean import clean_line
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.requests.job_builder import sibling
from riffusion_tui.jobs.model import FailureKind, Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import NotSent, RemoteSong, RunningJob, Service, ServiceError, Unanswered

_CHECKS_S = (0.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
"""Times of the checks, in seconds after the first."""
_ASK_AFTER_CHECKS = 4
"""Number of checks before the user is asked; checks continue after that."""
EARLY_S, _LATE_S = 120.0, 900.0
"""Tolerance between the times of a request and of a song with the same prompt: clocks differ, queues are long."""
LIST = 100
_NOT_SEEN = (
    "The service may or may not have received this prompt. Check whether the song is there, then decide whether to send"
    " it again."
)
_NOT_RUNNING = (
    "The service isn't running it, and its song list doesn't include prompts. Check whether the song is"
    " there, then decide whether to send it again."
)


class Reconciler:
    """Finds out whether *maybe sent* jobs were accepted."""

    def __init__(self, context: DispatchContext, service: Service) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._wake_up = context.new_wake_up()
        self._since: dict[int, float] = {}
        self._checks: dict[int, int] = {}
        self.has_checked = False
        """Whether all jobs under way at the start of this process have been checked."""

    def adopt(self, *, alive: bool = False) -> None:
        """Mark jobs that another process was sending as *maybe sent*, or resend them if that is free.

        Args:
            alive: that process is suspended, not dead, so the service is checked first, even if resending is free.
        """
        context = self._context
        why = "the process that sent it was stopped" if alive else "the program stopped before the response arrived"
        with context.store.transaction():
            for job in context.store.with_status(context.service, Status.SENDING, Status.MAYBE_SENT):
                if not alive and context.send_again(job, why):
                    continue
                if job.status is Status.MAYBE_SENT:
                    continue
                context.store.update(job.id, Status.MAYBE_SENT, "maybe sent", why)

    async def run(self) -> None:
        """Check when due, forever."""
        context = self._context
        while True:
            jobs = context.store.with_status(context.service, Status.MAYBE_SENT)
            if not jobs and not self.has_checked:
                self.has_checked = True
                context.wake_all()
            if not jobs or self._gates.service_unreachable:
                await self._wake_up.wait()
                continue
            due = min(self._due(job) for job in jobs)
            if due <= 0:
                await self._check(jobs)
            else:
                await self._wake_up.wait(due)

    def _due(self, job: Job) -> float:
        checks = self._checks.get(job.id, 0)
        if checks >= len(_CHECKS_S):
            return inf
        now = self._context.clock.steady()
        return self._since.setdefault(job.id, now) + _CHECKS_S[checks] - now

    async def _check(self, jobs: Sequence[Job]) -> None:
        """Fetch the running jobs, then the songs of accounts that may have the rest."""
        for job in jobs:
            if self._due(job) <= 0:
                self._checks[job.id] = self._checks.get(job.id, 0) + 1
        try:
            workload = await self._service.workload()
            await self._context.write(self.match, workload.running)
        except ServiceError as error:
            if not self._is_final(error):
                return
        # A list with neither prompts nor references can't identify a song, so it isn't fetched.
        listing = self._service.capabilities.list_proves
        for account in {job.account for job in self._left()} if listing else ():
            try:
                songs = await self._service.songs(account, limit=LIST)
            except ServiceError as error:
                if not self._is_final(error):
                    return
            else:
                await self._context.write(self._match_songs, songs)
        await self._context.write(self._report)
        self.has_checked = True
        self._context.wake_all()

    def _is_final(self, error: ServiceError) -> bool:
        """Whether an error is final, so that repeating the call won't help."""
        self._gates.close_for(error, None)
        if isinstance(error, NotSent | Unanswered):
            self._checks = {id: checks - 1 for id, checks in self._checks.items()}
            if isinstance(error, Unanswered):
                self._gates.note_unreachable(error)
            return False
        return self._gates.closed(WaitCause.TOKEN) is None

    def _left(self) -> tuple[Job, ...]:
        return self._context.store.with_status(self._context.service, Status.MAYBE_SENT)

    def match(self, running: Iterable[RunningJob]) -> None:
        """Match jobs with running jobs, by `replyRef`."""
        free = [job for job in running if job.ref and self._unclaimed(job.remote_id)]
        for job in self._left():
            mine = [one for one in free if one.ref == job.ref and _since(job, one.started_at)]
            if mine and self._singles_out(job) and (len(mine) == 1 or _own(job)):
                self._found(job, mine, "the service runs it")

    def _match_songs(self, songs: Iterable[RemoteSong]) -> None:
        """Match jobs with songs, by `replyRef`, else by account, prompt and time."""
        free = [song for song in songs if self._unclaimed(song.remote_id)]
        rivals = self._context.store.with_status(self._context.service, Status.MAYBE_SENT, Status.SENDING)
        for job in self._left():
            mine = []
            if self._singles_out(job):
                mine = [song for song in free if song.ref == job.ref and _since(job, song.created_at)]
            if not mine and sum(other.prompt == job.prompt and other.account == job.account for other in rivals) == 1:
                mine = [song for song in free if _alike(job, song)]
            if mine and (len(mine) == 1 or _one_request(job, mine)):
                self._found(job, mine, "the service lists it")
                free = [song for song in free if song not in mine]

    def _unclaimed(self, remote_id: str) -> bool:
        return self._context.store.with_remote_id(self._context.service, remote_id) is None

    def _singles_out(self, job: Job) -> bool:
        return self._context.store.count_requests(self._context.service, job.ref) == 1

    def _found(self, job: Job, songs: Sequence[RunningJob | RemoteSong], how: str) -> None:
        first, *more = songs
        store, account, takes = self._context.store, first.account or job.account, job.takes * len(songs)
        self._gates.open(WaitCause.FAULT)  # the request was accepted; only its response was lost
        with store.transaction():
            found = store.update(
                job.id,
                Status.MAKING,
                "was accepted",
                how,
                Status.MAYBE_SENT,
                remote_id=first.remote_id,
                account=account,
                accepted_at=job.sent_at,
                takes=takes,
            )
            one = found._replace(takes=job.takes)
            store.add(
                [sibling(one, number, other.remote_id, Status.MAKING, takes) for number, other in enumerate(more, 1)]
            )

    def _report(self) -> None:
        """Note the outcome on each job that is still unknown."""
        for job in self._left():
            if self._checks.get(job.id, 0) >= _ASK_AFTER_CHECKS and job.trouble != FailureKind.USER:
                if self._context.send_again(job, "the service doesn't show it"):
                    continue
                words = _NOT_SEEN if self._service.capabilities.list_proves else _NOT_RUNNING
                self._context.store.update(job.id, None, "checked", words, trouble=FailureKind.USER, error=words)


def _since(job: Job, moment: float | None) -> bool:
    """Whether it may have started with this request: a user's own `replyRef` may have been used before."""
    return moment is None or job.sent_at is None or moment >= job.sent_at - EARLY_S


def _own(job: Job) -> bool:
    """Whether its reference was generated, and is therefore unique: every song with it is this job's."""
    return job.options.reply_ref is None


def _one_request(job: Job, songs: Sequence[RemoteSong]) -> bool:
    """Whether several songs are certainly from this job's request: by our reference, or by the service's grouping."""
    if _own(job) and all(song.ref == job.ref for song in songs):
        return True
    return len({song.group for song in songs}) == 1 and all(song.group for song in songs)


def _alike(job: Job, song: RemoteSong) -> bool:
    """Whether a song without a `replyRef` could be this job's."""
    if song.ref or not song.prompt or song.created_at is None or job.sent_at is None:
        return False
    same = clean_line(song.prompt) == clean_line(job.prompt) and song.account in ("", job.account)
    return same and job.sent_at - EARLY_S <= song.created_at <= job.sent_at + _LATE_S
