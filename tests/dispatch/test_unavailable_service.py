"""A service that answers with errors, or too late, is unavailable: not the same as one that can't be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.model import Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import World


@pytest.mark.parametrize("error", [base.ServerFault("500"), base.TimedOut("Too slow."), base.CheckFailed("502")])
def test_a_service_that_answers_wrongly_is_unavailable_and_one_out_of_reach_offline(
    tmp_path: Path, error: base.ServiceError
) -> None:
    async def main() -> None:
        world = World(duration=lambda: 5.0)
        world.faults = {"accounts": [error], "workload": []}
        if isinstance(error, base.ServerFault):
            world.faults["workload"] = [error]  # a server without an account list can still make songs
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.store.gates("world")))
                (gate,) = b.store.gates("world")
                assert (gate.cause, gate.tries, gate.detail) == (WaitCause.UNAVAILABLE, 1, str(error))
                world.online = False
                await b.until(lambda: b.store.gates("world")[0].cause is WaitCause.OFFLINE)
                (gate,) = b.store.gates("world")
                assert gate.tries == 2, "the service has worked in neither case"
                world.online = True
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.gates("world") == ()

    run(main())
