"""What is measured: the real program on a prepared folder, the smallest Textual app with an editor, and vim."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Cause, Gate, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store
from riffusion_tui.store.values import NewJob

_BARE = """
from textual.app import App
from textual.widgets import TextArea

class Bare(App):
    def compose(self):
        yield TextArea("", placeholder="Prompt")

Bare().run()
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A program to run, how to get it to take letters, and what it paints first."""

    name: str
    command: tuple[str, ...]
    painted: str
    tail: int
    """How many of the last letters the program sends again with each new one."""
    before: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)


def ours(home: Path, name: str = "riffusion-tui") -> Subject:
    """The program itself, on the folder `home`."""
    command = shutil.which("riffusion-tui") or str(Path(sys.executable).with_name("riffusion-tui"))
    return Subject(name, (command,), "Prompt", 1, environment={"RIFFUSION_TUI_HOME": str(home)})


def bare(folder: Path) -> Subject:
    """The smallest Textual app with an editor."""
    file = folder / "bare.py"
    file.write_text(_BARE, encoding="utf-8")
    return Subject("bare Textual app", (sys.executable, str(file)), "Prompt", 3)


def vim() -> Subject | None:
    """Vim with no configuration, in insert mode; None where it is not installed."""
    found = shutil.which("vim")
    return None if found is None else Subject("vim", (found, "-u", "NONE", "-N", "-n"), "~", 1, before=b"i")


def prepare(home: Path, jobs: int) -> Path:
    """Fill a folder's store with `jobs` finished jobs; return the folder."""
    with _store(home) as store:
        for first in range(0, jobs, 1000):
            count = min(1000, jobs - first)
            added = store.add([_new(first + index) for index in range(count)])
            with store.together():
                for job in added:
                    store.update(job.id, Status.CANCELLED, "cancelled")
    return home


def _new(number: int) -> NewJob:
    prompt = f"lofi beat number {number}, rainy window, soft piano and a slow drum"
    return NewJob(prompt=prompt, options=Options(), service="studio", ref=f"ref-{number}", batch=f"b{number // 20}")


@contextmanager
def _store(home: Path) -> Iterator[Store]:
    folder = home / "data"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Store.open(folder / "jobs.sqlite3", SystemClock()) as store:
        yield store


def close_gate(home: Path, seconds: float) -> None:
    """Let the service be rate limiting for a while, so that a countdown runs."""
    with _store(home) as store:
        now = time.time()
        store.put_gate(Gate("studio", None, Cause.UPSTREAM, now, now + seconds, 2, "Too Many Requests"))
        store.add([_new(10**6)])


@contextmanager
def changing(home: Path, rows: int, per_second: float) -> Iterator[None]:
    """Change the newest `rows` rows, all of them `per_second` times a second, from another process."""
    command = [sys.executable, "-m", "tests.benchmarks.line.subjects", str(home), str(rows), str(per_second)]
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _change(home: Path, rows: int, per_second: float) -> None:
    with _store(home) as store:
        newest = sorted((job.id for job in store.jobs()), reverse=True)[:rows]
        for number in range(10**6):
            with store.together():
                for id in newest:
                    store.update(id, prompt=f"lofi beat take {number % 100:02}, rainy window")
            time.sleep(1 / per_second)


if __name__ == "__main__":
    _change(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
