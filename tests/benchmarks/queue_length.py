"""The cost per song with 200, 10,000 and 100,000 queued: CPU of the main process, headless and with the screen open.

    python -m tests.benchmarks.queue_length [--queued 200 10000 100000] [--songs 100] [--rounds 2] [--screen]
        [--idle]

The songs are short tones made in the studio's own renderers, so that the queue dominates the cost. The figures are CPU,
not wall time; since other programs affect that too, the lengths are measured in turn in each round, and the lowest
figure of each counts. Exits with 1 if a song of the longest queue costs over 1.2 times one of the shortest. With
--idle, an open screen is watched instead while its service can't be reached. Linux.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, Store
from riffusion_tui.tui.messages import message
from tests.benchmarks.line.terminal import WatchedTerminal

MAX_RATIO = 1.2
"""Times the shortest queue's cost that the longest's may be."""
WARM = 20
"""Songs before measuring, so that what loads with the first ones doesn't count."""
IDLE_CPU, IDLE_BYTES, IDLE_S = 0.6, 80, 60
"""Limits for an idle screen, in percent of a core and bytes per second; and how long it is measured, in seconds."""
PACED = "slow=0.4 a tone"
"""Renderers wait if the screen is open, since its cost is per second: each song then takes a fixed time."""
LIMIT_S = 170.0
_CODE = """
import sys
from dataclasses import replace
from riffusion_tui.cli import main
from riffusion_tui.cli.wiring import service_setup
plain = service_setup.studio_settings
tone = "tests.studio.tone:ToneEngine"
service_setup.studio_settings = lambda *given: replace(plain(*given), engine=tone, max_jobs=4)
sys.exit(main(sys.argv[1:]))
"""


def fill(home: Path, queued: int, service: str = "studio", prompt: str = "a tone") -> Path:
    """Queue prompts in a new folder; return the store's file."""
    file = home / "data" / "jobs.sqlite3"
    with Store.open(file, SystemClock()) as store:
        requested = (NewJob(f"{prompt}, number {n}", Options(), service, f"rt-{n}", "batch") for n in range(queued))
        store.add(tuple(requested))
    return file


@contextmanager
def working(home: Path, queued: int, *, screen: bool) -> Iterator[int]:
    """Run the program; yield its process id once an open screen has read its whole list."""
    environment = {**os.environ, "RIFFUSION_TUI_HOME": str(home)}
    if screen:
        terminal = WatchedTerminal((sys.executable, "-c", _CODE), environment, columns=120, rows=36)
        with closing(terminal):
            _await_list(terminal, queued)
            yield terminal.process.pid
        return
    command = (sys.executable, "-c", _CODE, "work", "--json")
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def cost(queued: int, songs: int, *, screen: bool) -> tuple[float, float]:
    """Return CPU seconds of the main process a song, and songs a second."""
    with tempfile.TemporaryDirectory(prefix="queue-") as name:
        file = fill(Path(name), queued, prompt=PACED if screen else "a tone")
        with working(Path(name), queued, screen=screen) as pid, Store.open(file, SystemClock()) as store:
            first = _await(store, WARM)
            began, cpu = time.monotonic(), cpu_s(pid)
            last = _await(store, first + songs)
            spent, took = cpu_s(pid) - cpu, time.monotonic() - began
    return spent / (last - first), (last - first) / took


def idle(queued: int) -> tuple[float, float]:
    """Return percent of a core and bytes a second of an 80x24 screen whose service can't be reached."""
    with tempfile.TemporaryDirectory(prefix="queue-") as name:
        fill(Path(name), queued, "riffusion")
        environment = {
            "RIFFUSION_TUI_HOME": name,
            "RIFFUSION_TUI_SERVICE": "riffusion",
            "RIFFUSION_TUI_URL": "http://127.0.0.1:9/v1/riffusion",
            "RIFFUSION_TUI_TOKEN": "token",
        }
        terminal = WatchedTerminal((sys.executable, "-m", "riffusion_tui"), environment)
        with closing(terminal):
            time.sleep(IDLE_S / 2)
            size, cpu, began = terminal.received, terminal.cpu_s(), time.monotonic()
            time.sleep(IDLE_S)
            took = time.monotonic() - began
            return 100 * (terminal.cpu_s() - cpu) / took, (terminal.received - size) / took


def _await_list(terminal: WatchedTerminal, queued: int) -> None:
    """Wait until the list shows all jobs: reading them is a cost of the screen, not of a song."""
    while time.perf_counter() - terminal.started < LIMIT_S:
        if terminal.painted_after(f"{message('pane.jobs')}  {queued}")[0] is not None:
            return
        time.sleep(1)
    raise SystemExit(f"the list did not hold {queued} jobs within {LIMIT_S:g} s")


def _await(store: Store, songs: int) -> int:
    """Wait until a number of songs are done; return how many are."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        (done,) = store._one("SELECT count(*) FROM jobs WHERE status = ?", Status.DONE)
        if done >= songs:
            return int(done)
        time.sleep(0.1)
    raise SystemExit(f"{songs} songs were not made within {LIMIT_S:g} s")


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queued", type=int, nargs="*", default=[200, 10_000, 100_000])
    parser.add_argument("--songs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--screen", action="store_true", help="with the screen open, in a pty")
    parser.add_argument("--idle", action="store_true", help="watch an idle screen with 10,000 queued")
    given = parser.parse_args()
    if given.idle:
        cpu, size = idle(10_000)
        print(
            f"10000 queued, service out of reach: {cpu:.2f} % of a core, {size:.0f} B/s; goal: {IDLE_CPU}, {IDLE_BYTES}"
        )
        return 0 if cpu <= IDLE_CPU and size <= IDLE_BYTES else 1
    costs: dict[int, float] = {}
    for queued in given.queued * given.rounds:
        each, rate = cost(queued, given.songs, screen=given.screen)
        costs[queued] = min(each, costs.get(queued, each))
        print(f"{queued:>7} queued: {1000 * each:6.1f} ms of CPU a song, {rate:5.1f} songs/s", flush=True)
    ratio = costs[given.queued[-1]] / costs[given.queued[0]]
    print(f"the longest queue costs {ratio:.2f} × the shortest; goal: {MAX_RATIO:g} ×")
    return 0 if ratio <= MAX_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
