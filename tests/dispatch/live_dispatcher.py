"""A dispatcher and client in this process, against a faulty server on a real socket, in real time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.riffusion import RiffusionService
from riffusion_tui.store import Store
from tests.dispatch.bench import until
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer


@dataclass
class LiveDispatcher:
    """A store with jobs, a running dispatcher, and the server."""

    store: Store
    job_commands: JobCommands
    dispatcher: Dispatcher
    state: FakeApi

    async def until(self, true: Callable[[], bool], limit: float = 60.0) -> None:
        """Wait until a condition on the store holds."""
        await until(self.store, true, limit)

    def ended(self) -> dict[str, Status]:
        """Return each prompt's status once all have ended, else an empty dict."""
        jobs = self.store.jobs()
        over = all(job.status in (Status.DONE, Status.FAILED, Status.REFUSED) for job in jobs)
        return {job.prompt: job.status for job in jobs} if over else {}

    def error(self, prompt: str) -> str:
        return next(job.error for job in self.store.jobs() if job.prompt == prompt)


@asynccontextmanager
async def dispatching(folder: Path, state: FakeApi, *prompts: str) -> AsyncIterator[LiveDispatcher]:
    """Queue `prompts` and dispatch inside the block."""
    clock = SystemClock()
    with FakeApiServer(state) as server, Store.open(folder / "data" / "jobs.sqlite3", clock) as store:
        service = RiffusionService(server.url, Secret(TOKEN))
        job_commands = JobCommands(store, service, clock=clock, rng=random.Random(3))
        job_commands.submit(prompts, Options())
        dispatcher = Dispatcher(
            store,
            service,
            clock=clock,
            rng=random.Random(7),
            folder=folder / "songs",
            lock=FileLock(folder / "dispatch.lock"),
        )
        try:
            async with dispatcher:
                yield LiveDispatcher(store, job_commands, dispatcher, state)
                assert dispatcher.fault() is None
        finally:
            await service.aclose()
