"""The two clients of `tests.benchmarks.flowmusic`, each in a separate process that can be killed.

    python -m tests.benchmarks.flowmusic_clients WHO URL FOLDER BASE SPEED < prompts

The second works like plain batch scripts: it sends one prompt at a time, sleeps 10 s after a 429, gives a prompt up
after six of them, and stores the job's id after the response; then it polls the jobs one by one every 15 s. When
restarted, it continues with the prompts without a stored id.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from urllib.parse import quote

import httpx

from riffusion_tui.dispatch import Dispatcher, JobCommands
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.model import FailureKind, Options
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.flowmusic.client import FlowMusicService
from riffusion_tui.store import Store
from tests.flowmusic_server import TOKEN

TRIES, SLEEP_S, POLL_S = 6, 10.0, 15.0


class ScaledClock:
    """Time that runs `speed` times as fast from the moment `base` on, the same in every process."""

    def __init__(self, base: float, speed: float) -> None:
        self.base, self._speed = base, speed

    def now(self) -> float:
        """Scaled seconds since the epoch."""
        return self.base + self.steady()

    def steady(self) -> float:
        """Seconds since `base`."""
        return (time.time() - self.base) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Sleep for scaled seconds."""
        await asyncio.sleep(max(0.0, seconds) / self._speed)


async def ours(url: str, folder: Path, clock: ScaledClock, prompts: list[str]) -> int:
    """Dispatch until everything has ended or needs attention; return how many jobs do."""
    service = FlowMusicService(url, Secret(TOKEN), clock=clock)
    with Store.open(folder / "jobs.sqlite3", clock) as store:
        job_commands = JobCommands(store, service, clock=clock, rng=random.Random())
        if not store.jobs():
            job_commands.submit(prompts, Options())
        dispatcher = Dispatcher(
            store, service, clock=clock, rng=random.Random(), folder=folder / "songs", lock=FileLock(folder / "lock")
        )
        async with dispatcher:
            while not all(job.status in ENDED or job.trouble == FailureKind.USER for job in store.jobs()):
                await clock.sleep(1.0)
        await service.aclose()
        return len(store.with_status(service.name, Status.MAYBE_SENT))


async def habit(url: str, folder: Path, clock: ScaledClock, prompts: list[str]) -> int:
    """Go through the prompts, then through the jobs."""
    log = folder / "jobs.txt"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=f"{url}/v1/flowmusic", headers=headers, timeout=60) as client:
        known = {prompt for prompt, _ in lines}
        for prompt in prompts:
            if prompt in known:
                continue
            jobid = await _submitted(client, clock, prompt)
            lines.append([prompt, jobid])
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(lines[-1]) + "\n")
        open_ = [jobid for _, jobid in lines if jobid]
        while open_:
            await clock.sleep(POLL_S)
            for jobid in list(open_):
                answer = (await client.get(f"/jobs/{quote(jobid, safe='')}")).json()
                if answer.get("status") in ("completed", "failed"):
                    open_.remove(jobid)
                    await _fetched(folder, answer)
    return 0


async def _submitted(client: httpx.AsyncClient, clock: ScaledClock, prompt: str) -> str:
    for _ in range(TRIES):
        answer = await client.post("/music", json={"prompt": prompt, "mode": "async"})
        if answer.status_code != 429:
            return str(answer.json().get("jobid", "")) if answer.is_success else ""
        await clock.sleep(SLEEP_S)
    return ""


async def _fetched(folder: Path, job: dict[str, list[dict[str, str]]]) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        for number, clip in enumerate(job.get("clips", [])):
            audio = (await client.get(clip["audio_url"])).content
            (folder / f"{clip['title']} {number}.m4a").write_bytes(audio)


def main() -> int:
    """Run one of them."""
    who, url, folder, base, speed = sys.argv[1:]
    prompts = sys.stdin.read().splitlines()
    clock = ScaledClock(float(base), float(speed))
    return asyncio.run((ours, habit)[int(who)](url, Path(folder), clock, prompts))


if __name__ == "__main__":
    sys.exit(main())
