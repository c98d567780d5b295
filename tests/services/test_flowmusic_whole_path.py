"""Flow Music from end to end, with faults: every prompt is paid for once, every pair is on disk."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.dispatch.commands.account_commands import AccountCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.flowmusic.client import FlowMusicService
from riffusion_tui.store import Store
from tests.flowmusic_server import TOKEN, FlowServer, flowmusic_server
from tests.services.flow import ANN, BOB

HURRY = 40.0
"""Seconds of the dispatcher's in one of ours: its waits are tens of seconds."""


class HurriedClock:
    """Real time, forty times as fast."""

    def __init__(self) -> None:
        self._wall, self._began = time.time(), time.monotonic()

    def now(self) -> float:
        return self._wall + self.steady()

    def steady(self) -> float:
        return (time.monotonic() - self._began) * HURRY

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)


@asynccontextmanager
async def running(
    server: FlowServer, folder: Path, clock: HurriedClock
) -> AsyncIterator[tuple[Store, JobCommands, AccountCommands]]:
    service = FlowMusicService(server.url, Secret(TOKEN), clock=clock)
    with Store.open(folder / "jobs.sqlite3", clock) as store:
        job_commands = JobCommands(store, service, clock=clock, rng=random.Random(1))
        account_commands = AccountCommands(store, service, clock=clock, rng=random.Random(1))
        dispatcher = Dispatcher(
            store,
            service,
            clock=clock,
            rng=random.Random(2),
            folder=folder / "songs",
            lock=FileLock(folder / "lock"),
        )
        async with dispatcher:
            yield store, job_commands, account_commands
        await service.aclose()


async def until(clock: HurriedClock, store: Store, server: FlowServer, *, made: int) -> None:
    async with asyncio.timeout(40):
        while not (len(server.created) >= made and (made < 12 or all(job.status in ENDED for job in store.jobs()))):
            await clock.sleep(2)


@pytest.mark.no_cover
async def test_every_prompt_is_paid_for_once_despite_faults(tmp_path: Path) -> None:
    async with flowmusic_server(song_s=0.5) as server:
        clock = HurriedClock()
        server.fail("create", 429, {"error": "Too many requests"}, {"Retry-After": "12"})
        server.drop("create", 2)
        async with running(server, tmp_path, clock) as (store, job_commands, _):
            job_commands.submit(
                [f"song {n}" for n in range(10)] + ["forbidden", "later-forbidden", "song 12"], Options()
            )
            await until(clock, store, server, made=4)
            server.accounts[BOB].error = "refresh token rejected"
            await until(clock, store, server, made=7)
        async with running(server, tmp_path, clock) as (store, _, account_commands):
            repaired = await account_commands.repair(Secret(f"{BOB}/fresh"), 3, BOB)
            assert (repaired.user_id, repaired.error) == (BOB, "")
            await until(clock, store, server, made=12)
            jobs = store.jobs()
        statuses = Counter(job.status for job in jobs)
        assert statuses == {Status.DONE: 22, Status.REFUSED: 2}, [job.error for job in jobs if job.error]
        assert set(Counter(requested["prompt"] for requested in server.created).values()) == {1}
        assert all(Path(job.file).suffix == ".m4a" and Path(job.file).stat().st_size for job in jobs if job.file)
        assert {job.account for job in jobs if job.status == Status.DONE} == {ANN, BOB}
        assert {sent for origin, _, sent in server.seen if origin == "files"} == {""}
