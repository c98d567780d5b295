"""The same songs on a real server: HTTP on loopback, a store on the disk, a clock that runs faster (`--server`)."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.riffusion.client import RiffusionService
from riffusion_tui.store import Store
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer

_SERVICE = "riffusion"


class FastClock:
    """The machine's clock, `speed` times as fast, so that songs seem to take their usual time."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = time.time(), time.monotonic()

    def steady(self) -> float:
        """Seconds of the fast clock since it was made."""
        return (time.monotonic() - self._began[1]) * self._speed

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._began[0] + self.steady()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the fast clock."""
        await asyncio.sleep(seconds / self._speed)


class Timed(FakeApi):
    """The fake API with drawn durations, in seconds of the fast clock."""

    def __init__(self, slots: dict[str, int], draw: Callable[[], float], speed: float) -> None:
        super().__init__(slots)
        self.drawn: list[float] = []
        self._draw = draw
        self._speed = speed

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Begin a song, unless the account is busy."""
        seconds = self._draw()
        self.seconds = seconds / self._speed
        status, answer = super().create(body)
        if status == 200:
            self.drawn.append(seconds)
        return status, answer


def serve(slots: dict[str, int], songs: int, draw: Callable[[], float], speed: float) -> tuple[Timed, float, float]:
    """Make `songs` songs; return the server, the makespan in seconds of the fast clock, and requests a song."""
    api = Timed(slots, draw, speed)
    with TemporaryDirectory() as folder, FakeApiServer(api) as server:
        makespan = asyncio.run(_dispatch(Path(folder), server.url, songs, FastClock(speed)))
    assert set(api.per_prompt().values()) == {1}
    downloads = songs
    return api, makespan, (sum(api.calls.values()) + downloads) / songs


async def _dispatch(folder: Path, url: str, songs: int, clock: FastClock) -> float:
    service = RiffusionService(url, Secret(TOKEN))
    lock, rng = FileLock(folder / "dispatch.lock"), random.Random(7)
    try:
        with Store.open(folder / "data" / "jobs.sqlite3", clock) as store:
            job_commands = JobCommands(store, service, clock=clock, rng=random.Random(3))
            job_commands.submit([f"prompt {n}" for n in range(songs)], Options())
            began = clock.steady()
            async with Dispatcher(store, service, clock=clock, rng=rng, folder=folder / "songs", lock=lock):
                await _until_none(store, Status.QUEUED, Status.SENDING, Status.MAKING)
                makespan = clock.steady() - began
                await _until_none(store, Status.FETCHING)
            assert all(job.status is Status.DONE for job in store.jobs())
            return makespan
    finally:
        await service.aclose()


async def _until_none(store: Store, *statuses: Status) -> None:
    changed = asyncio.Event()
    stop = store.subscribe(changed.set)
    try:
        while store.with_status(_SERVICE, *statuses):
            changed.clear()
            await changed.wait()
    finally:
        stop()
