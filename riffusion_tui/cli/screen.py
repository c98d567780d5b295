"""Wire the screen: it paints first, then dispatcher, HTTP client and studio come up behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from riffusion_tui.cli.context import Context
from riffusion_tui.cli.curl import curl_of
from riffusion_tui.cli.detach import detach
from riffusion_tui.cli.session import Session, opened
from riffusion_tui.cli.wiring import url_of
from riffusion_tui.config.settings import Settings
from riffusion_tui.dispatch.dispatcher import Dispatcher
from riffusion_tui.dispatch.lock import holder
from riffusion_tui.dispatch.watch import drained
from riffusion_tui.services.base import ServiceError
from riffusion_tui.store import StoreError
from riffusion_tui.tui.app import run_screen
from riffusion_tui.tui.core import Core, Heard

_AFTER_FIRST_PAINT_S = 0.3
"""The dispatcher begins so long after the screen, which is painted by then."""


async def show(context: Context, settings: Settings) -> int:
    """Show the screen; return its exit code."""
    async with opened(context) as session:
        _set_queue(session, settings)
        behind = _Behind(session)
        running = asyncio.create_task(behind.run(), name="dispatcher")
        try:
            code = await run_screen(_core(session, settings, behind))
        finally:
            behind.closing.set()
            await running
        if code > 128 and settings.start.hangup == "detach" and await _work_left(session):
            detach(context)
    return code


class _Behind:
    """The dispatcher, once it is there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._dispatcher: Dispatcher | None = None
        self._error: BaseException | None = None
        self.closing = asyncio.Event()

    async def run(self) -> None:
        """Dispatch until `closing`, from when the screen has had time to paint; an error is the screen's to show."""
        try:
            async with asyncio.timeout(_AFTER_FIRST_PAINT_S):
                await self.closing.wait()
                return
        except TimeoutError:
            pass
        try:
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


def _core(session: Session, settings: Settings, behind: _Behind) -> Core:
    paths, name = session.context.paths, session.service.name
    return Core(
        desk=session.desk,
        store=session.store,
        service=name,
        capabilities=session.service.capabilities,
        settings=settings,
        settings_file=paths.settings_file,
        library_file=paths.library_file,
        log_file=paths.log_file,
        clock=session.clock,
        environ=session.context.environ,
        hear=_hear if name == "studio" else None,
        fault=behind.fault,
        leading=behind.leading,
        progress=behind.progress,
        curl=None if name != "riffusion" else lambda id: curl_of(session.store.job(id), url_of(settings)),
    )


def _hear(prompt: str) -> Sequence[Heard]:
    """Say what the studio understands of a prompt; its lexicon loads at the first call."""
    from riffusion_tui.studio.engine.prompt import hear

    return hear(prompt)


def _set_queue(session: Session, settings: Settings) -> None:
    """Let the queue run or pause at start as the settings say; where another process dispatches it is left alone."""
    if settings.start.queue == "last" or holder(session.lock_file) is not None:
        return
    if settings.start.queue == "paused":
        session.desk.pause()
    else:
        session.desk.resume()


async def _work_left(session: Session) -> bool:
    """Say whether anything is left that can go on by itself."""
    try:
        async with asyncio.timeout(0.1):
            await drained(session.store, session.service.name, session.clock)
            return False
    except TimeoutError:
        return True
