"""Under any mixture of faults, kills and repairs, no prompt is made twice and none is lost."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import FailureKind, Job, Options
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.services import base
from riffusion_tui.services.base import Service
from riffusion_tui.store import Store
from tests.dispatch.bench import Bench, bench, until
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, uniform

FAULTS: dict[str, base.ServiceError | str] = {
    "fine": "",
    "cut before": "cut before",
    "cut after": "cut after",
    "fault after": "fault after",
    "429": base.UpstreamLimited("429"),
    "busy": base.AccountBusy("busy", account="a"),
    "500": base.ServerFault("500"),
    "422": base.Refused("refused"),
    "400": base.BadRequest("wrong"),
    "not sent": base.NotSent("no route"),
    "unanswered": base.Unanswered("cut"),
}
CREATES = st.lists(st.sampled_from(sorted(FAULTS)), max_size=12)
OTHERS = st.lists(st.sampled_from(["fine", "500", "not sent", "unanswered", "429"]), max_size=4)
EVENTS = st.lists(
    st.tuples(
        st.floats(0.1, 120.0), st.sampled_from(["kill", "break", "repair", "offline", "online", "token", "next now"])
    ),
    max_size=6,
)


@dataclass
class Line:
    """A process's connection to the service. After a kill, nothing returns, but requests in flight may arrive."""

    world: World
    dead: bool = field(default=False)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.world, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **fields: Any) -> Any:
            if self.dead:
                await asyncio.Event().wait()
            try:
                answer, error = await found(*args, **fields), None
            except base.ServiceError as raised:
                answer, error = None, raised
            if self.dead:
                await asyncio.Event().wait()
            if error is not None:
                raise error
            return answer

        return call


class Process:
    """A dispatcher that can be killed: the next one continues with the store's files as they are on disk."""

    def __init__(self, b: Bench, number: int, data: Path) -> None:
        self.b, self.number, self.data = b, number, data
        self.line = Line(b.world)
        self.store = Store.open(data / "jobs.sqlite3", b.clock)
        self.store._run("PRAGMA synchronous = OFF")  # safe for a killed process, unlike a power cut
        service: Service = self.line
        self.dispatcher = Dispatcher(
            self.store,
            service,
            clock=b.clock,
            rng=random.Random(number),
            folder=b.folder / "songs",
            lock=FileLock(data / "lock"),
        )

    async def __aenter__(self) -> Process:
        await self.dispatcher.__aenter__()
        return self

    async def killed(self) -> Process:
        """Kill it, and restart it on a copy of the files on disk."""
        self.line.dead = True
        data = self.data.with_name(f"data{self.number + 1}")
        shutil.copytree(self.data, data, ignore=shutil.ignore_patterns("*-shm"))
        self.dispatcher._task.cancel()  # its last writes go to unused files
        return await Process(self.b, self.number + 1, data).__aenter__()

    async def buried(self) -> None:
        """Close the files, once nothing reads them."""
        self.dispatcher._task.cancel()
        await asyncio.gather(self.dispatcher._task, return_exceptions=True)
        self.store.close()


def settled(job: Job) -> bool:
    """Return whether the job changes only by user action from now on."""
    return job.status in ENDED or (job.status == Status.MAYBE_SENT and job.trouble == FailureKind.USER)


@asynccontextmanager
async def lived_through(b: Bench, prompts: int, events: list[tuple[float, str]]) -> AsyncIterator[Store]:
    """Return the store that a dispatcher leaves after `events`, including kills."""
    data = b.folder / "data0"
    shutil.copytree(b.folder / "data", data)
    lives = [process := Process(b, 0, data)]
    JobCommands(process.store, b.world, clock=b.clock, rng=random.Random(5)).submit(
        [f"prompt {n}" for n in range(prompts)], Options()
    )
    await process.__aenter__()
    world = b.world
    for after, event in events:
        await asyncio.sleep(after)
        if event == "kill":
            lives.append(process := await process.killed())
        elif event in ("break", "repair"):
            world.accounts_there["a"].broken = event == "break"
        elif event in ("offline", "online"):
            world.online = event == "online"
        elif event == "token":
            world.token_ok = not world.token_ok
        else:
            b.job_commands._store = process.store
            b.job_commands.next_now()
    world.online = world.token_ok = True
    world.accounts_there["a"].broken = False
    world.faults.clear()
    await until(process.store, lambda: all(settled(job) for job in process.store.jobs()), 7200)
    await asyncio.sleep(600)  # time for anything left to be sent, resent or changed
    fault = process.dispatcher.fault()
    assert fault is None, fault
    process.line.dead = True
    try:
        yield process.store
    finally:
        for life in lives:
            await life.buried()


@given(
    creates=CREATES,
    others=OTHERS,
    downloads=OTHERS,
    events=EVENTS,
    prompts=st.integers(1, 8),
    refs=st.booleans(),
    latency=st.sampled_from([0.1, 4.0]),
)
@example([], [], [], [(9.0, "kill"), (5.0, "kill"), (9.0, "kill")], 4, True, 4.0)
@example(["cut after"], [], [], [(9.0, "kill"), (7.0, "kill"), (11.0, "kill")], 4, False, 4.0)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_prompt_is_lost_or_made_twice(
    creates: list[str],
    others: list[str],
    downloads: list[str],
    events: list[tuple[float, str]],
    prompts: int,
    refs: bool,
    latency: float,
) -> None:
    async def main(folder: Path) -> None:
        world = World({"a": Slot(2), "b": Slot(1)}, uniform(1, 60), shows_refs=refs, latency=latency)
        world.faults = {
            "create": [FAULTS[name] for name in creates],
            "download": [FAULTS[name] for name in downloads],
            **{call: [FAULTS[name] for name in others] for call in ("workload", "songs", "poll", "accounts")},
        }
        async with bench(folder, world) as b, lived_through(b, prompts, events) as store:
            made = world.per_prompt()
            assert all(number == 1 for number in made.values()), made
            jobs = store.jobs()
            assert len(jobs) == prompts
            for job in jobs:
                judge(job.status, job.prompt in made, job.trouble)
            unsure = sum(job.status == Status.MAYBE_SENT for job in jobs)
            cuts = sum(name in ("cut before", "cut after", "fault after", "500", "unanswered") for name in creates)
            assert unsure <= cuts + sum(event == "kill" for _, event in events) * 3

    def judge(status: Status, made: bool, trouble: FailureKind | None) -> None:
        if status == Status.DONE:
            assert made
        elif status == Status.MAYBE_SENT:
            assert trouble == FailureKind.USER
        else:
            assert status in (Status.REFUSED, Status.FAILED), status
            assert not made

    # All writers of a store and users of its lock are in this process, so rare checks miss nothing.
    with (
        TemporaryDirectory() as folder,
        patch("riffusion_tui.dispatch.dispatcher.POLL_S", 30.0),
        patch("riffusion_tui.dispatch.leadership.ANSWER_S", 30.0),
    ):
        run(main(Path(folder)))
