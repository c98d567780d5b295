"""Slots never idle while work waits, and few requests a song: in virtual time, against a service in memory.

    python -m tests.benchmarks.dispatch

The bound is what a dispatcher could reach that knows at once when a song ends: the same jobs in the same order, each
given to the slot that is free first. `requests` are all the requests there were, for each song.
"""

from __future__ import annotations

import heapq
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, uniform

CASES = ((1, 3), (1, 6), (2, 3), (3, 2), (4, 2), (4, 4), (8, 2), (8, 1))
SONGS = 60
GOAL_SLOTS = 6
"""The goal is for this many slots: ratio at most 1.05, one busy answer, six requests a song."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run."""

    accounts: int
    slots: int
    makespan_s: float
    bound_s: float
    busy: int
    requests: float

    @property
    def ratio(self) -> float:
        """Makespan over bound."""
        return self.makespan_s / self.bound_s


def measure(accounts: int, slots: int, songs: int = SONGS, low: float = 20.0, high: float = 200.0) -> Result:
    """Make `songs` songs that take `low` to `high` seconds on `accounts` accounts with `slots` slots each."""
    times = uniform(low, high)
    drawn: list[float] = []

    def draw() -> float:
        drawn.append(times())
        return drawn[-1]

    async def main(folder: Path) -> Result:
        world = World({f"account {n}": Slot(slots) for n in range(accounts)}, draw)
        async with bench(folder, world) as b:
            b.desk.submit([f"prompt {n}" for n in range(songs)], Options())
            began = b.clock.steady()
            async with b.dispatching():
                await b.until(lambda: not b.store.standing("world", Status.QUEUED, Status.SENDING, Status.MAKING))
                makespan = b.clock.steady() - began
                await b.until(lambda: b.all(Status.DONE))
        assert set(world.per_prompt().values()) == {1}
        requests = sum(world.calls.values()) / songs
        return Result(accounts, slots, makespan, bound(drawn, accounts * slots), world.busy, requests)

    with TemporaryDirectory() as folder:
        return run(main(Path(folder)))


def bound(times: list[float], slots: int) -> float:
    """Return when the last of `times` ends if each is begun on the slot that is free first."""
    ends = [0.0] * slots
    for seconds in times:
        heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends)


def main() -> int:
    """Print a table; 1 if a run is beyond the goal."""
    print(f"{SONGS} songs of 20 to 200 s\n\naccounts slots  makespan    bound  ratio  busy  requests a song")
    good = True
    for accounts, slots in CASES:
        one = measure(accounts, slots)
        if accounts * slots == GOAL_SLOTS:
            good = good and one.ratio <= 1.05 and one.busy <= 1 and one.requests <= 6
        print(
            f"{accounts:8} {slots:5}  {one.makespan_s:7.0f}s {one.bound_s:7.0f}s  {one.ratio:5.3f} {one.busy:5}"
            f"  {one.requests:5.2f}",
            flush=True,
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
