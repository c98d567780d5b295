"""Send queued jobs, one request at a time per account, and handle the response.

A job is stored as *sending* before its request starts. It is sent again only after a 429, if no connection was made,
or once the user has fixed the cause of a 401, 402 or 596.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.dispatch.accounts.account_pool import AccountPool
from riffusion_tui.dispatch.accounts.gates import CREATE, PROBED
from riffusion_tui.dispatch.context import MAX_RETRIES, DispatchContext
from riffusion_tui.dispatch.job_boundary import JobDefect, isolate_defects
from riffusion_tui.dispatch.keyed_tasks import KeyedTasks
from riffusion_tui.dispatch.requests.job_builder import sibling
from riffusion_tui.dispatch.sending.job_chooser import JobChooser
from riffusion_tui.dispatch.sending.queue_order import QueuePlace, positions
from riffusion_tui.dispatch.sending.reconciler import Reconciler
from riffusion_tui.file_lock import Displaced
from riffusion_tui.jobs.model import FailureKind, Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import (
    Accepted,
    AccountBroken,
    AccountBusy,
    BadAddress,
    BadRequest,
    Conflict,
    CreateRequest,
    Expired,
    Forbidden,
    NoCredits,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    ServerFault,
    Service,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
    WarmingUp,
)
from riffusion_tui.store import Store

_FAULT_REPEATS = 3
"""Maximum automatic retries after a server error."""
PAGES = 3
"""Unreadable responses after which a prompt fails if others are accepted; after one fewer, others go first."""

_NEIGHBORS = 200
"""Jobs at the start of the queue among which an untried one is looked for."""

# Errors that end a job: the service rejected it.
_FAILURES: dict[type[ServiceError], tuple[Status, FailureKind]] = {
    Refused: (Status.REFUSED, FailureKind.MODERATION),
    BadRequest: (Status.FAILED, FailureKind.BAD_REQUEST),
    Conflict: (Status.FAILED, FailureKind.BAD_REQUEST),
    Forbidden: (Status.FAILED, FailureKind.FORBIDDEN),
    NotFound: (Status.FAILED, FailureKind.NOT_FOUND),
    Expired: (Status.FAILED, FailureKind.EXPIRED),
}
# Errors that would end every other job the same way, so sending slows down.
_PAUSE_SERVICE = (Forbidden, NotFound, Expired)
# Errors that keep the job queued behind a gate.
_CLOSE_GATE = (WarmingUp, RateLimited, AccountBroken, Unauthorized, NoCredits, NotSent, BadAddress, Unreadable)


class Sender:
    """Posts the jobs that `JobChooser` chooses."""

    def __init__(
        self, context: DispatchContext, service: Service, accounts: AccountPool, reconciler: Reconciler
    ) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._accounts = accounts
        self._reconciler = reconciler
        self._chooser = JobChooser(context)
        self._wake_up = context.new_wake_up()
        self._requests = KeyedTasks[str | None](self._wake_up.wake)
        self._faults = 0
        self._pages: dict[int, list[int]] = {}
        """The numbers of requests that were accepted before each unreadable response to a job."""
        self._acceptances = 0

    async def run(self) -> None:
        """Send jobs forever, after the jobs that were being sent at the last exit are reconciled."""
        try:
            while True:
                self._requests.raise_errors()
                self._gates.follow_clock()
                if self._accounts.fetched and self._reconciler.has_checked:
                    self._start_all()
                await self._wake_up.wait(self._until_next_gate())
        finally:
            # Requests without a response by then become *maybe sent*.
            await self._requests.finish(self._context.clock.sleep(self._context.closing_s))

    def _start_all(self) -> None:
        """Start requests until the next job is one that was just started: its status changes once its task runs."""
        started: set[int] = set()
        while (choice := self._chooser.next(self._requests.running())) is not None and choice[0].id not in started:
            started.add(choice[0].id)
            job, account = choice
            self._requests.start(account, self._post(job, account))

    def _until_next_gate(self) -> float | None:
        now = self._context.clock.now()
        waits = [
            gate.until - now
            for gate in self._context.store.gates(self._context.service)
            if gate.until is not None and gate.until > now and gate.cause not in PROBED
        ]
        return min(waits, default=None)

    # -- one request

    async def _post(self, job: Job, account: str | None) -> None:
        context = self._context

        def intend() -> Job:
            return context.store.update(
                job.id,
                Status.SENDING,
                "sending",
                f"to {account}" if account else "",
                Status.QUEUED,
                account=account,
                tries=job.tries + 1,
                sent_at=context.clock.now(),
                accepted_at=None,
                remote_id=None,
            )

        sending = await context.write(intend)
        if sending is None:
            return
        self._wake_up.wake()  # send the next job
        outcome = await self._outcome(sending)
        try:
            await self._note(sending, outcome)
        except Displaced:
            await context.write(self._late, sending, outcome)
            raise
        context.wake_all()

    async def _outcome(self, job: Job) -> Accepted | ServiceError | Displaced:
        """Send the request; return the response or why there is none."""
        context = self._context
        request = CreateRequest(job.prompt, job.options, job.ref, job.account, context.check)
        try:
            with isolate_defects(job, ServiceError, Displaced):
                return await self._service.create(request)
        except JobDefect as error:
            return Unanswered(str(error))
        except (ServiceError, Displaced) as error:
            return error
        except asyncio.CancelledError:
            with suppress(Displaced):  # the process that took over has done this
                context.store.update(
                    job.id, Status.MAYBE_SENT, "maybe sent", "the program ended before the response arrived"
                )
            raise

    async def _note(self, job: Job, outcome: Accepted | ServiceError | Displaced) -> None:
        match outcome:
            case Accepted():
                await self._context.write(self._accepted, job, outcome)
            case Displaced():
                raise outcome
            case _:
                await self._not_accepted(job, outcome)

    def _late(self, job: Job, outcome: Accepted | ServiceError | Displaced) -> None:
        """Store a request's outcome after another process, which can't know it, took over.

        Does nothing if that process has found out, or the user has decided.
        """
        store = self._context.store.checked(None)
        with store.transaction():
            now = store.job(job.id)
            if now.status not in (Status.SENDING, Status.MAYBE_SENT) or (now.ref, now.sent_at) != (
                job.ref,
                job.sent_at,
            ):
                return
            if isinstance(outcome, Accepted):
                if store.with_remote_id(job.service, outcome.remote_ids[0]) is None:
                    self._making(store, now, outcome)
            elif not isinstance(outcome, Unanswered | ServerFault):
                store.update(job.id, Status.QUEUED, "not accepted", str(outcome), now.status, account=None)

    def _making(self, store: Store, job: Job, accepted: Accepted) -> None:
        first, *more = accepted.remote_ids
        account, takes = accepted.account or job.account, job.takes * len(accepted.remote_ids)
        now = self._context.clock.now()
        store.update(
            job.id, Status.MAKING, "accepted", first, account=account, remote_id=first, accepted_at=now, takes=takes
        )
        one = job._replace(account=account, accepted_at=now)
        store.add([sibling(one, number, id, Status.MAKING, takes) for number, id in enumerate(more, start=1)])

    def _accepted(self, job: Job, accepted: Accepted) -> None:
        account, sent_at = accepted.account or job.account, job.sent_at or self._context.clock.now()
        with self._context.store.transaction():
            self._making(self._context.store, job, accepted)
            self._acceptances += 1
            self._pages.pop(job.id, None)
            self._gates.note_readable(CREATE)
            self._gates.open_after(WaitCause.UPSTREAM, sent_at)
            if self._gates.open_after(WaitCause.FAULT, sent_at):
                self._faults = 0
            self._accounts.note_accepted(account)
            self._gates.open(WaitCause.WARMING, account)
        self._context.arrived |= {song.remote_id: song for song in accepted.songs}

    async def _not_accepted(self, job: Job, error: ServiceError) -> None:
        context = self._context
        if isinstance(error, AccountBroken) and not job.account:
            broken = await self._accounts.find_broken()
            await context.write(self._back_to_broken, job, error, broken)
        elif isinstance(error, Unreadable) and self._is_blocked(job):
            words = f"{error} Other prompts are accepted: change this one's words, or retry it later."
            await context.write(self._ended, job, Unreadable(words), Status.FAILED, FailureKind.UNREADABLE)
        elif isinstance(error, _CLOSE_GATE):
            await context.write(self._back, job, error)
        elif failure := next((result for kind, result in _FAILURES.items() if isinstance(error, kind)), None):
            await context.write(self._ended, job, error, *failure)
        else:
            await context.write(self._unknown, job, error)

    def _back(self, job: Job, error: ServiceError) -> None:
        """Put the job back into the queue and close the gate for the error."""
        context = self._context
        with context.store.transaction():
            what = "rate limited" if isinstance(error, RateLimited) else "not accepted"
            context.store.update(job.id, Status.QUEUED, what, str(error), Status.SENDING, account=None)
            if isinstance(error, AccountBusy):
                self._note_busy(job, error)
            elif isinstance(error, Unreadable):
                self._gates.note_unreadable(CREATE, error)  # a proxy's page or a redirect
                self._let_another_try(job)
            elif not self._gates.close_for(error, job.account):
                self._gates.note_unreachable(error)

    def _note_busy(self, job: Job, error: AccountBusy) -> None:
        """Close the gate of the account that is full, and of the one that was asked, if they differ."""
        full = error.account or job.account
        whose = self._accounts.note_busy(full, error.running) if full else ""
        for account in {full, job.account}:
            tries = self._gates.next_try(WaitCause.BUSY, account)
            wait = backoff.rate_limited(tries, error.retry_after_s, self._context.rng)
            self._gates.close(WaitCause.BUSY, account, seconds=wait, tries=tries, detail=whose or str(error))
        self._reconciler.match(error.running)

    def _is_blocked(self, job: Job) -> bool:
        """Note an unreadable response; return whether it is this prompt's fault: others were accepted in between."""
        pages = self._pages.setdefault(job.id, [])
        pages.append(self._acceptances)
        blocked = len(pages) >= PAGES and self._acceptances > pages[0]
        if blocked:
            del self._pages[job.id]
        return blocked

    def _let_another_try(self, job: Job) -> None:
        """Move the job behind one that can show whether the service is at fault, or this prompt."""
        order = self._context.store.queue(self._context.service, _NEIGHBORS)
        untried = next((at for at, other in enumerate(order) if other.id not in self._pages), None)
        if untried is not None and len(self._pages.get(job.id, ())) >= PAGES - 1:
            self._context.store.place(positions(order[: untried + 1], {job.id}, QueuePlace.BOTTOM))

    def _back_to_broken(self, job: Job, error: AccountBroken, broken: Sequence[str]) -> None:
        context = self._context
        with context.store.transaction():
            context.store.update(job.id, Status.QUEUED, "not accepted", str(error), Status.SENDING)
            for account in broken or (None,):
                self._gates.close(WaitCause.BROKEN, account, detail=str(error))

    def _ended(self, job: Job, error: ServiceError, status: Status, trouble: FailureKind) -> None:
        with self._context.store.transaction():
            self._context.store.update(
                job.id, status, "not accepted", str(error), Status.SENDING, trouble=trouble, error=str(error)
            )
            if isinstance(error, _PAUSE_SERVICE):
                self._brake(error)
            else:
                self._faults = 0

    def _unknown(self, job: Job, error: ServiceError) -> None:
        """Handle an unknown outcome: resend it before it is reconciled only if a retry is free."""
        context, failed = self._context, isinstance(error, ServerFault)
        with context.store.transaction():
            if not context.send_again(job, str(error), _FAULT_REPEATS if failed else MAX_RETRIES):
                status = Status.FAILED if context.repeatable else Status.MAYBE_SENT
                what = "given up" if context.repeatable else "maybe sent"
                trouble = FailureKind.SERVER if failed else FailureKind.UNANSWERED
                context.store.update(
                    job.id, status, what, str(error), Status.SENDING, trouble=trouble, error=str(error)
                )
            self._brake(error)

    def _brake(self, error: ServiceError) -> None:
        """Delay the next request, longer each time, so that a failing service doesn't use up the queue."""
        self._faults += 1
        wait = backoff.faulty(self._faults, self._context.rng) / (8 if self._context.repeatable else 1)
        wait = backoff.as_asked(wait, error.retry_after_s)
        self._gates.close(WaitCause.FAULT, seconds=wait, tries=self._faults, detail=str(error))
