"""Twenty prompts, and the server killed and restarted while some are queued, running and finished."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.acestep.client import AceStepService
from riffusion_tui.store import Store
from tests.acestep_server import CPP, FEB, MAY, WHEEL, acestep_server
from tests.services.test_flowmusic_whole_path import HurriedClock
from tests.waiting import until

PROMPTS = 20
SEEDS = [1000 + n for n in range(PROMPTS)]


@asynccontextmanager
async def dispatching(url: str, folder: Path) -> AsyncIterator[tuple[Store, JobCommands]]:
    clock = HurriedClock()
    service = AceStepService([url], clock=clock)
    with Store.open(folder / "jobs.sqlite3", clock) as store:
        job_commands = JobCommands(store, service, clock=clock, rng=random.Random(1))
        lock = FileLock(folder / "lock")
        async with Dispatcher(store, service, clock=clock, rng=random.Random(2), folder=folder / "songs", lock=lock):
            yield store, job_commands
        await service.aclose()


async def _until_done(store: Store, number: int) -> None:
    await until(lambda: sum(job.status is Status.DONE for job in store.jobs()) >= number, 40)


@pytest.mark.no_cover
@pytest.mark.parametrize("version", [MAY, FEB, WHEEL, CPP])
async def test_a_killed_server_loses_no_song(tmp_path: Path, version: str) -> None:
    async with acestep_server(version=version, song_s=0.05) as before:
        port = urlsplit(before.url).port or 0
        started = dispatching(before.url, tmp_path)
        store, job_commands = await started.__aenter__()
        items = [BatchItem(f"song {seed}", Options(seed=seed)) for seed in SEEDS]
        job_commands.submit_all(items)
        await _until_done(store, 6)
        before.song_s = 60.0
        await until(lambda: sum(task.ends - task.begins > 50 for task in before.tasks.values()) >= 2, 10)
    try:
        assert {Status.QUEUED, Status.MAKING, Status.DONE} <= {job.status for job in store.jobs()}
        # The new server knows no task, not even finished ones, and loads its model again.
        async with acestep_server(port, version=version, song_s=0.05, loaded=False, load_s=0.3) as after:
            await _until_done(store, PROMPTS)
        jobs = store.jobs()
        assert sorted(job.seed for job in jobs if job.seed is not None) == SEEDS
        assert len({job.file for job in jobs if Path(job.file).stat().st_size}) == PROMPTS
        assert all(f'"seed": {job.seed}'.encode() in Path(job.file).read_bytes() for job in jobs), (
            "the files' tags hold the seeds"
        )
        assert {(job.prompt, job.seed) for job in jobs} == {(f"song {seed}", seed) for seed in SEEDS}
        assert {task["seed"] for task in before.created + after.created} == set(SEEDS)
    finally:
        await started.__aexit__(None, None, None)
