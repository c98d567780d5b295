"""Responsiveness of the real screen in a pty with 10 to 100,000 jobs, from key to painted.

    python -m tests.benchmarks.scale [--jobs 10 10000 100000] [--only PART ...]

`answered` is the time to the first byte after a key, `painted` to the last. The lag is the longest time for which the
event loop was blocked meanwhile, without waits for a core (see `line.probe`). The last part changes rows 10,000 times
and measures the memory. Linux.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.arranged_jobs import ORDERS
from tests.benchmarks.line import probe, subjects
from tests.benchmarks.line.terminal import WatchedTerminal

QUIET_S = 0.35
"""After this pause, a key's effect is complete."""
WHOLE_S = 120.0
"""Timeout for loading the whole list."""
SILENT_S = 1.5
"""After this time a key has no effect, since the last row is already selected."""
_FILL = """
UPDATE jobs SET status = 'done', created_at = 1.7e9 + id * 60, ended_at = 1.7e9 + id * 60 + id % 200,
title = 'Take ' || (id * 7919 % 10007), bpm = 60 + id % 120, duration_s = 20 + id % 300,
account = 'account ' || (id % 5), genre = 'lofi' WHERE id % 50
"""
_LETTERS = ("k", "kee", "er 7", "status:done", "bpm:>100")


@dataclass
class Keys:
    """Times of one kind of key, in milliseconds."""

    answered: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    def line(self, log: Path) -> str:
        """Return the figures."""
        if not self.painted:
            return "nothing to paint"
        parts = [f"{name} p50 {statistics.median(each):6.0f} p99 {_p99(each):6.0f}" for name, each in self._both()]
        lag = max(probe.worst(log, *span)[1] for span in self.spans)
        return f"{'   '.join(parts)} ms   lag {1000 * lag:4.0f} ms   ({len(self.painted)} keys)"

    def _both(self) -> tuple[tuple[str, list[float]], ...]:
        return ("answered", self.answered), ("painted", self.painted)


def _p99(values: list[float]) -> float:
    return max(values) if len(values) < 2 else statistics.quantiles(values, n=100, method="inclusive")[98]


class Person:
    """Presses keys in the real screen, and measures each."""

    def __init__(self, home: Path, log: Path) -> None:
        self.log = log
        self._subject = subjects.probed(subjects.ours(home), log)
        self.terminal = WatchedTerminal(self._subject.command, self._subject.environment, columns=120, rows=35)
        self.found: dict[str, Keys] = {}

    def press(self, what: str, *keys: bytes) -> None:
        """Press keys one after another, each when the effect of the previous one is complete."""
        found = self.found.setdefault(what, Keys())
        for key in keys:
            first = len(self.terminal.pieces)
            pressed = self.terminal.type(key)
            while len(self.terminal.pieces) == first and time.perf_counter() - pressed < SILENT_S:
                time.sleep(0.01)
            self.terminal.wait_quiet(QUIET_S, 60)
            times = [at for at, _ in self.terminal.pieces[first:]]
            if times:  # otherwise there was nothing to paint
                found.answered.append(1000 * (times[0] - pressed))
                found.painted.append(1000 * (times[-1] - pressed))
                found.spans.append((pressed, time.perf_counter()))

    def rest(self, gap_s: float = QUIET_S) -> None:
        """Wait until nothing has been painted for a moment, counted from now."""
        time.sleep(gap_s)
        self.terminal.wait_quiet(gap_s, 60)

    def whole_after(self, count: int) -> float:
        """Wait until the list's frame shows that all jobs are loaded; return the seconds from the start."""
        while time.perf_counter() - self.terminal.started < WHOLE_S:
            after, _ = self.terminal.painted_after(
                f"{message('pane.jobs')}  {count}"
            )  # the newest job's id is equally high
            if after is not None:
                return after
            time.sleep(0.5)
        raise AssertionError(f"the list never showed {count} jobs")

    def print(self) -> None:
        """Print what was found so far."""
        for what, keys in self.found.items():
            print(f"  {what:28} {keys.line(self.log)}", flush=True)


@contextmanager
def person(home: Path, log: Path, count: int) -> Iterator[Person]:
    """Open the screen; print how long that took."""
    one = Person(home, log)
    try:
        one.terminal.wait_for(b"Prompt", 0, 60)
        first, _ = one.terminal.painted_after("Prompt")
        assert first is not None, "nothing was painted"
        begun = one.terminal.started
        whole = one.whole_after(count)
        late = probe.worst(log, begun + first, begun + whole)[1]
        figures = f"first frame {1000 * first:.0f} ms   all rows after {whole:.1f} s   lag {1000 * late:4.0f} ms"
        print(f"  {'open':28} {figures}", flush=True)
        one.rest()
        one.press("prompt: a letter", *(bytes([letter]) for letter in b"abcdefghijklmnopqrst"))
        one.terminal.type(b"\x1b")
        one.rest()
        yield one
        one.print()
    finally:
        one.terminal.close()


def keys(home: Path, log: Path, count: int) -> None:
    """Scroll, filter, sort, mark."""
    with person(home, log, count) as one:
        one.press("list: a row down", *[b"j"] * 30)
        one.press("list: a page down", *[b"\x1b[6~"] * 20)
        one.press("list: the end, the top", *[b"G", b"g"] * 5)
        for _ in range(2):
            one.press("filter: open", b"/")
            for words in _LETTERS:
                one.press("filter: a letter", *(letter.encode() for letter in words), b" ")
            one.press("filter: dropped", b"\x1b")
        for order in (*ORDERS[1:], ORDERS[0]):
            one.press("order: choose", b"s", order.encode())
            one.press("order: taken", b"\r")
            one.press("list: down in any order", *[b"j"] * 3)
        one.press("mark all, unmark all", *[b"A"] * 6)


def live(home: Path, log: Path, count: int) -> None:
    """Keys while rows change, in the usual order and in one that moves them."""
    with person(home, log, count) as one:
        for order in ("live", "title"):
            one.press("order: choose", b"s", order.encode(), b"\r")
            with subjects.changing(home, 10, 10):
                time.sleep(2)
                begun = time.perf_counter()
                for _ in range(40):
                    one.terminal.type(b"j")
                    time.sleep(0.1)
                late = probe.worst(log, begun, time.perf_counter())
            print(f"  {order + ', 100 updates a second':28} lag {1000 * late[1]:4.0f} ms", flush=True)
        one.found.clear()


def batch(home: Path, log: Path, count: int) -> None:
    """Paste 1,000 prompts and queue them; the queue is paused, so that only the screen works."""
    subjects.close_gate(home, 36_000)
    prompts = "\n---\n".join(f"lofi beat number {n}, rain on a window" for n in range(1000))
    with person(home, log, count + 1) as one:  # the gate has its own job
        one.terminal.type(b"i")
        one.rest()
        one.press("batch: 1,000 pasted", b"\x1b[200~" + prompts.encode() + b"\x1b[201~")
        one.press("batch: a letter more", *[b"x"] * 10)
        one.press("batch: make", b"\n")
        one.press("batch: yes", b"y")
        one.press("batch: a letter after it", *[b"z"] * 10)


def bulk(home: Path, log: Path, count: int) -> None:
    """Rate, delete and restore all jobs while pressing keys; the queue is paused."""
    subjects.close_gate(home, 36_000)
    with person(home, log, count + 1) as one:  # the gate has its own job
        one.press("bulk: mark all", b"A")
        for what, act in (("keep", b"+"), ("undo", b"z"), ("cancel", b"c"), ("delete", b"xy"), ("undo", b"z")):
            begun = time.perf_counter()
            for key in act:
                one.terminal.type(bytes([key]))
                time.sleep(0.2)
            for _ in range(40):
                one.terminal.type(b"j")
                time.sleep(0.1)
            one.rest()
            late = probe.worst(log, begun, time.perf_counter())
            print(f"  {'bulk: ' + what:28} lag {1000 * late[1]:4.0f} ms", flush=True)
        one.found.clear()


def day(home: Path, log: Path, count: int) -> None:
    """Change ten rows 1,000 times; measure the program's memory after each fifth."""
    with person(home, log, count) as one:
        weights = [one.terminal.memory() / 1e6]
        for _ in range(5):
            subjects.change(home, 10, 50, 200, "text")
            one.rest()
            weights.append(one.terminal.memory() / 1e6)
        grown = weights[-1] - weights[1]
        words = "  ".join(f"{weight:.1f}" for weight in weights)
        print(f"  {'10,000 updates':28} {words} MB: {grown:+.1f} over the last 8,000", flush=True)
        one.found.clear()


PARTS: dict[str, Callable[[Path, Path, int], None]] = {
    "keys": keys,
    "live": live,
    "day": day,
    "batch": batch,
    "bulk": bulk,
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, nargs="*", default=[10, 10_000, 100_000])
    parser.add_argument("--only", choices=PARTS, nargs="*", default=list(PARTS))
    given = parser.parse_args()
    for count in given.jobs:
        with tempfile.TemporaryDirectory(prefix="scale-") as name:
            home = subjects.prepare(Path(name) / "home", count, _FILL)
            for part in given.only:
                print(f"\n{count} jobs, {part}", flush=True)
                PARTS[part](home, Path(name) / f"{part}.late", count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
