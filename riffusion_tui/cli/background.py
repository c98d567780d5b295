"""What works behind a screen: the dispatcher, loaded and started once the screen is painted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from riffusion_tui.cli.session import Session, free_services
from riffusion_tui.config.settings import Settings
from riffusion_tui.file_lock import holder
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.store import StoreError

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher


class Background:
    """The dispatcher, once it is there. `run` it in a task of its own; `close` it and await that task to end it."""

    def __init__(self, session: Session, others: Sequence[str] = ()) -> None:
        """Take the parts, and further services whose jobs go on."""
        self._session = session
        self._others = others
        self._dispatcher: Dispatcher | None = None
        self._error: BaseException | None = None
        self._closing = asyncio.Event()
        self.begin = asyncio.Event()
        """Set it when nothing is more urgent any more."""

    def close(self) -> None:
        """Let `run` end."""
        self._closing.set()
        self.begin.set()

    async def run(self) -> None:
        """Dispatch from `begin` on until it is closed; an error is the screen's to show."""
        await self.begin.wait()
        if self._closing.is_set():
            return
        # In a thread, so that the screen goes on answering keys meanwhile.
        await asyncio.to_thread(import_module, "riffusion_tui.dispatch.dispatcher")
        from riffusion_tui.services.base import ServiceError

        try:
            _set_queue(self._session, self._session.context.settings)
            async with self._session.dispatcher((*free_services(), *self._others)) as self._dispatcher:
                await self._closing.wait()
        except (StoreError, ServiceError, OSError) as error:
            self._error = error

    def fault(self) -> BaseException | None:
        """Return what stopped it."""
        return self._error or (self._dispatcher.fault() if self._dispatcher else None)

    def progress(self, job_id: int) -> float | None:
        """Return the share done of a job, where the service says it."""
        return None if self._dispatcher is None else self._dispatcher.progress(job_id)

    def leading(self) -> bool:
        """Whether this process sends the jobs."""
        return self._dispatcher is None or self._dispatcher.leading


def _set_queue(session: Session, settings: Settings) -> None:
    """Let the queue run or pause at start as the settings say; where another process dispatches it is left alone."""
    wanted, service = settings.start.queue, session.service.name
    paused = any(gate.cause is WaitCause.PAUSED for gate in session.store.gates(service))
    if wanted == "last" or paused is (wanted == "paused") or holder(session.lock_file) is not None:
        return
    if paused:
        session.job_commands.resume()
    else:
        session.job_commands.pause()
