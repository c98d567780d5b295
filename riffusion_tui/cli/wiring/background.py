"""Run the dispatcher in the background, loaded and started after the screen's first paint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from riffusion_tui.cli.wiring.session import Session, free_services, lock_file
from riffusion_tui.config.settings import Settings
from riffusion_tui.file_lock import holder, is_stopped
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.store import StoreError

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher


class Background:
    """The background dispatcher. Start `run` in its own task; to stop it, call `close` and await the task."""

    def __init__(self, session: Session, others: Sequence[str] = ()) -> None:
        """Create it for a session, and for other services whose jobs should continue."""
        self._session = session
        self._others = {*free_services(), *others}
        self._dispatcher: Dispatcher | None = None
        self._error: BaseException | None = session.store.unwritable
        self._closing = asyncio.Event()
        self.begin = asyncio.Event()
        """Set once the first paint is done."""

    def close(self) -> None:
        """Stop `run`."""
        self._closing.set()
        self.begin.set()

    async def run(self) -> None:
        """Dispatch from `begin` until closed; the screen shows errors."""
        await self.begin.wait()
        if self._closing.is_set() or self._error is not None:
            return
        # In a thread, so that the screen stays responsive.
        await asyncio.to_thread(import_module, "riffusion_tui.dispatch.dispatcher")
        from riffusion_tui.services.base import ServiceError

        try:
            _set_queue(self._session, self._session.context.settings)
            async with self._session.dispatcher(self._others) as self._dispatcher:
                await self._closing.wait()
        except (StoreError, ServiceError, OSError) as error:
            self._error = error

    def fault(self) -> BaseException | None:
        """Return the error that stopped it."""
        return self._error or (self._dispatcher.fault() if self._dispatcher else None)

    def progress(self, job_id: int) -> float | None:
        """Return a job's progress, 0 to 1, if the service reports it."""
        return self._session.progress(job_id)

    def dispatch_too(self, service: str) -> None:
        """Dispatch another service's jobs from now on."""
        self._others.add(service)

    def dispatches(self, service: str) -> bool:
        """Whether this process dispatches a service's jobs, or another one does."""
        ours = service in self._others or service == self._session.service.name
        return ours or holder(lock_file(self._session.context.for_service(service))) is not None

    def leading(self) -> bool:
        """Whether this process sends the jobs."""
        if self._dispatcher is None:
            return self._session.store.unwritable is None
        return self._dispatcher.leading

    def displaced(self) -> bool:
        """Whether another process took over while this one was stopped."""
        return self._dispatcher is not None and self._dispatcher.displaced

    def stopped_leader(self) -> int | None:
        """Return the id of the process that sends the jobs if it is stopped."""
        pid = None if self.leading() else holder(self._session.lock_file)
        return pid if pid is not None and is_stopped(pid) else None


def _set_queue(session: Session, settings: Settings) -> None:
    """Start or pause the queue according to the settings, unless another process dispatches."""
    wanted, service = settings.start.queue, session.service.name
    paused = any(gate.cause is WaitCause.PAUSED for gate in session.store.gates(service))
    if wanted == "last" or paused is (wanted == "paused") or holder(session.lock_file) is not None:
        return
    if paused:
        session.job_commands.resume()
    else:
        session.job_commands.pause()
