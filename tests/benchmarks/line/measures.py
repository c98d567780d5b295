"""The measurements: each runs a program in a pty and returns figures."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass

from tests.benchmarks.line.subjects import Subject
from tests.benchmarks.line.terminal import Link, Terminal

_LETTERS = "QZXJKVWYBHG"
_SETTLE_S = 2.0


@dataclass(frozen=True, slots=True)
class Echo:
    """Key to echo, in milliseconds, and what a key costs in bytes."""

    p50: float
    p99: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Start:
    """From exec to painted text, in seconds, and the bytes by then."""

    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Steady:
    """What a program costs while nobody types: bytes a second, CPU in per cent, memory in MB."""

    bytes: float
    cpu: float
    memory: float


def start(subject: Subject, columns: int, rows: int) -> Start:
    """Start a program once, and wait until its text is painted."""
    terminal = Terminal(subject.command, subject.environment, columns=columns, rows=rows)
    try:
        terminal.wait_for(subject.painted.encode())
        terminal.wait_quiet(0.3, 5)
        seconds, size = terminal.painted_after(subject.painted)
        assert seconds is not None, f"{subject.name} never painted {subject.painted}"
        return Start(seconds, size)
    finally:
        terminal.close()


def echo(subject: Subject, keys: int, *, link: Link | None = None, columns: int = 80, rows: int = 24) -> Echo:
    """Type `keys` letters, each after a human pause, and wait for the echo of each."""
    rng = random.Random(7)
    terminal = Terminal(subject.command, subject.environment, columns=columns, rows=rows, link=link)
    try:
        terminal.wait_quiet(0.5, 20)
        time.sleep(_SETTLE_S)
        if subject.before:
            terminal.type(subject.before)
            time.sleep(0.5)
        waits, sizes, typed = [], [], ""
        for letter in _letters(keys, rng):
            typed += letter
            piece, before = len(terminal.pieces), terminal.received
            pressed = terminal.type(letter.encode())
            seen = terminal.wait_for(typed[-subject.tail :].encode(), piece, 10)
            waits.append(((seen or pressed + 10) - pressed) * 1000)
            time.sleep(rng.uniform(0.04, 0.12))
            sizes.append(terminal.received - before)
        return Echo(statistics.median(waits), statistics.quantiles(waits, n=100)[98], statistics.median(sizes))
    finally:
        terminal.close()


def steady(subject: Subject, seconds: float, columns: int = 80, rows: int = 24) -> Steady:
    """Leave a program alone for `seconds`."""
    terminal = Terminal(subject.command, subject.environment, columns=columns, rows=rows)
    try:
        terminal.wait_quiet(0.5, 20)
        time.sleep(_SETTLE_S)
        size, cpu, begun = terminal.received, terminal.cpu_s(), time.perf_counter()
        time.sleep(seconds)
        took = time.perf_counter() - begun
        return Steady((terminal.received - size) / took, 100 * (terminal.cpu_s() - cpu) / took, terminal.memory() / 1e6)
    finally:
        terminal.close()


def _letters(count: int, rng: random.Random) -> str:
    """Return letters of which no three stand twice, so that an echo is not taken for an older one."""
    letters = ""
    seen: set[str] = set()
    while len(letters) < count:
        letter = rng.choice(_LETTERS)
        last = (letters + letter)[-3:]
        if last not in seen and not letters.endswith(letter):
            seen.add(last)
            letters += letter
        elif len(seen) > 900:
            seen.clear()
    return letters
