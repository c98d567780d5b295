"""The dispatcher: sends queued jobs when an account has a free slot, follows them and fetches their songs.

Every decision is in the store before it acts on it, so it can be killed at any time.
"""

from __future__ import annotations

import asyncio
import logging
import random
from pathlib import Path
from types import TracebackType
from typing import Self

from riffusion_tui.dispatch.account_pool import AccountPool
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.fetching import Fetching
from riffusion_tui.dispatch.following import Following
from riffusion_tui.dispatch.reconciling import Reconciling
from riffusion_tui.dispatch.sending import Sending
from riffusion_tui.dispatch.warming import Warming
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.services.base import Service
from riffusion_tui.store import Full, Locked, ReadOnly, Store

FOLLOW_S = 1.0
"""How often a follower tries to take over."""
POLL_S = 0.5
"""How often to check for other processes' changes."""
AGAIN_S = 10.0
"""Delay before restarting after a store error; accounts are fetched again then."""

_log = logging.getLogger(__name__)


class Dispatcher:
    """Works for as long as it is entered: `async with Dispatcher(…)`.

    While another process holds the lock, it only watches for changes, and takes over within seconds when that
    process exits.
    """

    def __init__(
        self,
        store: Store,
        service: Service,
        *,
        clock: Clock,
        rng: random.Random,
        folder: Path,
        lock: FileLock,
        format: str | None = None,
        lyrics: bool = True,
    ) -> None:
        """Create a dispatcher.

        Args:
            store: the jobs; `Dispatcher` polls it for other processes' changes too.
            service: makes the songs.
            clock: the time.
            rng: jitter.
            folder: folder for songs; created when needed.
            lock: held by the process that dispatches the service's jobs in the data folder.
            format: what to download, one of the service's formats; None for its first.
            lyrics: whether to write timed lyrics beside each sung song, as an LRC file.
        """
        self._context = DispatchContext(store, service.name, clock, rng, folder, format, lyrics)
        self._context.repeatable = service.capabilities.repeatable
        self._service = service
        self._lock = lock
        self._task: asyncio.Task[None]
        self._stopped: BaseException | None = None

    def look_now(self) -> None:
        """Look at what is being made at once: the service, in this process, has ended a song."""
        self._context.look_now = True
        self._context.ring()

    @property
    def leading(self) -> bool:
        """Whether this process dispatches, rather than another."""
        return self._lock.held

    def progress(self, job_id: int) -> float | None:
        """Return the progress of a running job, 0 to 1, if the service reports it."""
        return self._context.progress.get(job_id)

    @property
    def stopped(self) -> BaseException | None:
        """The error that stopped it for good, or None."""
        return self._stopped

    def fault(self) -> BaseException | None:
        """The error that stopped it, or that currently prevents writing (a full disk), or None."""
        return self._stopped or self._context.fault

    async def __aenter__(self) -> Self:
        self._task = asyncio.ensure_future(self._guarded())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._lock.release()

    async def _guarded(self) -> None:
        """Watch and lead; an error in either stops both and is kept in `stopped`."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch())
                group.create_task(self._lead())
        except Exception as error:  # noqa: BLE001 (the boundary: the app keeps running and reports it)
            self._stopped = _first(error)
            _log.error("the dispatcher stopped", exc_info=self._stopped)
            self._lock.release()

    async def _watch(self) -> None:
        """Notice other processes' changes."""
        while True:
            self._context.store.poll()
            await self._context.clock.sleep(POLL_S)

    async def _lead(self) -> None:
        """Wait for the lock, then work; restart after temporary store errors."""
        context = self._context
        while not self._lock.acquire():
            await context.clock.sleep(FOLLOW_S)
        while True:
            try:
                await self._work()
            except* (Full, Locked, ReadOnly) as errors:
                context.fault = _first(errors)
                _log.warning("can't write to the store: %s", context.fault)
            await context.clock.sleep(AGAIN_S)

    async def _work(self) -> None:
        """Run all parts."""
        context, service = self._context, self._service
        context.bells.clear()
        accounts = AccountPool(context, service)
        reconciling = Reconciling(context, service)
        following = Following(context, service, accounts)
        parts = (
            accounts,
            reconciling,
            following,
            Warming(context, service),
            Sending(context, service, accounts, reconciling),
            Fetching(context, service, following),
        )
        await context.keep(reconciling.adopt)
        stop = context.store.subscribe(context.ring)
        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    group.create_task(part.run())
        finally:
            stop()


def _first(error: BaseException) -> BaseException:
    """Return the first error of a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
