"""Shared by all parts of the dispatcher: store, service, clock, gates and wake-up signals."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from riffusion_tui.dispatch import backoff
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Gate, Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import (
    AccountBroken,
    NoCredits,
    NotSent,
    RateLimited,
    RemoteSong,
    ServiceError,
    Unauthorized,
    WarmingUp,
)
from riffusion_tui.store import Full, Locked, ReadOnly, StatusConflict, Store

T = TypeVar("T")
P = ParamSpec("P")

STORE_RETRY_S = 2.0
"""Delay before a failed write to the store is retried."""
LIST, ACCOUNTS, CREATE = "list", "accounts", "create"
"""Kinds of calls whose responses are tracked separately: one may be unreadable while the others work."""
PROBED = frozenset({WaitCause.OFFLINE, WaitCause.DISK})
"""Gates that only a successful probe opens; a passed deadline isn't enough."""
REPEATS = 20
"""Maximum automatic retries of a job if a retry is free."""
CLOSING_S = 10.0
"""How long pending requests are waited for when the dispatcher ends, in seconds."""
HURRY_S = 0.3
"""The same after a deadline, in seconds."""
JUMP_S = 2.0
"""Difference between the wall clock and the monotonic one, since the last check, that counts as a jump."""
FOREVER = float("inf")
LONGEST_S = 15.0
"""Maximum sleep before deadlines are checked again: a sleep is longer if the machine is suspended meanwhile."""
_log = logging.getLogger(__name__)


class Signal:
    """Wakes a single listener."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the listener; if it isn't waiting, its next wait returns immediately."""
        self._rung.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for `ring`, or for at most `seconds`; it may return earlier."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._rung.wait())]
        if seconds is not None and seconds != FOREVER:
            waits.append(asyncio.ensure_future(self._clock.sleep(min(max(0.0, seconds), LONGEST_S))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        self._rung.clear()


@dataclass
class DispatchContext:
    """Shared state, and the methods that close and open gates."""

    store: Store
    """If this process dispatches, transactions fail once another process has taken over."""
    service: str
    clock: Clock
    rng: random.Random
    folder: Path
    format: str | None = None
    lyrics: bool = True
    """Whether to write timed lyrics next to each sung song."""
    repeatable: bool = False
    """Whether a retry is free and gives the same song."""
    repeats: Counter[int] = field(default_factory=Counter)
    """Automatic retries per job."""
    fault: BaseException | None = None
    """The error that currently prevents writes to the store, or that stopped the dispatcher."""
    progress: dict[int, float] = field(default_factory=dict)
    """Progress of running jobs, 0 to 1, if the service reports it. Not stored: the next poll fetches it again."""
    arrived: dict[str, RemoteSong] = field(default_factory=dict)
    """Songs returned by the create request itself, by remote id, until they are processed."""
    _offset: float | None = None
    """How far the wall clock was ahead of the monotonic one at the last check."""
    strange: set[str] = field(default_factory=set)
    """Kinds of calls whose latest response was unreadable."""
    look_now: bool = False
    """Whether the service reported that a song ended, so running songs are polled now."""
    check: Callable[[], None] | None = None
    """Raises `Displaced` once another process has taken over."""
    closing_s: float = CLOSING_S
    """How long pending requests are waited for at the end."""
    epoch: int = 1
    """Number of times that a process took over from a stopped one, plus one."""
    bells: list[Signal] = field(default_factory=list)

    def bell(self) -> Signal:
        """Return a new signal; `ring` wakes all of them."""
        self.bells.append(Signal(self.clock))
        return self.bells[-1]

    def ring(self) -> None:
        """Wake all listeners."""
        for bell in self.bells:
            bell.ring()

    async def keep(self, change: Callable[P, T], *args: P.args, **fields: P.kwargs) -> T | None:
        """Write to the store, retrying while the disk is full or locked; return None on a status conflict."""
        while True:
            try:
                made = change(*args, **fields)
            except StatusConflict:
                return None
            except (Full, Locked, ReadOnly) as error:
                self.fault = error
                await self.clock.sleep(STORE_RETRY_S)
            else:
                self.fault = None
                return made

    def send_again(self, job: Job, why: str, most: int = REPEATS) -> bool:
        """Requeue a job whose response or song was lost, if a retry is free; return False if it can't be retried."""
        if not self.repeatable or self.repeats[job.id] >= most:
            return False
        if self.store.job(job.id).status is not job.status:
            return True  # the user acted first
        self.repeats[job.id] += 1
        self.store.update(job.id, Status.QUEUED, "queued again", why, job.status, account=None, remote_id=None)
        return True

    # -- gates

    def gate(self, cause: WaitCause, account: str | None = None) -> Gate | None:
        """Return a gate if it is closed."""
        found = (gate for gate in self.store.gates(self.service) if (gate.cause, gate.account) == (cause, account))
        return next(found, None)

    def close(
        self,
        cause: WaitCause,
        account: str | None = None,
        *,
        seconds: float | None = None,
        tries: int = 1,
        detail: str = "",
    ) -> None:
        """Close a gate for `seconds`, or until the user or a probe opens it; a closed gate keeps its `since`."""
        self._follow_clock()
        now = self.clock.now()
        old = self.gate(cause, account)
        since = min(old.since, now) if old else now
        until = None if seconds is None else now + seconds
        self.store.put_gate(Gate(self.service, account, cause, since, until, tries, detail))

    def open(self, cause: WaitCause, account: str | None = None) -> bool:
        """Open a gate."""
        return self.store.drop_gate(self.service, account, cause)

    def passed(self, cause: WaitCause, sent_at: float) -> bool:
        """Open the service's gate after an accepted request, if that was sent after the gate closed.

        A request already under way when the gate closed proves nothing. Return whether the gate is open now.
        """
        gate = self.gate(cause)
        if gate is not None and gate.until is not None and gate.until > sent_at:
            return False
        self.open(cause)
        return True

    def tries(self, cause: WaitCause, account: str | None = None) -> int:
        """Return the number of consecutive failures, including the next one."""
        old = self.gate(cause, account)
        return old.tries + 1 if old else 1

    def barring(self, gates: Iterable[Gate], account: str | None) -> Gate | None:
        """Return the gate that prevents sending to `account` now."""
        now = self.clock.now()
        for gate in gates:
            if gate.cause == WaitCause.SLOTS:
                continue  # only a deadline for the next check: slots are counted when a job is chosen
            if gate.account in (None, account) and (gate.cause in PROBED or gate.until is None or gate.until > now):
                return gate
        return None

    def keep_time(self) -> None:
        """Move gates with a clock that was set; those closed in the future before this start move to the present."""
        self._follow_clock()
        now = self.clock.now()
        for gate in self.store.gates(self.service):
            if gate.since > now + 1.0:
                until = None if gate.until is None else now + max(0.0, gate.until - gate.since)
                self.store.put_gate(gate._replace(since=now, until=until))

    def _follow_clock(self) -> None:
        """Keep what is left of each wait if the wall clock was set forward or back since the last call."""
        offset = self.clock.now() - self.clock.steady()
        before, self._offset = self._offset, offset
        jump = 0.0 if before is None else offset - before
        if abs(jump) < JUMP_S:
            return
        for gate in self.store.gates(self.service):
            until = None if gate.until is None else gate.until + jump
            self.store.put_gate(gate._replace(since=gate.since + jump, until=until))

    def note_trouble(self, error: ServiceError, account: str | None) -> bool:
        """Close the gate for an error of any call; return False if the error needs none."""
        match error:
            case AccountBroken():
                self.close(WaitCause.BROKEN, error.account or account, detail=str(error))
            case Unauthorized():
                self.close(WaitCause.TOKEN, tries=self.tries(WaitCause.TOKEN), detail=str(error))
            case NoCredits():
                self.close(WaitCause.CREDITS, account, detail=str(error))
            case NotSent():
                self.offline(error)
            case WarmingUp():
                self.close(WaitCause.WARMING, error.account or account, detail=str(error))
            case RateLimited():
                tries = self.tries(WaitCause.UPSTREAM)
                wait = backoff.rate_limited(tries, error.retry_after_s, self.rng)
                self.close(WaitCause.UPSTREAM, seconds=wait, tries=tries, detail=str(error))
            case _:
                return False
        return True

    def unreadable(self, call: str, error: ServiceError) -> None:
        """Stop sending while responses to `call` are unreadable; if only creating fails, try one request at a time."""
        old = self.gate(WaitCause.UNREADABLE)
        if old is None or old.detail != str(error):
            _log.warning("%s: unreadable response: %s", self.service, error)
        self.strange.add(call)
        tries = self.tries(WaitCause.UNREADABLE)
        wait = backoff.faulty(tries, self.rng) if self.strange == {CREATE} else None
        self.close(WaitCause.UNREADABLE, seconds=wait, tries=tries, detail=str(error))

    def readable(self, call: str) -> None:
        """Note that a response to `call` was readable."""
        self.strange.discard(call)
        if not self.strange:
            self.open(WaitCause.UNREADABLE)

    def offline(self, error: ServiceError) -> None:
        """Close the service until a probe reaches it again."""
        tries = self.tries(WaitCause.OFFLINE)
        self.close(WaitCause.OFFLINE, seconds=backoff.unreachable(tries, self.rng), tries=tries, detail=str(error))

    def loads(self) -> dict[str | None, int]:
        """Return the slots that our requests use, by account. A pair of songs is one request."""
        requests = {
            (job.account, job.ref, job.sent_at)
            for job in self.store.with_status(self.service, Status.SENDING, Status.MAYBE_SENT, Status.MAKING)
            if self.fills_slot(job)
        }
        loads: dict[str | None, int] = {}
        for account, _, _ in requests:
            loads[account] = loads.get(account, 0) + 1
        return loads

    def fills_slot(self, job: Job) -> bool:
        """Whether a job that is under way uses a slot; a *maybe sent* job stops doing so after a while."""
        if job.status != Status.MAYBE_SENT:
            return True
        usual = self.store.usual_time(self.service)
        return self.clock.now() - (job.sent_at or 0.0) < max(300.0, 3 * usual.late_s if usual else 0.0)
