"""Kill or stop the program at random, cut responses and break accounts; check that no prompt is lost or made twice.

    python -m tests.benchmarks.faults [KILLS]
    python -m tests.benchmarks.faults --together [KILLS]
    python -m tests.benchmarks.faults --processes [JOBS]
    python -m tests.benchmarks.faults --stop [STOPS]

Each turn starts the real program on one folder and kills it (SIGKILL) after a random time; a fake API counts songs.
With `--together`, two processes and a screen share the folder, and all three are killed one after the other.
With `--processes`, three processes share the folder, and the one that dispatches is killed in the middle of a batch.
With `--stop`, two processes and a screen share the folder, and the one that dispatches is stopped (SIGSTOP), half of
the time long enough for another to take over, and then continued (SIGCONT); 100 stops take about 12 minutes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from riffusion_tui.file_lock import FileLock, holder
from riffusion_tui.jobs.status import Status
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer
from tests.dispatch.processes import jobs_of, start, violations
from tests.pty.terminal import PtyTerminal

SETTLED_S = 90.0
"""Minimum time for the last process, since *maybe sent* jobs are checked for over half a minute."""
SETTLED_PER_KILL_S = 2.0
"""Additional time per kill, since the last process makes what the killed ones left."""


def kill_at_random(folder: Path, kills: int, *, per_turn: int = 3, seed: int = 1) -> tuple[FakeApi, list[str], int]:
    """Return the server, the promises broken, and how many jobs were left *maybe sent*."""
    rng = random.Random(seed)
    api = FakeApi(cut=0.05, break_share=0.02, seed=seed)
    prompts: set[str] = set()
    in_flight: set[str] = set()
    with FakeApiServer(api) as server:
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
        api.cut = api.break_share = 0.0
        limit = SETTLED_S + kills * SETTLED_PER_KILL_S
        last = start(folder, server.url, "work", "--timeout", str(limit))
        last.wait(limit + 30)
        jobs = jobs_of(folder)
    unsure = sum(job.status == Status.MAYBE_SENT for job in jobs)
    return api, violations(api, jobs, prompts, in_flight), unsure


def kill_together(folder: Path, kills: int, *, per_turn: int = 9, seed: int = 2) -> tuple[FakeApi, list[str], int]:
    """Like `kill_at_random`, with two processes and a screen at a time, killed in any order."""
    rng = random.Random(seed)
    api = FakeApi(cut=0.05, break_share=0.02, seed=seed)
    prompts: set[str] = set()
    in_flight: set[str] = set()
    home = folder / "riff"  # the terminal's
    with FakeApiServer(api) as server:
        for turn in range(kills // 3):
            new = [f"turn {turn} prompt {n}" for n in range(per_turn)]
            assert start(home, server.url, "submit", *new).wait(60) == 0
            prompts.update(new)
            workers = [start(home, server.url, "work") for _ in range(2)]
            environ = {"RIFFUSION_TUI_URL": server.url, "RIFFUSION_TUI_TOKEN": TOKEN}
            with PtyTerminal(folder, environ=environ) as screen:
                ends = [worker.kill for worker in workers] + [partial(screen.signal, signal.SIGKILL)]
                for end in rng.sample(ends, 3):
                    screen.watch(rng.uniform(0.2, 2.0))
                    end()
                    in_flight |= {job.prompt for job in jobs_of(home) if job.status == Status.SENDING}
                screen.wait()
            for worker in workers:
                worker.wait()
        api.cut = api.break_share = 0.0
        limit = SETTLED_S + kills * SETTLED_PER_KILL_S
        start(home, server.url, "work", "--timeout", str(limit)).wait(limit + 30)
        jobs = jobs_of(home)
    unsure = sum(job.status == Status.MAYBE_SENT for job in jobs)
    return api, violations(api, jobs, prompts, in_flight), unsure


@dataclass(frozen=True, slots=True)
class Takeover:
    """Results of three processes on one folder."""

    api: FakeApi
    seconds: float
    """Seconds without a dispatcher after the first was killed."""
    unsure: int
    """Requests that were on their way when it was killed."""
    broken: list[str]


def kill_the_first_of_three(folder: Path, count: int) -> Takeover:
    """Generate `count` prompts with three processes on one folder; kill the one that dispatches."""
    api = FakeApi(slots={"acc-a": 10, "acc-b": 10}, seconds=0.2, held_from=10)
    prompts = {f"prompt {n}" for n in range(count)}
    lock = folder / "data" / "dispatcher-riffusion.lock"
    with FakeApiServer(api) as server:
        assert start(folder, server.url, "submit", *sorted(prompts)).wait(60) == 0
        # No process waits for the user to settle jobs left open by the kill.
        work = ("work", "--timeout", str(20 + count / 20))
        first = start(folder, server.url, *work)
        wait_until(lambda: holder(lock) == first.pid)
        others = [_follower(lock, partial(start, folder, server.url, *work)) for _ in range(2)]
        api.let_go()
        wait_until(lambda: len(api.made) > 20)  # more than all slots at once
        first.kill()
        first.wait()
        died = time.monotonic()
        wait_until(lambda: holder(lock) not in (None, first.pid))
        seconds = time.monotonic() - died
        in_flight = {job.prompt for job in jobs_of(folder) if job.status in (Status.SENDING, Status.MAYBE_SENT)}
        for worker in others:
            worker.wait(60 + count)
    jobs = jobs_of(folder)
    unsure = sum(job.status == Status.MAYBE_SENT for job in jobs)
    return Takeover(api, seconds, unsure, violations(api, jobs, prompts, in_flight))


def _follower(lock: Path, start_one: Callable[[], subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """Start a process; return once it has asked the holder of the lock for a sign of life, as it does when it waits."""
    asked = FileLock(lock)
    wait_until(lambda: not _is_asked(asked))
    follower = start_one()
    wait_until(lambda: _is_asked(asked), pause=0.01)  # the holder answers within half a second
    return follower


def _is_asked(lock: FileLock) -> bool:
    found = lock.holder()
    assert found is not None
    return found.asked


@dataclass(frozen=True, slots=True)
class Stops:
    """Results of two processes and a screen, one of which was stopped repeatedly."""

    api: FakeApi
    takeovers: int
    """How often another dispatched before the stopped one was resumed."""
    by_screen: int
    """How often it was the screen that was stopped."""
    seconds: float
    broken: list[str]


def stop_at_random(folder: Path, stops: int, *, per_turn: int = 12, seed: int = 3) -> Stops:
    """Stop the one that dispatches at a random moment for a random time; nothing may stay *maybe sent*."""
    rng = random.Random(seed)
    began = time.monotonic()
    api = FakeApi(delay=0.2, seed=seed)
    prompts: set[str] = set()
    home = folder / "riff"  # the terminal's
    lock = home / "data" / "dispatcher-riffusion.lock"
    workers: list[subprocess.Popen[str]] = []
    takeovers = by_screen = 0
    with FakeApiServer(api) as server:
        environ = {"RIFFUSION_TUI_URL": server.url, "RIFFUSION_TUI_TOKEN": TOKEN}
        with PtyTerminal(folder, environ=environ) as screen:
            for turn in range(stops):
                new = [f"turn {turn} prompt {n}" for n in range(per_turn)]
                queued = start(home, server.url, "submit", *new)
                screen.until(partial(_succeeded, queued))
                prompts.update(new)
                workers = [worker for worker in workers if worker.poll() is None]
                workers += [start(home, server.url, "work") for _ in range(2 - len(workers))]
                screen.watch(rng.uniform(0.0, 1.0))
                leader = holder(lock)
                if leader is None:  # the last job has just ended
                    continue
                by_screen += leader == screen.pid
                takeovers += _stop_for(leader, screen, rng.choice((rng.uniform(0, 3), rng.uniform(8, 13))), lock)
            limit = time.monotonic() + SETTLED_S
            while time.monotonic() < limit and {job.status for job in jobs_of(home)} != {Status.DONE}:
                screen.watch(1.0)
            screen.signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(SETTLED_S)
    broken = violations(api, jobs_of(home), prompts, set())
    return Stops(api, takeovers, by_screen, time.monotonic() - began, broken)


def _succeeded(command: subprocess.Popen[str]) -> bool:
    return command.poll() == 0


def _stop_for(leader: int, screen: PtyTerminal, seconds: float, lock: Path) -> bool:
    """Stop the process for a while; return whether another dispatches by then."""
    try:
        os.kill(leader, signal.SIGSTOP)
    except ProcessLookupError:
        return False
    screen.watch(seconds)
    displaced = holder(lock) != leader
    os.kill(leader, signal.SIGCONT)
    return displaced


def wait_until(true: Callable[[], bool], limit: float = 30.0, *, pause: float = 0.05) -> None:
    """Wait until a condition holds, which is checked after every pause."""
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end
        time.sleep(pause)


def processes(count: int) -> int:
    """Print the results of three processes on one folder; return 1 if a promise was broken."""
    with TemporaryDirectory() as folder:
        found = kill_the_first_of_three(Path(folder), count)
    print(f"3 processes, {count} prompts, the first killed; {found.unsure} maybe sent")
    print(f"another dispatched after {found.seconds:.1f} s")
    return _report(found.api, found.broken)


def stopping(stops: int) -> int:
    """Print the results of stopping the dispatching process; return 1 if a promise was broken."""
    with TemporaryDirectory() as folder:
        found = stop_at_random(Path(folder), stops)
    print(f"{stops} stops, {found.by_screen} of a screen, {found.takeovers} takeovers, {found.seconds:.0f} s")
    return _report(found.api, found.broken)


def _report(api: FakeApi, broken: list[str]) -> int:
    """Print what was made and which promises were broken; return 1 if one was."""
    made = api.per_prompt()
    print(f"{sum(made.values())} creations of {len(made)} prompts, {api.busy} busy answers")
    print("\n".join(broken) or "nothing lost, nothing made twice")
    return bool(broken)


def main() -> int:
    """Print the results; return 1 if a promise was broken."""
    if "--stop" in sys.argv:
        return stopping(int(sys.argv[2]) if len(sys.argv) > 2 else 100)
    if "--processes" in sys.argv:
        return processes(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    kills = numbers[0] if numbers else 300
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        run = kill_together if "--together" in sys.argv else kill_at_random
        api, broken, unsure = run(Path(folder), kills)
    print(f"{kills} kills, {kills * 3} prompts, {len(api.cuts)} answers cut")
    print(f"{unsure} left to the user (maybe sent), {time.monotonic() - began:.0f} s")
    return _report(api, broken)


if __name__ == "__main__":
    sys.exit(main())
