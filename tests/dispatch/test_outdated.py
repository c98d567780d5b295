"""A service whose files are a newer version's: nothing is tried until there is an update."""

from __future__ import annotations

import asyncio
from pathlib import Path

from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.dispatch.wait import blocked
from riffusion_tui.jobs.model import Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench, on_a_bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World

WHY = "studio can't be started: update riffusion-tui."


def test_an_outdated_program_tries_rarely_and_continues_after_the_update(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(1)}, lambda: 5.0)
        world.faults = {"accounts": [base.NotSent("no route"), *[base.Outdated(WHY)] * 20]}
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await asyncio.sleep(3600)
            gates = b.store.gates("world")
            assert [(gate.cause, gate.account, gate.until, gate.detail) for gate in gates] == [
                (WaitCause.OUTDATED, None, None, WHY)
            ]
            assert world.calls.total() < 10
            assert blocked(b.store, b.store.job(job.id)).endswith("update riffusion-tui")
            summary = summarize(b.store, "world", b.clock.now())
            assert (summary.countdown, summary.banners[0].jobs) == (None, 1)
            world.faults.clear()
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE), limit=60)
            assert b.store.gates("world") == ()
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_another_problem_takes_the_place_of_an_outdated_program(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        b.world.faults = {"accounts": [base.Outdated(WHY)]}
        async with b.dispatching():
            await asyncio.sleep(5)
            b.world.online = False
            await asyncio.sleep(700)
            assert [gate.cause for gate in b.store.gates("world")] == [WaitCause.OFFLINE]

    on_a_bench(tmp_path, act)
