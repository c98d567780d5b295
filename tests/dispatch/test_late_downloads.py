"""A download that goes on after its job was cancelled and sent again belongs to the first song, not to the new one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, sound

OLD, NEW = sound(0.05), sound(0.2)


def slow_first(world: World, outcome: bytes | base.ServiceError | OSError) -> None:
    """The first song's download takes ten minutes and ends like this; the others bring the new song."""

    async def download(
        song: base.RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        if song.remote_id != "r0":
            to.write_bytes(NEW)
            return
        await asyncio.sleep(600)
        if isinstance(outcome, Exception):
            raise outcome
        to.write_bytes(outcome)

    world.download = download


@pytest.mark.parametrize(
    "outcome",
    [OLD, b"no song", base.Expired("gone"), base.Unanswered("cut"), base.UpstreamLimited("429")],
    ids=["song", "no song", "expired", "cut off", "rate limited"],
)
def test_a_late_download_of_the_first_song_is_not_the_new_one(
    tmp_path: Path, outcome: bytes | base.ServiceError | OSError
) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0)
        slow_first(world, outcome)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FETCHING))
                await asyncio.sleep(60)
                b.store.update(job.id, Status.CANCELLED)
                b.job_commands.retry([job.id])
                await b.until(lambda: b.store.job(job.id).remote_id == "r1")
                await b.until(lambda: b.all(Status.DONE, Status.FAILED), 3600)
            done = b.store.job(job.id)
            assert (done.status, done.remote_id, done.error) == (Status.DONE, "r1", "")
            assert Path(done.file).read_bytes() == NEW

    run(main())
