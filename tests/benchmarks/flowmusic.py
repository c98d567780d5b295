"""Thirty prompts on Flow Music with every kind of fault, compared with a plain batch script, in scaled time.

    python -m tests.benchmarks.flowmusic

Both use the same server with the same faults: two accounts of three slots, 429s that name no account, an account that
breaks and is repaired later, two moderated prompts, and a kill -9 at the worst moment: a request is paid for and its
response is in flight. Both are restarted at once, while the song of that request is still running. `per song` is the
finish time divided by the songs on disk, since a client that gives up prompts finishes sooner. `lost` counts paid songs
that are not on disk, `doubled` prompts paid for twice, `given up` unmoderated prompts without a song, and `asks`
prompts that wait for the user's decision.
"""

from __future__ import annotations

import asyncio
import math
import random
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from tests import flowmusic_state
from tests.benchmarks.flowmusic_clients import ScaledClock
from tests.flowmusic_server import FlowAccount, FlowJob, FlowServer, flowmusic_server
from tests.waiting import until

ANN, BOB = "ann@example.com", "bob@example.com"
WHO = ("riffusion-tui", "plain script")


@dataclass(frozen=True, slots=True)
class FlowMusicCase:
    """A run; all times in scaled seconds."""

    prompts: int = 30
    speed: float = 30.0
    shortest_s: float = 60.0
    longest_s: float = 240.0
    limited_at: tuple[float, ...] = (20.0, 260.0, 600.0)
    breaks_at: float = 120.0
    repaired_at: float = 420.0
    killed_at: int = 9
    """The number of the request at which the client is killed."""
    limit_s: float = 7200.0


@dataclass(frozen=True, slots=True)
class FlowMusicResult:
    """The outcome."""

    who: str
    finish_s: float
    songs: int
    lost: int
    doubled: int
    given_up: int
    asks: int
    requests: int

    @property
    def each_s(self) -> float:
        """Seconds for each song that is on the disk."""
        return self.finish_s / max(1, self.songs)

    def row(self) -> str:
        """Return the outcome as a line of the table."""
        return (
            f"{self.who:14} {self.finish_s:7.0f}s {self.songs:6} {self.each_s:8.1f}s {self.lost:5} {self.doubled:8}"
            f" {self.given_up:9} {self.asks:5} {self.requests:9}"
        )


def prompts_of(case: FlowMusicCase) -> list[str]:
    """Return the prompts: two of them are moderated, one at once and one while it runs."""
    plain = [f"song number {number:02}" for number in range(case.prompts - 2)]
    middle = len(plain) // 2
    return [*plain[:middle], "forbidden", "later-forbidden", *plain[middle:]]


class Run:
    """One client against one server."""

    def __init__(self, case: FlowMusicCase, who: str, folder: Path) -> None:
        self._case, self._who, self._folder = case, who, folder
        self._clock = ScaledClock(time.time(), case.speed)
        self._began = self._clock.now()
        self._kill = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._back: asyncio.Task[None] | None = None
        self._starts = 0

    async def result(self) -> FlowMusicResult:
        """Run until it ends."""
        vars(flowmusic_state)["time"] = SimpleNamespace(time=self._clock.now)  # one time for all
        rng = random.Random(1)
        try:
            async with flowmusic_server(FlowAccount(ANN), FlowAccount(BOB)) as server:
                server.draw = lambda: rng.uniform(self._case.shortest_s, self._case.longest_s)
                server.committed = lambda job: self._committed(server, job)
                faults = asyncio.create_task(self._faults(server))
                code = await self._client(server.url)
                finish = self._clock.now() - self._began
                for task in filter(None, (faults, self._back)):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
                return self._count(server, finish, code)
        finally:
            vars(flowmusic_state)["time"] = time

    async def _faults(self, server: FlowServer) -> None:
        limited = {"error": "Too many requests", "code": 429}
        events: list[tuple[float, str]] = [(at, "limit") for at in self._case.limited_at]
        events += [(self._case.breaks_at, "break"), (self._case.repaired_at, "repair")]
        for at, what in sorted(events):
            await self._clock.sleep(at - (self._clock.now() - self._began))
            if what == "limit":
                server.fail("create", 429, limited, {"Retry-After": "12"}, times=2)
            else:
                server.accounts[BOB].error = "refresh token rejected" if what == "break" else ""

    def _committed(self, server: FlowServer, job: FlowJob) -> None:
        if len(server.created) == self._case.killed_at and self._process is not None:
            self._process.kill()
            self._back = asyncio.create_task(self._wait_for_client(server))
        if self._back is not None and not self._back.done():
            for one in server.jobs.values():  # a request to the other account may be in flight too
                if one.status == "pending":
                    one.ends = math.inf

    async def _wait_for_client(self, server: FlowServer) -> None:
        """Pause running songs until the client is back: its start takes real time, which is not scaled."""
        await until(lambda: self._starts >= 2, 600)
        seen = len(server.seen)
        await until(lambda: len(server.seen) != seen, 600)
        for job in server.jobs.values():
            if math.isinf(job.ends):
                job.ends = self._clock.now() + self._case.shortest_s / 2

    async def _client(self, url: str) -> int:
        code = -1
        for _ in range(2):  # it is killed once
            arguments = [WHO.index(self._who), url, self._folder, self._clock.base, self._case.speed]
            command = [sys.executable, "-m", "tests.benchmarks.flowmusic_clients", *map(str, arguments)]
            self._process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
            self._starts += 1
            text = "\n".join(prompts_of(self._case)).encode()
            async with asyncio.timeout(self._case.limit_s / self._case.speed):
                await self._process.communicate(text)
            code = self._process.returncode or 0
            if code >= 0:
                break
        return code

    def _count(self, server: FlowServer, finish: float, asks: int) -> FlowMusicResult:
        files = {path.name for path in self._folder.rglob("*.m4a")}
        made = Counter(str(requested["prompt"]) for requested in server.created)
        songs = [clip for job in server.jobs.values() if not job.error for clip in job.clips]
        there = sum(count_of(files, clip) for clip in _titles(songs))
        free = [one for one in prompts_of(self._case) if "forbidden" not in one]
        return FlowMusicResult(
            self._who,
            finish,
            songs=there,
            lost=len(songs) - there,
            doubled=sum(number > 1 for number in made.values()),
            given_up=sum(made[one] == 0 for one in free),
            asks=asks,
            requests=len(server.calls("")),
        )


def _titles(clips: list[dict[str, Any]]) -> Counter[str]:
    return Counter(str(clip["title"]) for clip in clips)


def count_of(files: set[str], title: str) -> int:
    """Return how many of a pair's two songs are on the disk."""
    return min(2, sum(title in name for name in files))


def measure(case: FlowMusicCase, who: str) -> FlowMusicResult:
    """Run one client in a separate folder."""

    async def main() -> FlowMusicResult:
        with TemporaryDirectory() as folder:
            return await Run(case, who, Path(folder)).result()

    return asyncio.run(main())


def main() -> int:
    """Print a table; return 1 if this program lost, doubled or gave up a prompt."""
    case = FlowMusicCase()
    print(f"{case.prompts} prompts, 2 moderated, songs of {case.shortest_s:.0f} to {case.longest_s:.0f} s\n")
    print("who             finish   songs  per song  lost  doubled  given up  asks  requests")
    results = []
    for who in WHO:
        results.append(measure(case, who))
        print(results[-1].row(), flush=True)
    ours = results[0]
    return 1 if ours.lost or ours.doubled or ours.given_up or ours.asks else 0


if __name__ == "__main__":
    sys.exit(main())
