"""Accounts as last seen: slots, running jobs, sessions; and the probes that open gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from riffusion_tui.dispatch.accounts.gates import ACCOUNTS
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.jobs.model import Account, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import (
    AccountInfo,
    BadAddress,
    NotFound,
    NotSent,
    RateLimited,
    RunningJob,
    ServerFault,
    Service,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
    Workload,
)

PROBE_S = 30.0
"""How often to check whether a broken account was repaired elsewhere, and whether others' jobs have ended."""
_IDLE_CHECK_S = 600.0
MIN_INTERVAL_S = 0.5
"""Minimum time between checks."""
_SETTLED = frozenset({WaitCause.BROKEN, WaitCause.TOKEN, WaitCause.CREDITS})
_UNFINISHED = (Status.QUEUED, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING)
_MAX_DOUBLINGS = 5
_NO_ANSWER = (BadAddress, NotSent, Unanswered, Unauthorized, RateLimited)


class AccountPool:
    """Keeps the store's accounts and gates in sync with the service."""

    def __init__(self, context: DispatchContext, service: Service) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._wake_up = context.new_wake_up()
        self._checked_at: float | None = None
        self._relapses: dict[str | None, int] = {}
        self._nothing_waited = True
        self._refused = False
        """Whether the last check failed because the token was rejected."""
        self.fetched = False
        """Whether the accounts were fetched since this process started to dispatch."""

    async def run(self) -> None:
        """Check when due, forever."""
        while True:
            due = self._due()
            if due <= 0:
                await self.check()
            else:
                await self._wake_up.wait(due)

    def _due(self) -> float:
        """Return the seconds until the next check."""
        context, now = self._context, self._context.clock.steady()
        if self._checked_at is not None and any(
            gate.cause == WaitCause.SLOTS and (gate.until or 0.0) <= context.clock.now()
            for gate in context.store.gates(context.service)
        ):
            return self._checked_at + MIN_INTERVAL_S - now
        if self._checked_at is None:
            return 0.0
        if self._refused and self._gates.closed(WaitCause.TOKEN) is None:
            return self._checked_at + MIN_INTERVAL_S - now  # there is a new token
        if self._nothing_waited and self._first_waits_for_others():
            return self._checked_at + MIN_INTERVAL_S - now
        probe = self._gates.awaiting_probe()
        if probe is not None:
            return max((probe.until or 0.0) - context.clock.now(), self._checked_at + MIN_INTERVAL_S - now)
        return self._checked_at + (PROBE_S if self._unsettled() else _IDLE_CHECK_S) - now

    def _unsettled(self) -> bool:
        """Whether a check could open a gate that a job waits for."""
        context = self._context
        counts = context.store.tally(context.service).by_status
        if not any(counts.get(status) for status in _UNFINISHED):
            return False
        causes = {gate.cause for gate in context.store.gates(context.service)}
        return bool(causes & (_SETTLED | {WaitCause.BUSY, WaitCause.UNREADABLE})) or any(
            one.others for one in context.store.accounts(context.service)
        )

    def _first_waits_for_others(self) -> bool:
        """Whether a job waits for an account with an open gate that another client filled while no job waited."""
        context = self._context
        filled = [one for one in context.store.accounts(context.service) if one.others]
        if not filled or not self._queued():
            return False
        loads = context.loads()
        return any(one.others + loads.get(one.user_id, 0) >= one.max_jobs for one in filled)

    def _queued(self) -> int:
        return self._context.store.tally(self._context.service).by_status.get(Status.QUEUED, 0)

    async def check(self) -> bool:
        """Fetch the accounts and their running jobs; return False on failure."""
        self._checked_at = self._context.clock.steady()
        self._nothing_waited = not self._queued()
        try:
            await self.refresh()
        except ServiceError as error:
            self._refused = isinstance(error, Unauthorized)
            self._note_full(())
            self.fetched = self.fetched or not isinstance(error, NotSent | Unanswered)
            if not self._gates.close_for(error, None):
                self._gates.note_unreachable(error)
            elif not isinstance(error, NotSent):
                self._gates.note_reached()  # the service was reached, even if it returned an error
            return False
        self._refused, self.fetched = False, True
        self._context.wake_all()
        return True

    async def refresh(self) -> None:
        """Fetch and store the accounts. Raises `ServiceError`."""
        strange: ServiceError | None = None
        try:
            infos = await self._service.accounts()
        except _NO_ANSWER:
            raise
        except ServiceError as error:
            infos = None  # a server without an account list can still make songs
            strange = error if isinstance(error, Unreadable) else None
        workload = await self._workload(must=infos is None)
        with self._context.store.transaction():
            if strange is not None and workload is None:
                self._gates.note_unreadable(ACCOUNTS, strange)  # this is not the API: a sign-in page or another site
            else:
                self._gates.note_readable(ACCOUNTS)
            self._gates.note_reached()
            self._gates.open(WaitCause.OUTDATED)
            self._gates.open(WaitCause.TOKEN)
            self._note_session(None, "")
            self._keep(infos, workload)

    async def _workload(self, *, must: bool) -> Workload | None:
        try:
            return await self._service.workload()
        except _NO_ANSWER:
            raise
        except ServerFault:
            if must:
                raise
        except ServiceError:
            pass  # the scheduler is optional, too
        return None

    def _keep(self, infos: Iterable[AccountInfo] | None, workload: Workload | None) -> None:
        context, now = self._context, self._context.clock.now()
        before = {one.user_id: one for one in context.store.accounts(context.service)}
        known = dict(before) if infos is None else {}
        for info in infos or ():
            known[info.user_id] = Account(
                context.service, info.user_id, info.max_jobs, 0, info.error, info.credits, now
            )
        for slot in workload.capacity if workload else ():
            blank = Account(context.service, slot.account, slot.max_jobs, seen_at=now)
            known[slot.account] = known.get(slot.account, blank)._replace(max_jobs=slot.max_jobs)
        context.store.put_accounts(context.service, tuple(known.values()))
        if workload:
            self.note_workload(workload)
            self._note_full(workload.running)
        for account in known.values():
            self._note_session(account.user_id, account.error)
            self._note_credits(before.get(account.user_id), account)

    def _note_session(self, account: str | None, error: str) -> None:
        """Close the gate of an account whose session expired; open it once the service reports it as working."""
        gate = self._gates.closed(WaitCause.BROKEN, account)
        if error:
            if gate is None:
                self._gates.close(WaitCause.BROKEN, account, detail=error)
        elif gate is not None and self._context.clock.now() - gate.since >= self._patience(account):
            # Sending failed but the list says it works: trust the list, but less each time.
            self._relapses[account] = min(self._relapses.get(account, 0) + 1, _MAX_DOUBLINGS)
            self._gates.open(WaitCause.BROKEN, account)

    def _note_credits(self, before: Account | None, now: Account) -> None:
        """Open the gate of an account without credits once it has more than at the last check.

        If the service doesn't say how many it has, open it at each start: a request shows it, and costs nothing.
        """
        had = before.credits if before is not None else None
        unknown = now.credits is None and not self.fetched
        if unknown or (had is not None and now.credits is not None and now.credits > had):
            self._gates.open(WaitCause.CREDITS, now.user_id)

    def _patience(self, account: str | None) -> float:
        relapses = self._relapses.get(account, 0)
        return PROBE_S * 2.0**relapses if relapses else 0.0

    def note_accepted(self, account: str | None) -> None:
        """Note that an account accepted a job: it is neither full nor broken."""
        self._gates.open(WaitCause.BUSY, account)
        self._gates.open(WaitCause.BROKEN, account)
        self._relapses.pop(account, None)

    def note_workload(self, workload: Workload) -> None:
        """Store how many slots others use, and open the gate of a busy account with a free slot."""
        context = self._context
        accounts = context.store.accounts(context.service)
        reported = {slot.account: slot for slot in workload.capacity}
        changed = []
        for account in accounts:
            running = [job for job in workload.running if job.account == account.user_id]
            slot = reported.get(account.user_id)
            executing = slot.executing if slot else len(running)
            others = max(0, executing - self._count_ours(running))
            total = slot.max_jobs if slot else account.max_jobs
            changed.append(
                account._replace(executing=executing, others=others, max_jobs=total, concurrency=workload.concurrency)
            )
            if executing < total:
                self._reopen(account.user_id)
        if tuple(changed) != accounts:
            context.store.put_accounts(context.service, changed)

    def _note_full(self, running: Sequence[RunningJob]) -> None:
        """Close the gate of each account filled by another client until the next check, and note that client's jobs."""
        context, loads = self._context, self._context.loads()
        waits = self._queued()
        for account in context.store.accounts(context.service):
            theirs = self._theirs(running, account.user_id)
            if waits and theirs and account.others + loads.get(account.user_id, 0) >= account.max_jobs:
                detail, tries = (
                    self._filled_by_others(running, account),
                    self._gates.next_try(WaitCause.SLOTS, account.user_id),
                )
                self._gates.close(WaitCause.SLOTS, account.user_id, seconds=PROBE_S, tries=tries, detail=detail)
            else:
                self._gates.open(WaitCause.SLOTS, account.user_id)

    def _filled_by_others(self, running: Iterable[RunningJob], account: Account) -> str:
        """Return which jobs of another client use the account's slots; empty if none do."""
        theirs = self._theirs(running, account.user_id)
        ids = ", ".join(job.ref or job.remote_id for job in theirs[:3])
        return f"another client uses {len(theirs)} of {account.max_jobs} slots: {ids}" if theirs else ""

    def _theirs(self, running: Iterable[RunningJob], account: str) -> list[RunningJob]:
        return [job for job in running if job.account == account and not self._count_ours([job])]

    def _reopen(self, account: str) -> None:
        """Open a busy account's gate early, but not within the ten seconds that the vendor requires."""
        self._gates.open(WaitCause.SLOTS, account)
        gate = self._gates.closed(WaitCause.BUSY, account)
        if gate is not None and self._context.clock.now() - gate.since >= PROBE_S / 3:
            self._gates.open(WaitCause.BUSY, account)

    def note_busy(self, account: str, running: Sequence[RunningJob]) -> str:
        """Store a "busy" response: the account's slots are full. Return which jobs of another client use them."""
        context = self._context
        known = context.store.accounts(context.service)
        mine = context.loads().get(account, 0)
        executing = [job for job in running if job.account == account]
        others = max(0, len(executing) - self._count_ours(executing))
        context.store.put_accounts(
            context.service,
            [
                one._replace(others=max(others, one.max_jobs - mine), executing=max(len(executing), one.max_jobs))
                if one.user_id == account
                else one
                for one in known
            ],
        )
        return next((self._filled_by_others(running, one) for one in known if one.user_id == account), "")

    def _count_ours(self, running: Iterable[RunningJob]) -> int:
        """Count the jobs in `running` that are ours."""
        context = self._context
        under_way = context.store.with_status(context.service, Status.SENDING, Status.MAYBE_SENT, Status.MAKING)
        ids = {job.remote_id for job in under_way}
        refs = {job.ref for job in under_way if job.remote_id is None}
        return sum(job.remote_id in ids or job.ref in refs for job in running)

    async def find_broken(self) -> tuple[str, ...]:
        """Fetch the accounts, after an error of one while none is known; return the broken ones, empty if unknown."""
        try:
            infos = await self._service.accounts()
        except NotFound:
            return ()
        except ServiceError as error:
            self._gates.close_for(error, None)
            return ()
        await self._context.write(self._keep, infos, None)  # or the next prompt would go to any account again
        return tuple(info.user_id for info in infos if info.error)
