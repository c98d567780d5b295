"""A dispatcher on a real store, in virtual time, against the world in memory."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.dispatch.commands.account_commands import AccountCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import Service
from riffusion_tui.store import Store
from tests import waiting
from tests.dispatch.virtual import VirtualClock, run
from tests.dispatch.world import World


@dataclass
class Bench:
    """The objects of one test."""

    store: Store
    world: World
    clock: VirtualClock
    folder: Path
    job_commands: JobCommands
    seed: int = 7
    lyrics: bool = True

    @property
    def account_commands(self) -> AccountCommands:
        return AccountCommands(self.store, self.world, clock=self.clock, rng=random.Random(3))

    def dispatcher(self, service: Service | None = None) -> Dispatcher:
        return Dispatcher(
            self.store,
            service or self.world,
            clock=self.clock,
            rng=random.Random(self.seed),
            folder=self.folder / "songs",
            lock=FileLock(self.folder / "dispatch.lock"),
            lyrics=self.lyrics,
        )

    @asynccontextmanager
    async def dispatching(self, poll_s: float = 30.0) -> AsyncIterator[Dispatcher]:
        """Run a dispatcher; `poll_s` is how often it checks for writes by other processes."""
        # No other process uses the store or the lock; checking twice a second is most of the cost of an hour.
        with (
            patch("riffusion_tui.dispatch.leadership.ANSWER_S", 30.0),
            patch("riffusion_tui.dispatch.dispatcher.POLL_S", poll_s),
        ):
            async with self.dispatcher() as dispatcher:
                yield dispatcher
                fault = dispatcher.fault()
            if fault is not None:
                raise fault

    async def until(self, true: Callable[[], bool], limit: float = 36_000.0) -> None:
        """Wait in virtual time until a condition on the store holds."""
        await until(self.store, true, limit)

    async def until_sending(self) -> None:
        """Wait until a dispatcher with another connection is sending a job."""
        await waiting.until(lambda: bool(self.jobs(Status.SENDING)), 36_000, every_s=0.05)

    def statuses(self) -> dict[int, Status]:
        return {job.id: job.status for job in reversed(self.store.jobs())}

    def all(self, *statuses: Status) -> bool:
        return all(job.status in statuses for job in self.store.jobs())

    def jobs(self, status: Status) -> list[Job]:
        return [job for job in self.store.jobs() if job.status == status]


@asynccontextmanager
async def bench(folder: Path, world: World | None = None) -> AsyncIterator[Bench]:
    """Open the store in `folder`, creating it if missing."""
    clock = VirtualClock()
    world = world or World()
    with Store.open(folder / "data" / "jobs.sqlite3", clock) as store:
        store._run("PRAGMA synchronous = OFF")  # no test simulates a power cut, and thousands of commits are slow
        job_commands = JobCommands(store, world, clock=clock, rng=random.Random(3))
        yield Bench(store, world, clock, folder, job_commands)


async def until(store: Store, true: Callable[[], bool], limit: float) -> None:
    """Wait until a condition on the store holds; fail after `limit` seconds of the loop's time."""
    changed = asyncio.Event()
    stop = store.subscribe(changed.set)
    try:
        async with asyncio.timeout(limit):
            while not true():
                changed.clear()
                await changed.wait()
    except TimeoutError:
        jobs = [(job.prompt, job.status, job.error) for job in store.jobs()]
        raise AssertionError(f"not true after {limit} s: {jobs}") from None
    finally:
        stop()


Act = Callable[[Bench], Coroutine[Any, Any, None]]


def on_a_bench(tmp_path: Path, act: Act, world: World | None = None) -> None:
    async def main() -> None:
        async with bench(tmp_path, world) as b:
            await act(b)

    run(main())
