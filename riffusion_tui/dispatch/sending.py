"""Sends queued jobs: which, to which account, when; and what each answer means.

A job is *sending* on the disk before a byte of its request leaves. It is sent again only after a 429, or when the
connection was never made, or when a person has mended what an answer (401, 402, 596) said was broken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from riffusion_tui.dispatch import backoff
from riffusion_tui.dispatch.accounts import Accounts
from riffusion_tui.dispatch.core import PROBED, Core
from riffusion_tui.dispatch.pairs import sibling
from riffusion_tui.dispatch.settling import Settling
from riffusion_tui.jobs.model import Account, Cause, Gate, Job, Trouble
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
    Unauthorized,
    Unreadable,
)

CLOSING_S = 10.0
"""How long a request that is on its way is waited for when the program ends."""

# What ends a job; the service did not take it.
_ENDS: tuple[tuple[type[ServiceError], Status, Trouble], ...] = (
    (Refused, Status.REFUSED, Trouble.MODERATION),
    (BadRequest, Status.FAILED, Trouble.BAD_REQUEST),
    (Conflict, Status.FAILED, Trouble.BAD_REQUEST),
    (Forbidden, Status.FAILED, Trouble.FORBIDDEN),
    (NotFound, Status.FAILED, Trouble.NOT_FOUND),
    (Expired, Status.FAILED, Trouble.EXPIRED),
    (Unreadable, Status.FAILED, Trouble.UNREADABLE),
)
# What would end every other job in the same way, one after the other, if nothing slowed it down.
_BRAKES = (Forbidden, NotFound, Expired, Unreadable)
# What leaves the job queued behind a gate.
_GATES = (RateLimited, AccountBroken, Unauthorized, NoCredits, NotSent, BadAddress)


class Sending:
    """Chooses jobs and posts them, one request at a time for each account."""

    def __init__(self, core: Core, service: Service, accounts: Accounts, settling: Settling) -> None:
        self._core = core
        self._service = service
        self._accounts = accounts
        self._settling = settling
        self._bell = core.bell()
        self._posting: dict[str | None, asyncio.Task[None]] = {}
        self._faults = 0

    async def run(self) -> None:
        """Send what can be sent, for ever. Nothing goes out before what was on its way last time is known."""
        try:
            while True:
                self._raise_defects()
                self._core.keep_time()
                if self._accounts.answered and self._settling.looked:
                    while (choice := self._choose()) is not None:
                        self._start(*choice)
                await self._bell.wait(self._until_next_gate())
        finally:
            await self._finish()

    def _start(self, job: Job, account: str | None) -> None:
        task = asyncio.ensure_future(self._post(job, account))
        self._posting[account] = task
        task.add_done_callback(lambda _: self._bell.ring())

    def _raise_defects(self) -> None:
        done = [account for account, task in self._posting.items() if task.done()]
        for account in done:
            self._posting.pop(account).result()

    async def _finish(self) -> None:
        """Wait a little for requests that are on their way; what is not answered by then is *maybe sent*."""
        tasks = list(self._posting.values())
        if not tasks:
            return
        limit = asyncio.ensure_future(self._core.clock.sleep(CLOSING_S))
        everything = asyncio.gather(*tasks, return_exceptions=True)
        waits: tuple[asyncio.Future[Any], ...] = (limit, everything)
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in (limit, *tasks):
            task.cancel()
        await asyncio.gather(limit, *tasks, return_exceptions=True)

    def _until_next_gate(self) -> float | None:
        now = self._core.clock.now()
        waits = [
            gate.until - now
            for gate in self._core.store.gates(self._core.service)
            if gate.until is not None and gate.until > now and gate.cause not in PROBED
        ]
        return min(waits, default=None)

    # -- which job, to which account

    def _choose(self) -> tuple[Job, str | None] | None:
        """Return the next job that some account can take now: the first in the queue, to the least loaded account."""
        gates = self._core.store.gates(self._core.service)
        if self._trying_again(gates) and any(not task.done() for task in self._posting.values()):
            return None
        best: tuple[tuple[float, int, float], Job, str | None] | None = None
        for account, used, total, pinned in self._slots():
            if not self._free(account, gates):
                continue
            job = self._core.store.next_for(self._core.service, account, used, total, pinned=pinned)
            if job is None:
                continue
            rank = (job.position, job.id, used / total if total else 0.0)
            if best is None or rank < best[0]:
                best = (rank, job, account)
        return best[1:] if best else None

    def _slots(self) -> list[tuple[str | None, int, int | None, bool]]:
        """Return (account, slots filled, slots in all, only what is pinned to it) for each place to send to."""
        store, service = self._core.store, self._core.service
        loads = self._core.loads()
        known: Sequence[Account] = store.accounts(service)
        slots: list[tuple[str | None, int, int | None, bool]] = [
            (one.user_id, loads.get(one.user_id, 0) + one.others, one.max_jobs, False) for one in known
        ]
        strangers = set(store.pins(service)) - {one.user_id for one in known}
        slots += [(pin, loads.get(pin, 0), None, True) for pin in sorted(strangers)]
        if not known:
            slots.append((None, 0, None, False))
        return slots

    def _free(self, account: str | None, gates: Sequence[Gate]) -> bool:
        task = self._posting.get(account)
        return (task is None or task.done()) and self._core.barring(gates, account) is None

    def _trying_again(self, gates: Sequence[Gate]) -> bool:
        """Whether the service limited us or failed last time: then one request finds out, not one from each account."""
        return any(gate.cause in (Cause.UPSTREAM, Cause.FAULT) for gate in gates)

    # -- one request

    async def _post(self, job: Job, account: str | None) -> None:
        core = self._core

        def intend() -> Job:
            return core.store.update(
                job.id,
                Status.SENDING,
                "sending",
                f"to {account}" if account else "",
                Status.QUEUED,
                account=account,
                tries=job.tries + 1,
                sent_at=core.clock.now(),
                accepted_at=None,
                remote_id=None,
            )

        sending = await core.keep(intend)
        if sending is None:
            return
        try:
            accepted = await self._service.create(CreateRequest(sending.prompt, sending.options, sending.ref, account))
        except ServiceError as error:
            await self._not_accepted(sending, error)
        except asyncio.CancelledError:
            core.store.update(job.id, Status.MAYBE_SENT, "maybe sent", "the program ended before the answer came")
            raise
        else:
            await core.keep(self._accepted, sending, accepted)
        core.ring()

    def _accepted(self, job: Job, accepted: Accepted) -> None:
        store, first, *more = self._core.store, *accepted.remote_ids
        account, takes = accepted.account or job.account, job.takes * len(accepted.remote_ids)
        now = self._core.clock.now()
        sent_at = job.sent_at or now
        with store.together():
            store.update(
                job.id, Status.MAKING, "accepted", first, account=account, remote_id=first, accepted_at=now, takes=takes
            )
            one = job._replace(account=account, accepted_at=now)
            store.add([sibling(one, number, id, Status.MAKING, takes) for number, id in enumerate(more, start=1)])
            self._core.passed(Cause.UPSTREAM, sent_at)
            if self._core.passed(Cause.FAULT, sent_at):
                self._faults = 0
            self._accounts.works(account)
        self._core.arrived |= {song.remote_id: song for song in accepted.songs}

    async def _not_accepted(self, job: Job, error: ServiceError) -> None:
        core = self._core
        if isinstance(error, AccountBroken) and not (error.account or job.account):
            broken = await self._accounts.find_broken()
            await core.keep(self._back_to_broken, job, error, broken)
        elif isinstance(error, _GATES):
            await core.keep(self._back, job, error)
        else:
            for kind, status, trouble in _ENDS:
                if isinstance(error, kind):
                    await core.keep(self._ended, job, error, status, trouble)
                    return
            await core.keep(self._unknown, job, error)

    def _back(self, job: Job, error: ServiceError) -> None:
        """Put the job back into the queue behind the gate that its answer closes."""
        core = self._core
        with core.store.together():
            core.store.update(job.id, Status.QUEUED, "not accepted", str(error), Status.SENDING, account=None)
            if isinstance(error, AccountBusy):
                account = error.account or job.account
                tries = core.tries(Cause.BUSY, account)
                wait = backoff.rate_limited(tries, error.retry_after_s, core.rng)
                core.close(Cause.BUSY, account, seconds=wait, tries=tries, detail=str(error))
                if account:
                    self._accounts.note_busy(account, error.running)
                self._settling.match(error.running)
            elif not core.note_trouble(error, job.account):
                core.offline(error)

    def _back_to_broken(self, job: Job, error: AccountBroken, broken: Sequence[str]) -> None:
        core = self._core
        with core.store.together():
            core.store.update(job.id, Status.QUEUED, "not accepted", str(error), Status.SENDING)
            for account in broken or (None,):
                core.close(Cause.BROKEN, account, detail=str(error))

    def _ended(self, job: Job, error: ServiceError, status: Status, trouble: Trouble) -> None:
        with self._core.store.together():
            self._core.store.update(
                job.id, status, "not accepted", str(error), Status.SENDING, trouble=trouble, error=str(error)
            )
            if isinstance(error, _BRAKES):
                self._brake(error)
            else:
                self._faults = 0

    def _unknown(self, job: Job, error: ServiceError) -> None:
        """Nobody knows whether it was accepted: never sent again before that is settled."""
        trouble = Trouble.SERVER if isinstance(error, ServerFault) else Trouble.UNANSWERED
        with self._core.store.together():
            self._core.store.update(
                job.id, Status.MAYBE_SENT, "maybe sent", str(error), Status.SENDING, trouble=trouble, error=str(error)
            )
            self._brake(error)

    def _brake(self, error: ServiceError) -> None:
        """Let the next request wait, longer each time, so that a failing service does not eat the queue."""
        self._faults += 1
        wait = backoff.faulty(self._faults, self._core.rng)
        self._core.close(Cause.FAULT, seconds=wait, tries=self._faults, detail=str(error))
