"""A prompt that something before the service blocks (a firewall's page) doesn't hold up the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.model import FailureKind, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from riffusion_tui.services.base import Capabilities
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

PAGE = 'Unexpected response (status 403) from the address: it is a web page ("Blocked").'


def blocking(world: World, *prompts: str) -> None:
    """Answer these prompts with a web page."""
    create = world.create

    async def guarded(request: base.CreateRequest) -> base.Accepted:
        if request.prompt in prompts:
            world.posts.append((world.now, request.prompt, request.account))
            raise base.Unreadable(PAGE)
        return await create(request)

    world.create = guarded


@pytest.mark.parametrize("slots", [1, 3])
def test_a_prompt_that_only_gets_pages_fails_once_others_are_accepted(tmp_path: Path, slots: int) -> None:
    async def main() -> None:
        world = World({"a": Slot(slots)}, lambda: 20.0)
        blocking(world, "drop table songs", "<script>")
        async with bench(tmp_path, world) as b:
            first, second, *_ = b.job_commands.submit(
                ["drop table songs", "<script>", *(f"prompt {n}" for n in range(5))], Options()
            )
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE, Status.FAILED), 3600)
            for job in (first, second):
                ended = b.store.job(job.id)
                assert (ended.status, ended.trouble) == (Status.FAILED, FailureKind.UNREADABLE)
                assert ended.error == f"{PAGE} Other prompts are accepted: change this one's words, or retry it later."
            assert len(b.jobs(Status.DONE)) == 5
        assert set(world.per_prompt().values()) == {1}

    run(main())


def test_pages_for_every_prompt_fail_none(tmp_path: Path) -> None:
    async def main() -> None:
        faults: list[base.ServiceError | str] = [base.Unreadable(PAGE)] * 12
        world = World({"a": Slot(1)}, lambda: 20.0, faults={"create": faults})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(4)], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 36_000)
        assert set(world.per_prompt().values()) == {1}

    run(main())


def test_a_blocked_prompt_alone_waits(tmp_path: Path) -> None:
    async def main() -> None:
        faults: list[base.ServiceError | str] = [base.Unreadable(PAGE)] * 6
        world = World({"a": Slot(1)}, lambda: 20.0, faults={"create": faults})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), 36_000)

    run(main())


def test_pages_before_a_prompt_was_accepted_do_not_count(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 20.0, capabilities=Capabilities(formats=("wav",), repeatable=True))
        world.faults = {"create": [base.Unreadable(PAGE), base.Unreadable(PAGE)]}
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.MAKING), 3600)
                world.made[0].gone = True  # the service loses it, and it is sent again
                world.faults = {"create": [base.Unreadable(PAGE)]}
                await b.until(lambda: b.all(Status.DONE), 3600)
        assert world.per_prompt() == {"one": 2}

    run(main())
