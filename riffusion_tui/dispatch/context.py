"""Shared by all parts of the dispatcher: store, clock, gates, wake-up signals, and what isn't stored."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.dispatch.accounts.gates import Gates
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import RemoteSong
from riffusion_tui.store import DatabaseLocked, DiskFull, MovedDatabase, ReadOnly, StatusConflict, Store

T = TypeVar("T")
P = ParamSpec("P")

TEMPORARY = (DiskFull, DatabaseLocked, MovedDatabase, ReadOnly)
"""Errors of the store after which a write is retried."""
STORE_RETRY_S = 2.0
"""Delay before a failed write to the store is retried."""
MAX_RETRIES = 20
"""Maximum automatic retries of a job if a retry is free."""
_CLOSING_S = 10.0
"""How long pending requests are waited for when the dispatcher ends, in seconds."""
FORCED_CLOSING_S = 0.3
"""The same after a deadline, in seconds."""
_MAX_SLEEP_S = 15.0
"""Maximum sleep before deadlines are checked again: a sleep is longer if the machine is suspended meanwhile."""


class WakeUp:
    """Lets one task wait until another one wakes it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Wake the task; if it isn't waiting, its next wait returns immediately."""
        self._event.set()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for `wake`, or for at most `seconds`; it may return earlier."""
        if seconds is None or seconds == inf:
            await asyncio.sleep(0)  # lets others run even if it was woken already
            await self._event.wait()
        else:
            await self._wait_for(min(max(0.0, seconds), _MAX_SLEEP_S))
        self._event.clear()

    async def _wait_for(self, seconds: float) -> None:
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(self._event.wait()),
            asyncio.ensure_future(self._clock.sleep(seconds)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


@dataclass
class DispatchContext:
    """State shared by the parts of the dispatcher."""

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
    poll_now: bool = False
    """Whether the service reported that a song ended, so running songs are polled now."""
    check: Callable[[], None] | None = None
    """Raises `Displaced` once another process has taken over."""
    closing_s: float = _CLOSING_S
    """How long pending requests are waited for at the end."""
    epoch: int = 1
    """Number of times that a process took over from a stopped one, plus one."""
    gates: Gates = field(init=False)
    _wake_ups: list[WakeUp] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gates = Gates(self.store, self.service, self.clock, self.rng)

    def new_wake_up(self) -> WakeUp:
        """Return a wake-up for one task; `wake_all` wakes it too."""
        self._wake_ups.append(WakeUp(self.clock))
        return self._wake_ups[-1]

    def wake_all(self) -> None:
        """Wake all tasks."""
        for wake_up in self._wake_ups:
            wake_up.wake()

    def forget_wake_ups(self) -> None:
        """Forget all wake-ups, before their tasks start again."""
        self._wake_ups.clear()

    async def write(self, change: Callable[P, T], *args: P.args, **fields: P.kwargs) -> T | None:
        """Write to the store, retrying while the disk is full or locked; return None on a status conflict."""
        while True:
            try:
                made = change(*args, **fields)
            except StatusConflict:
                return None
            except TEMPORARY as error:
                self.fault = error
                await self.clock.sleep(STORE_RETRY_S)
            else:
                self.fault = None
                return made

    def send_again(self, job: Job, why: str, limit: int = MAX_RETRIES) -> bool:
        """Requeue a job whose response or song was lost, if a retry is free; return False if it can't be retried."""
        if not self.repeatable or self.repeats[job.id] >= limit:
            return False
        now = self.store.job(job.id)
        if (now.status, now.ref, now.remote_id) != (job.status, job.ref, job.remote_id):
            return True  # the user acted first
        self.repeats[job.id] += 1
        if (again := self.repeats[job.id] - 1) > 0:  # lost once more: its song may be made, and take time, each time
            wait = backoff.faulty(again, self.rng) / 8
            self.gates.close(WaitCause.FAULT, seconds=wait, tries=again, detail=why)
        self.store.update(job.id, Status.QUEUED, "queued again", why, job.status, account=None, remote_id=None)
        return True

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
