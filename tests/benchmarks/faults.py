"""Kill it at random moments, cut its answers, break its accounts: is anything lost or made twice?

    python -m tests.benchmarks.faults [KILLS]

Each turn starts the real program on one folder and kills it (SIGKILL) after a random time; a server outside counts.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.jobs.status import Status
from tests.dispatch.outside import Outside, Serving
from tests.dispatch.processes import jobs_of, start, wrongs

SETTLED_S = 90.0
"""How long the last process may take: what is *maybe sent* is looked for over half a minute."""


def kill_at_random(folder: Path, kills: int, *, per_turn: int = 3, seed: int = 1) -> tuple[Outside, list[str], int]:
    """Return the server, the promises broken, and how many jobs were left *maybe sent*."""
    rng = random.Random(seed)
    outside = Outside(cut=0.05, break_share=0.02, seed=seed)
    prompts: set[str] = set()
    in_flight: set[str] = set()
    with Serving(outside) as server:
        for turn in range(kills):
            new = [f"turn {turn} prompt {n}" for n in range(per_turn)]
            queued = start(folder, server.url, "submit", *new)
            assert queued.wait(60) == 0
            prompts.update(new)
            worker = start(folder, server.url, "work")
            time.sleep(rng.uniform(0.3, 3.0))
            worker.kill()
            worker.wait()
            in_flight |= {job.prompt for job in jobs_of(folder) if job.status == Status.SENDING}
        outside.cut = outside.break_share = 0.0
        last = start(folder, server.url, "work", "--timeout", str(SETTLED_S))
        last.wait(SETTLED_S + 30)
        jobs = jobs_of(folder)
    unsure = sum(job.status == Status.MAYBE_SENT for job in jobs)
    return outside, wrongs(outside, jobs, prompts, in_flight), unsure


def main() -> int:
    """Print what happened; 1 if a promise was broken."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        outside, broken, unsure = kill_at_random(Path(folder), kills)
    print(f"{kills} kills, {kills * 3} prompts, {len(outside.made)} creations, {len(outside.cuts)} answers cut")
    print(f"{unsure} left for a person (maybe sent), {outside.busy} busy answers, {time.monotonic() - began:.0f} s")
    print("\n".join(broken) or "nothing lost, nothing made twice")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
