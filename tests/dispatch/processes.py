"""Real processes on one folder, against the fake API."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store
from tests.dispatch.fake_api import TOKEN, FakeApi


def environment(home: Path, url: str) -> dict[str, str]:
    """Return environment variables for `home` and the server at `url`."""
    return os.environ | {"RIFFUSION_TUI_HOME": str(home), "RIFFUSION_TUI_URL": url, "RIFFUSION_TUI_TOKEN": TOKEN}


def start(home: Path, url: str, *arguments: str) -> subprocess.Popen[str]:
    """Start the program."""
    command = [sys.executable, "-m", "riffusion_tui", *arguments]
    return subprocess.Popen(
        command, env=environment(home, url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )


def jobs_of(home: Path) -> tuple[Job, ...]:
    """Return the jobs in the store."""
    with Store.open(home / "data" / "jobs.sqlite3", SystemClock()) as store:
        return store.jobs()


def violations(api: FakeApi, jobs: tuple[Job, ...], prompts: set[str], in_flight: set[str]) -> list[str]:
    """Return every violation: jobs lost, made twice, unfinished, or *maybe sent* without a cut response."""
    made, found = api.per_prompt(), []
    found += [f"made {number} times: {prompt}" for prompt, number in made.items() if number > 1]
    counts = Counter(job.prompt for job in jobs)
    found += [f"lost: {prompt}" for prompt in prompts if counts[prompt] != 1]
    for job in jobs:
        if job.status == Status.DONE:
            if made[job.prompt] != 1 or not Path(job.file).stat().st_size:
                found.append(f"done without a song: {job.prompt}")
        elif job.status == Status.MAYBE_SENT:
            if job.prompt not in api.cuts | in_flight:
                found.append(f"maybe sent, and nothing was cut: {job.prompt}")
        else:
            found.append(f"{job.status.value}: {job.prompt} {job.error}")
    return found
