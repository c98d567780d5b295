"""Slot use and requests per song of the dispatcher: in virtual time, and against a real server.

    python -m tests.benchmarks.dispatch [--seeds 3] [--server] [--speed 10]

In virtual time, the service is in memory; with `--server`, it is on a port, files are real, and time runs `--speed`
times as fast (which amplifies the slowness of the machine, and the ratio shows it).

The bound is the makespan of a dispatcher that knows at once when a song ends: the same jobs in the same order, each
given to the first free slot. `requests` is the number of all requests per song.

That bound needs continuous polling. `even looks` is the makespan over the bound if slots are only filled at polls and
the same number of polls is spread evenly: each song leaves its slot idle for half the time between two polls, which is
longer with fewer slots. Six requests per song leave three for polls; the others are the song's own (create, record,
file). The rest of a run's excess is mostly its end: the last few songs are polled less often, since no job waits for
their slots, and with many slots the end is a larger share of a short run.
"""

from __future__ import annotations

import argparse
import heapq
import math
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from tests.benchmarks.dispatch_served import serve
from tests.dispatch.bench import bench
from tests.dispatch.virtual import run
from tests.dispatch.world import Slot, World, uniform

CASES = ((1, 3), (1, 6), (2, 3), (3, 2), (4, 2), (4, 4), (8, 2), (8, 1))
SONGS = 60
LOW_S, HIGH_S = 20.0, 200.0
SERVED = ((2, 3), (8, 2))
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
    even_s: float = 0.0
    """The makespan with as many evenly spread polls; 0 if they were not counted."""

    @property
    def ratio(self) -> float:
        """Makespan over bound."""
        return self.makespan_s / self.bound_s


def measure(accounts: int, slots: int, seed: int = 1, songs: int = SONGS) -> Result:
    """Make `songs` songs that take 20 to 200 seconds on `accounts` accounts with `slots` slots each."""
    times = uniform(LOW_S, HIGH_S, seed)
    drawn: list[float] = []

    def draw() -> float:
        drawn.append(times())
        return drawn[-1]

    async def main(folder: Path) -> Result:
        world = World({f"account {n}": Slot(slots) for n in range(accounts)}, draw)
        async with bench(folder, world) as b:
            b.job_commands.submit([f"prompt {n}" for n in range(songs)], Options())
            began = b.clock.steady()
            async with b.dispatching():
                await b.until(lambda: not b.store.with_status("world", Status.QUEUED, Status.SENDING, Status.MAKING))
                makespan = b.clock.steady() - began
                await b.until(lambda: b.all(Status.DONE))
        assert set(world.per_prompt().values()) == {1}
        requests = sum(world.calls.values()) / songs
        even = evenly(drawn, accounts * slots, world.calls["workload"])
        return Result(accounts, slots, makespan, bound(drawn, accounts * slots), world.busy, requests, even)

    with TemporaryDirectory() as folder:
        return run(main(Path(folder)))


def bound(times: list[float], slots: int, gap: float = 0.0) -> float:
    """Return the makespan of `times` if each starts on the first slot seen free, checking every `gap`."""
    ends = [0.0] * slots
    for seconds in times:
        end = ends[0] + seconds
        heapq.heapreplace(ends, math.ceil(end / gap) * gap if gap else end)
    return max(ends)


def evenly(times: list[float], slots: int, looks: int) -> float:
    """Return when the last ends with `looks` evenly spread polls."""
    few, many = bound(times, slots) / looks, 2 * bound(times, slots) / looks + max(times)
    for _ in range(40):
        gap = (few + many) / 2
        few, many = (gap, many) if bound(times, slots, gap) / gap > looks else (few, gap)
    return bound(times, slots, many)


def measure_served(accounts: int, slots: int, seed: int, speed: float) -> Result:
    """The same against a real server."""
    draw = uniform(LOW_S, HIGH_S, seed)
    api, makespan, requests = serve({f"acc-{n}": slots for n in range(accounts)}, SONGS, draw, speed)
    return Result(accounts, slots, makespan, bound(api.drawn, accounts * slots), api.busy, requests)


def _print(results: list[Result]) -> bool:
    """Print the mean and the worst of some runs; return False if the mean misses the goal, if any."""
    one, ratios = results[0], [result.ratio for result in results]
    requests = [result.requests for result in results]
    busy = max(result.busy for result in results)
    even = statistics.mean(result.even_s / result.bound_s for result in results)
    evenly_made = f"{even:10.3f}" if even else f"{'-':>10}"
    print(
        f"{one.accounts:8} {one.slots:5}  {statistics.mean(ratios):5.3f} {max(ratios):5.3f}"
        f"  {evenly_made}  {busy:5}"
        f"  {statistics.mean(requests):8.2f} {max(requests):5.2f}",
        flush=True,
    )
    if one.accounts * one.slots != GOAL_SLOTS:
        return True
    return statistics.mean(ratios) <= 1.05 and busy <= 1 and statistics.mean(requests) <= 6


def main() -> int:
    """Print a table; return 1 if a row misses its goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="runs of each case, with other songs")
    parser.add_argument("--server", action="store_true", help="against a real server")
    parser.add_argument("--speed", type=float, default=10.0, help="how much faster time runs there")
    given = parser.parse_args()
    print(f"{SONGS} songs of {LOW_S:.0f} to {HIGH_S:.0f} s, {given.seeds} times: the mean and the worst\n")
    print("accounts slots  makespan/bound even looks  busy  requests a song")
    good = True
    for accounts, slots in SERVED if given.server else CASES:
        seeds = range(1, given.seeds + 1)
        if given.server:
            good &= _print([measure_served(accounts, slots, seed, given.speed) for seed in seeds])
        else:
            good &= _print([measure(accounts, slots, seed) for seed in seeds])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
