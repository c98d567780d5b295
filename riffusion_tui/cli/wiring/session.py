"""The composition root: create store, service, job commands and dispatcher from the settings."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.log import never_log, start_log
from riffusion_tui.cli.wiring.lazy_service import LazyService
from riffusion_tui.cli.wiring.open_files import raise_file_limit
from riffusion_tui.cli.wiring.service_setup import (
    capabilities_of,
    lazy_service,
    options_problem,
    profile_in,
    prompt_reader,
    url_of,
)
from riffusion_tui.config.paths import private_folder
from riffusion_tui.file_lock import holder, is_stopped
from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.jobs.status import Status
from riffusion_tui.registry import SERVICES
from riffusion_tui.secret import Secret
from riffusion_tui.store import Store

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.account_commands import AccountCommands, SavedToken
    from riffusion_tui.dispatch.commands.job_commands import JobCommands
    from riffusion_tui.dispatch.dispatcher import Dispatcher


_LOCK_PREFIX = "dispatcher-"
_CHECK_S = 0.5
"""Interval for checking whether another service has jobs, in seconds."""
_UNFINISHED = (Status.QUEUED, Status.SENDING, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING)


def free_services() -> tuple[str, ...]:
    """Return the services whose songs are free: their jobs may be run without asking."""
    return tuple(name for name in SERVICES if (can := capabilities_of(name)).local or can.repeatable)


class Session:
    """Everything a command or screen works with. Commands and dispatcher are imported on first use."""

    def __init__(self, context: CommandContext, store: Store, service: LazyService, clock: Clock) -> None:
        self.context = context
        self.store = store
        self.service = service
        self.clock = clock
        self._dispatchers: list[Dispatcher] = []
        self._beside: dict[str, Session] = {}

    @cached_property
    def job_commands(self) -> JobCommands:
        """The commands on jobs."""
        from riffusion_tui.dispatch.commands.job_commands import JobCommands

        return JobCommands(
            self.store,
            self.service,
            clock=self.clock,
            rng=random.Random(),
            stated=prompt_reader(self.context.settings),
            others=lambda name: self._beside[name].service if name in self._beside else None,
            options_check=options_problem,
        )

    @cached_property
    def account_commands(self) -> AccountCommands:
        """The commands on accounts."""
        from riffusion_tui.dispatch.commands.account_commands import AccountCommands

        keep = self._keep_token if profile_in(self.context.settings).authorization != "never" else None
        return AccountCommands(self.store, self.service, clock=self.clock, rng=random.Random(), token_setter=keep)

    async def refresh_studio(self) -> None:
        """Read the accounts of the studio on this machine again: its folder may have been removed meanwhile."""
        from riffusion_tui.services.base import ServiceError  # few commands need it

        if self.service.capabilities.local and self.store.unwritable is None:
            with suppress(ServiceError):  # the command that needs the studio reports it
                await self.account_commands.refresh()

    async def _keep_token(self, token: Secret) -> SavedToken:
        from riffusion_tui.config.secrets import origin, valid_token  # the first frame needs no token
        from riffusion_tui.dispatch.commands.account_commands import SavedToken

        never_log(token)
        context, url = self.context, url_of(self.context.settings)
        context.tokens.save(url, valid_token(token.reveal()))
        await self.service.aclose()
        return SavedToken(clean_line(origin(url)), context.overrides.token)

    @property
    def lock_file(self) -> Path:
        """The lock file of the process that dispatches the service's jobs."""
        return lock_file(self.context)

    @asynccontextmanager
    async def dispatcher(self, others: Collection[str] = ()) -> AsyncIterator[Dispatcher]:
        """Dispatch inside the block, or follow while another process dispatches.

        Args:
            others: more services whose jobs to dispatch once there are any; it may grow.
        """
        from riffusion_tui.dispatch.dispatcher import Dispatcher
        from riffusion_tui.file_lock import FileLock

        settings = self.context.settings
        can = capabilities_of(self.service.name)
        wanted = settings.files.format
        dispatcher = Dispatcher(
            self.store,
            self.service,
            clock=self.clock,
            rng=random.Random(),
            folder=self.context.songs,
            lock=FileLock(self.lock_file),
            format=wanted if wanted in can.formats and not can.fixed_format else None,
            lyrics=settings.files.lyrics,
        )
        self.service.listener = dispatcher.poll_now
        self._dispatchers.append(dispatcher)
        async with dispatcher, self._hooks(settings.notify.command, dispatcher), self._dispatching_too(others):
            yield dispatcher

    def progress(self, job_id: int) -> float | None:
        """Return the progress of a running job of any service that is dispatched here, if the service reports it."""
        sessions = (self, *self._beside.values())
        shares = (one.progress(job_id) for session in sessions for one in session._dispatchers)
        return next((share for share in shares if share is not None), None)

    def hurry(self) -> None:
        """Let the dispatchers end soon, since a deadline has passed."""
        for session in (self, *self._beside.values()):
            for one in session._dispatchers:
                one.hurry()

    @asynccontextmanager
    async def _dispatching_too(self, others: Collection[str]) -> AsyncIterator[None]:
        """Also dispatch the jobs of other services."""
        tasks = [
            asyncio.create_task(self._dispatch(name, others), name=f"dispatcher of {name}")
            for name in SERVICES
            if others and name != self.service.name
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _dispatch(self, name: str, wanted: Collection[str]) -> None:
        """Wait until a service has jobs, then start it and dispatch them."""
        while name not in wanted or not any(self.store.tally(name).by_status.get(status) for status in _UNFINISHED):
            await self.clock.sleep(_CHECK_S)
        context = self.context.for_service(name)
        service = lazy_service(context, self.clock)
        session = self._beside[name] = Session(context, self.store, service, self.clock)
        try:
            async with session.dispatcher():
                await asyncio.Event().wait()
        finally:
            del self._beside[name]
            await service.aclose()

    def _hooks(self, command: str, dispatcher: Dispatcher) -> AbstractAsyncContextManager[None]:
        if not command:
            return nullcontext()
        from riffusion_tui.cli.wiring.hooks import hooks

        return hooks(command, self.store, self.service.name, dispatcher, self.context.environ)


def lock_file(context: CommandContext) -> Path:
    """Return the lock file of the process that dispatches the service's jobs in the data folder."""
    return context.paths.data / f"{_LOCK_PREFIX}{context.settings.service.name}.lock"


def dispatching_processes(context: CommandContext) -> dict[str, int]:
    """Return the dispatching processes of the data folder: service → process id. Each service has its own."""
    files = sorted(context.paths.data.glob(f"{_LOCK_PREFIX}*.lock"))
    return {file.stem.removeprefix(_LOCK_PREFIX): pid for file in files if (pid := holder(file)) is not None}


def presence(pid: int, service: str) -> str:
    """Describe the process that dispatches a service's jobs; if it is stopped, also what takes over."""
    if not is_stopped(pid):
        return f"Process {pid} sends the jobs of {service}"
    return (
        f"Process {pid} sends the jobs of {service}, but it is stopped (^Z?)."
        f" `kill -CONT {pid}` continues it; an open screen or `riffusion-tui work` takes over within 10 seconds."
        " Either loses nothing"
    )


def store_file(context: CommandContext) -> Path:
    """Return the path of the queue's database."""
    return context.paths.data / "jobs.sqlite3"


def emptied_warning(context: CommandContext) -> str:
    """Return a warning if the queue's file is empty: a full disk or another program truncated it."""
    file = store_file(context)
    try:
        if file.stat().st_size:
            return ""
    except OSError:
        return ""
    return (
        f"{clean_line(str(file))} was empty (0 bytes). If jobs were queued, they are gone from it; the songs are still"
        " in their folder. If you have a backup of the file, put it back."
    )


def open_store(context: CommandContext, clock: Clock | None = None, *, to_read: bool = False) -> Store:
    """Open the folder's store; `to_read`: also on a full or read-only disk. Raises `StoreError`, `FolderError`."""
    warning = emptied_warning(context)
    opened = Store.open_to_read if to_read else Store.open
    store = opened(private_folder(context.paths.data) / store_file(context).name, clock or SystemClock())
    if warning:
        from riffusion_tui.cli.printing.output import put_message  # the first frame needs no output

        put_message(warning)
    return store


@asynccontextmanager
async def open_session(context: CommandContext, *, to_read: bool = False) -> AsyncIterator[Session]:
    """Open a session; close its parts in the right order. The service starts with its first call.

    Args:
        context: the command's context.
        to_read: open the store also on a full or read-only disk, without changes.

    Raises:
        CommandError: too few files may be open at once.
        StoreError: the store can't be opened.
        FolderError: its folder can't be used.
    """
    raise_file_limit()
    clock = SystemClock()
    with open_store(context, clock, to_read=to_read) as store:
        service = lazy_service(context, clock, copied=store.unwritable is not None)
        start_log(context.paths.log_file)
        try:
            yield Session(context, store, service, clock)
        finally:
            await service.aclose()
