"""The limits of a queue of millions: durable commits per second on this disk, commits per song, memory per job.

    python -m tests.benchmarks.commits [--songs 40] [--seconds 3] [--jobs 100000] [--folder DIR]

`--folder` is on the disk to measure (default: the folder for temporary files). The commits of a song are counted while
`work` makes tones with the built-in studio; the memory is that of the list of an open screen.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import tracemalloc
from contextlib import closing
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.store import Store
from riffusion_tui.tui.state.job_list.job_selection import JobList
from tests.benchmarks.queue_length import fill

_CODE = """
import atexit, collections, json, os, sqlite3, sys
from dataclasses import replace
from pathlib import Path
commits = collections.Counter()
plain = sqlite3.connect
def connect(path, *given, **named):
    database = plain(path, *given, **named)
    name = Path(str(path)).name
    def count(statement):
        commits[name] += statement == "COMMIT"
    database.set_trace_callback(count)
    return database
sqlite3.connect = connect
from riffusion_tui.cli import main
from riffusion_tui.cli.wiring import service_setup
settings = service_setup.studio_settings
tone = "tests.studio.tone:ToneEngine"
service_setup.studio_settings = lambda *given: replace(settings(*given), engine=tone, max_jobs=4)
if __name__ == "__main__":
    code = main(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(commits))
    sys.exit(code)
"""


def rate(folder: Path, seconds: float) -> float:
    """Return the durable commits a second of one small row, as the store makes them."""
    with closing(sqlite3.connect(folder / "rate.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE job (id INTEGER PRIMARY KEY, status TEXT)")
        database.execute("INSERT INTO job VALUES (1, '')")
        began, count = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            database.execute("UPDATE job SET status = ? WHERE id = 1", (str(count),))
            count += 1
        return count / (time.monotonic() - began)


def commits(folder: Path, songs: int) -> dict[str, float]:
    """Return the commits per song of the client's database and of the studio's."""
    home, counted = folder / "home", folder / "commits.json"
    fill(home, songs)
    environment = {**os.environ, "RIFFUSION_TUI_HOME": str(home)}
    command = (sys.executable, "-c", _CODE, str(counted), "work", "--json")
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {name: count / songs for name, count in json.loads(counted.read_text("utf-8")).items()}


def memory(folder: Path, jobs: int) -> float:
    """Return the bytes that a job takes in the list that a screen holds."""
    file = fill(folder / "memory", jobs)
    with Store.open(file, SystemClock()) as store:
        tracemalloc.start()
        held = JobList()
        held.update(store.jobs_briefly(jobs))
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size / len(held.jobs)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="commits-", dir=given.folder) as name:
        durable = rate(Path(name), given.seconds)
        each = commits(Path(name), given.songs)
        size = memory(Path(name), given.jobs)
    print(f"{durable:.0f} durable commits a second; load {os.getloadavg()[0]:.1f}")
    for database, count in each.items():
        print(f"{database}: {count:.1f} commits a song, at most {durable / count:.0f} songs a second")
    print(f"{size:.0f} bytes of memory a job")
    return 0


if __name__ == "__main__":
    sys.exit(main())
