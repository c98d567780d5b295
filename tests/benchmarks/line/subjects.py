"""The measured programs: the real one on a prepared folder, the smallest Textual app with an editor, vim, posting."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import Store
from riffusion_tui.store.store_types import NewJob

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
    """A program to run, the keys that make it accept letters, and what it paints first."""

    name: str
    command: tuple[str, ...]
    painted: str
    tail: int
    """How many of the last letters the program sends again with each new one."""
    before: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext
    """Runs while keys are typed."""


def ours(home: Path) -> Subject:
    """The program itself, on the folder `home`."""
    command = shutil.which("riffusion-tui") or str(Path(sys.executable).with_name("riffusion-tui"))
    return Subject("riffusion-tui", (command,), "Prompt", 1, environment={"RIFFUSION_TUI_HOME": str(home)})


def busy(home: Path, rows: int, per_second: float) -> Subject:
    """The program, with its newest `rows` rows changing several times a second."""
    name = f"riffusion-tui, {rows} rows change {per_second:g} × a second"
    return replace(ours(home), name=name, meanwhile=lambda: changing(home, rows, per_second))


def probed(subject: Subject, file: Path) -> Subject:
    """The same program with a watched event loop; see `probe`."""
    command = [sys.executable, "-m", "tests.benchmarks.line.probe", str(file)]
    program = "riffusion_tui" if "riffusion" in subject.name else subject.command[-1]
    return replace(subject, command=(*command, program))


def bare(folder: Path) -> Subject:
    """The smallest Textual app with an editor."""
    file = folder / "bare.py"
    file.write_text(_BARE, encoding="utf-8")
    return Subject("bare Textual app", (sys.executable, str(file)), "Prompt", 3)


def vim() -> Subject | None:
    """Vim without configuration, in insert mode; None if it is not installed."""
    found = shutil.which("vim")
    return None if found is None else Subject("vim", (found, "-u", "NONE", "-N", "-n"), "~", 1, before=b"i")


def posting(command: str | None, folder: Path) -> Subject | None:
    """Posting without configuration, in its URL bar; None if it is not installed."""
    if command is None or shutil.which(command) is None:
        return None
    own = {name: str(folder / "posting") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    (folder / "posting").mkdir(exist_ok=True)
    return Subject("posting", (command,), "Send", 3, environment=own)


def prepare(home: Path, jobs: int, then: str = "") -> Path:
    """Fill a folder's store with `jobs` cancelled jobs, run the statement `then` on it; return the folder."""
    with _store(home) as store:
        for first in range(0, jobs, 1000):
            store.add([_new(number, Status.CANCELLED) for number in range(first, min(jobs, first + 1000))])
        if then:
            store._run(then)
    return home


def _new(number: int, status: Status = Status.QUEUED) -> NewJob:
    prompt = f"lofi beat number {number}, rainy window, soft piano and a slow drum"
    ref, batch = f"ref-{number}", f"b{number // 20}"
    return NewJob(prompt=prompt, options=Options(), service="studio", ref=ref, batch=batch, status=status)


@contextmanager
def _store(home: Path) -> Iterator[Store]:
    folder = home / "data"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Store.open(folder / "jobs.sqlite3", SystemClock()) as store:
        yield store


def close_gate(home: Path, seconds: float) -> None:
    """Add a rate limit of the service, so that a countdown runs."""
    with _store(home) as store:
        now = time.time()
        store.put_gate(Gate("studio", None, WaitCause.UPSTREAM, now, now + seconds, 2, "Too Many Requests"))
        store.add([_new(10**6)])


@contextmanager
def changing(home: Path, rows: int, per_second: float) -> Iterator[None]:
    """Change the newest `rows` rows, all of them `per_second` times a second, from another process."""
    process = subprocess.Popen(_changer(home, rows, per_second))
    try:
        yield
    finally:
        process.kill()
        process.wait()


def change(home: Path, rows: int, per_second: float, rounds: int, what: str) -> None:
    """Change them `rounds` times, and return when that is done; `what` is `text` or `verdict`."""
    subprocess.run([*_changer(home, rows, per_second), str(rounds), what], check=True)


def _changer(home: Path, rows: int, per_second: float) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.line.subjects", str(home), str(rows), str(per_second)]


def _change(home: Path, rows: int, per_second: float, rounds: int, what: str) -> None:
    with _store(home) as store:
        newest = [job.id for job in store.jobs(limit=rows)]
        for number in range(rounds):
            with store.transaction():
                for id in newest:
                    if what == "verdict":
                        store.update(id, verdict=("keep", "reject")[number % 2])
                    else:
                        store.update(id, prompt=f"lofi beat take {number % 100:02}, rainy window")
            time.sleep(1 / per_second)


if __name__ == "__main__":
    _home, _rows, _often, *_more = sys.argv[1:]
    _rounds, _what = _more or ("1000000", "text")
    _change(Path(_home), int(_rows), float(_often), int(_rounds), _what)
