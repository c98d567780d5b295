from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, uniform


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_prompt_becomes_a_song_on_the_disk(folder: Path) -> None:
    async def main() -> None:
        async with bench(folder) as b:
            (job,) = b.job_commands.submit(["lofi rain"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            done = b.store.job(job.id)
            assert Path(done.file).read_bytes()[:4] == b"RIFF"
            assert Path(done.file).name == "Song of lofi rain.wav"
            assert done.sha256
            assert done.duration_s == pytest.approx(0.05)
            assert (done.bpm, done.key, done.genre) == (90, "Am", "lofi")
            assert [one.what for one in b.store.timeline(job.id)] == ["queued", "sending", "accepted", "made", "done"]
            assert [path.name for path in (folder / "songs").iterdir()] == [Path(done.file).name]

    run(main())


@pytest.mark.no_cover
def test_sixty_jobs_on_six_slots_get_no_busy_response(folder: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(2), "b": Slot(4)}, uniform(20, 200))
        async with bench(folder, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(60)], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.busy == 0
            assert set(world.per_prompt().values()) == {1}
            print(
                b.clock.steady(),
                world.calls,
                sum(world.calls.values()) / 60,
                sum(m.ends - m.began for m in world.made) / 6,
            )

    run(main())
