"""The cost of a studio with many running jobs and many callers: CPU of its main process.

    python -m tests.benchmarks.studio_callers [--running 400] [--callers 40] [--seconds 20] [--rounds 3]

First the cost of a POST with no job running and with many; other programs affect the CPU time, so the lowest of some
rounds counts. Then the cost of clients that list their accounts' songs once a second, as the screen does. The jobs are
tones whose renderer waits. Exits with 1 if a POST with many running costs over 7 ms, or if the callers cost
over 0.2 of a core. Linux.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.options import number_options
from tests.benchmarks.queue_length import cpu_s

POST_MS, CORE = 7.0, 0.2
"""Limits: CPU seconds of a POST with many jobs running, and cores used by the callers."""
BATCH = 40
"""POSTs measured together, since the system counts CPU time in steps of 10 ms."""
SLOTS = 10
PATH = "/v1/riffusion"
_CODE = """
import sys
from pathlib import Path
from riffusion_tui.studio.serve import serve
from riffusion_tui.studio.studio_settings import StudioSettings
folder, accounts = Path(sys.argv[1]), int(sys.argv[2])
serve(StudioSettings(folder, engine="tests.studio.tone:ToneEngine", accounts=accounts, max_jobs=10, renderers=2))
"""


@contextmanager
def served(accounts: int) -> Iterator[tuple[int, str, str]]:
    """Serve a studio on a free port; yield its process id, address and token."""
    with tempfile.TemporaryDirectory(prefix="callers-") as name:
        command = (sys.executable, "-c", _CODE, name, str(accounts))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            yield process.pid, address, Path(name, "token").read_text(encoding="ascii").strip()
        finally:
            process.terminate()
            process.communicate()


class Caller:
    """A client of the studio that measures the cost of its calls for the server."""

    def __init__(self, process: int, client: httpx.AsyncClient) -> None:
        self._process = process
        self._client = client

    async def post(self, count: int) -> tuple[list[str], float]:
        """Post prompts; return the jobs and the CPU seconds per POST."""
        before = cpu_s(self._process)
        answers = [await self._client.post("/music/create-prompt", json={"prompt": "slow=900"}) for _ in range(count)]
        spent = cpu_s(self._process) - before
        return [answer.raise_for_status().json()["job_id"] for answer in answers], spent / count

    async def cancel(self, jobs: list[str]) -> None:
        """Free the jobs' slots."""
        for job in jobs:
            (await self._client.delete(f"/scheduler/{job}")).raise_for_status()

    async def cheapest_post(self, rounds: int) -> float:
        """Return the lowest CPU seconds of a POST among some rounds; afterwards as many jobs run as before."""
        costs = []
        for _ in range(rounds):
            jobs, cost = await self.post(BATCH)
            costs.append(cost)
            await self.cancel(jobs)
        return min(costs)

    async def scheduler(self, rounds: int) -> tuple[float, int]:
        """Return the CPU seconds of a GET scheduler, and the bytes of its answer."""
        before = cpu_s(self._process)
        answers = [await self._client.get("/scheduler") for _ in range(10 * rounds)]
        return (cpu_s(self._process) - before) / len(answers), len(answers[-1].content)

    async def look(self, count: int, seconds: float) -> float:
        """Let callers list an account's songs once a second; return the cores used."""
        accounts = list((await self._client.get("/accounts")).json())

        async def one(number: int) -> None:
            await asyncio.sleep(number / count)
            while time.monotonic() < until:
                query = {"user_id": accounts[number % len(accounts)], "limit": 10}
                sent_at = time.monotonic()
                (await self._client.get("/music/", params=query)).raise_for_status()
                await asyncio.sleep(1 - (time.monotonic() - sent_at))

        began, before = time.monotonic(), cpu_s(self._process)
        until = began + seconds
        await asyncio.gather(*(one(number) for number in range(count)))
        return (cpu_s(self._process) - before) / (time.monotonic() - began)


async def measure(running: int, callers: int, seconds: float, rounds: int) -> bool:
    """Measure and print; return whether all costs are within the limits."""
    with served(-(-(running + BATCH) // SLOTS)) as (process, address, token):
        headers = {"Authorization": f"Bearer {token}"}
        limits = httpx.Limits(max_connections=callers)
        async with httpx.AsyncClient(base_url=address + PATH, headers=headers, limits=limits, timeout=60) as client:
            caller = Caller(process, client)
            alone = await caller.cheapest_post(rounds)
            await caller.post(running)
            among = await caller.cheapest_post(rounds)
            listing, size = await caller.scheduler(rounds)
            looking = await caller.look(callers, seconds)
    print(f"a POST         {1000 * alone:.1f} ms of CPU, {1000 * among:.1f} with {running} running; goal: {POST_MS:g}")
    print(f"GET scheduler  {1000 * listing:.1f} ms, {size / 1000:.0f} kB")
    print(f"{callers} callers that look once a second: {looking:.2f} of a core; goal: {CORE:g}")
    return 1000 * among <= POST_MS and looking <= CORE


def main() -> int:
    """Run it and print the figures."""
    given = number_options(__doc__, running=400, callers=40, seconds=20.0, rounds=3)
    return 0 if asyncio.run(measure(given.running, given.callers, given.seconds, given.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
