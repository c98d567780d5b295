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

from riffusion_tui.dispatch.accounts.account_pool import AccountPool
from riffusion_tui.dispatch.accounts.model_loader import ModelLoader
from riffusion_tui.dispatch.context import FORCED_CLOSING_S, STORE_RETRY_S, TEMPORARY, DispatchContext
from riffusion_tui.dispatch.fetching.fetcher import Fetcher
from riffusion_tui.dispatch.leadership import Leadership
from riffusion_tui.dispatch.polling.poller import Poller
from riffusion_tui.dispatch.sending.reconciler import Reconciler
from riffusion_tui.dispatch.sending.sender import Sender
from riffusion_tui.file_lock import Displaced, FileLock
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.services.base import Service
from riffusion_tui.store import MovedDatabase, Store, file_error

POLL_S = 0.5
"""How often to check for other processes' changes."""
RESTART_S = 10.0
"""Delay before restarting after a store error; accounts are fetched again then."""

_log = logging.getLogger(__name__)


class Dispatcher:
    """Works while entered: `async with Dispatcher(…)`.

    While another process holds the lock, it only watches for changes, and takes over within seconds when that
    process exits or is stopped. A process that was displaced in this way follows.
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
        self._store = store
        self._leadership = Leadership(lock, clock)
        checked = store.checked(self._leadership.check)
        self._context = DispatchContext(checked, service.name, clock, rng, folder, format, lyrics)
        self._context.check = self._leadership.check
        self._context.repeatable = service.capabilities.repeatable
        self._service = service
        self._task: asyncio.Task[None]
        self._ending = False
        """Set when it is cancelled: a task group drops the cancellation if one of its tasks fails at that moment."""
        self._stopped: BaseException | None = None

    def poll_now(self) -> None:
        """Poll running jobs now: the service, in this process, has ended a song."""
        self._context.poll_now = True
        self._context.wake_all()

    def hurry(self) -> None:
        """Let the dispatcher end soon: a deadline has passed. Requests without a response become *maybe sent*."""
        self._context.closing_s = FORCED_CLOSING_S

    @property
    def leading(self) -> bool:
        """Whether this process dispatches, rather than another."""
        return self._leadership.leading

    @property
    def displaced(self) -> bool:
        """Whether another process took over while this one was stopped; this one follows until that one exits."""
        return self._leadership.displaced

    def progress(self, job_id: int) -> float | None:
        """Return the progress of a running job, 0 to 1, if the service reports it."""
        return self._context.progress.get(job_id)

    @property
    def stopped(self) -> BaseException | None:
        """The error that stopped it permanently, or None."""
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
        self._ending = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._leadership.release()

    async def _guarded(self) -> None:
        """Watch and lead; an error in either stops both and is kept in `stopped`."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch())
                group.create_task(self._lead())
        except Exception as error:  # noqa: BLE001 (the boundary: the app keeps running and reports it)
            self._stopped = _first(error)
            _log.error("the dispatcher stopped", exc_info=self._stopped)
            self._leadership.release()

    async def _watch(self) -> None:
        """Notice other processes' changes, and that the folder was moved."""
        try:
            while True:
                self._note_place()
                self._store.poll()
                await self._context.clock.sleep(POLL_S)
        finally:
            self._ending = True

    def _note_place(self) -> None:
        context = self._context
        try:
            self._store.check_in_place()
        except MovedDatabase as error:
            context.fault = error
        else:
            if isinstance(context.fault, MovedDatabase):
                context.fault = None  # moved back

    async def _win(self) -> None:
        """Wait for the lock beside the open database; a moved folder has none, and a new one's belongs to others."""
        while True:
            try:
                await self._leadership.win()
                self._store.check_in_place()
            except (FileNotFoundError, MovedDatabase):
                self._leadership.release()
                await self._context.clock.sleep(STORE_RETRY_S)
            except OSError as error:
                self._leadership.release()
                self._context.fault = file_error(error, self._leadership.path)
                await self._context.clock.sleep(STORE_RETRY_S)
            else:
                return

    async def _lead(self) -> None:
        """Wait for the lock, then work until another process takes over; wait again."""
        while True:
            await self._win()
            self._context.epoch = self._leadership.epoch
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._leadership.hold())
                    group.create_task(self._keep_working())
            except* Displaced as errors:
                _log.warning("%s", _first(errors))
            if self._ending:
                return
            self._leadership.release(displaced=True)
            self._context.wake_all()

    async def _keep_working(self) -> None:
        """Work; restart after temporary store errors."""
        context = self._context
        while True:
            try:
                await self._work()
            except* TEMPORARY as errors:
                context.fault = _first(errors)
                _log.warning("can't write to the store: %s", context.fault)
            if self._ending:
                return
            await context.clock.sleep(RESTART_S)

    async def _work(self) -> None:
        """Run all parts."""
        context, service = self._context, self._service
        context.forget_wake_ups()
        accounts = AccountPool(context, service)
        reconciler = Reconciler(context, service)
        poller = Poller(context, service, accounts)
        parts = (
            accounts,
            reconciler,
            poller,
            ModelLoader(context, service),
            Sender(context, service, accounts, reconciler),
            Fetcher(context, service, poller),
        )
        await context.write(self._adopt, reconciler)
        stop = context.store.subscribe(context.wake_all)
        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    group.create_task(part.run())
        finally:
            stop()

    def _adopt(self, reconciler: Reconciler) -> None:
        """Take over what another process was sending."""
        leadership = self._leadership
        alive = leadership.stopped is not None
        if alive:
            leadership.let_finish(self._context.store)
        reconciler.adopt(alive=alive)
        leadership.stopped = None


def _first(error: BaseException) -> BaseException:
    """Return the first error of a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
