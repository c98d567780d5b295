"""What works behind a screen: the dispatcher, started when the screen has had time to paint."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from riffusion_tui.cli.session import Session
from riffusion_tui.config.settings import Settings
from riffusion_tui.dispatch.lock import holder
from riffusion_tui.store import StoreError

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher

_AFTER_FIRST_PAINT_S = 0.3
"""The dispatcher begins so long after the screen, which is painted by then."""


class Behind:
    """The dispatcher, once it is there. `run` it in a task of its own; set `closing` and await that task to end it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._dispatcher: Dispatcher | None = None
        self._error: BaseException | None = None
        self.closing = asyncio.Event()

    async def run(self) -> None:
        """Dispatch until `closing`; an error is the screen's to show."""
        try:
            async with asyncio.timeout(_AFTER_FIRST_PAINT_S):
                await self.closing.wait()
                return
        except TimeoutError:
            pass
        from riffusion_tui.services.base import ServiceError

        try:
            _set_queue(self._session, self._session.context.settings)
            async with self._session.dispatcher() as self._dispatcher:
                await self.closing.wait()
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
    if settings.start.queue == "last" or holder(session.lock_file) is not None:
        return
    if settings.start.queue == "paused":
        session.desk.pause()
    else:
        session.desk.resume()
