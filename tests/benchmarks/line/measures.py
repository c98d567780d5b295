"""The measurements: each runs a program in a pty and returns figures."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.line.subjects import Subject
from tests.benchmarks.line.terminal import Link, WatchedTerminal

_LETTERS = "QZXJKVWYBHG"
_SETTLE_S = 2.0
_LOST_S = 10.0
"""A missing echo counts as this long."""


@dataclass
class Echo:
    """Keys typed into a program: seconds until each echo, bytes per key, and the time of typing."""

    waits: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median, in milliseconds."""
        return 1000 * statistics.median(self.waits)

    @property
    def p99(self) -> float:
        """The 99th percentile, in milliseconds."""
        return 1000 * statistics.quantiles(self.waits, n=100, method="inclusive")[98]

    @property
    def bytes(self) -> float:
        """The median bytes per key."""
        return statistics.median(self.sizes)

    def add(self, other: Echo) -> None:
        """Add the keys of another session."""
        self.waits += other.waits
        self.sizes += other.sizes
        self.spans += other.spans


@dataclass(frozen=True, slots=True)
class Start:
    """From exec to painted text, in seconds, and the bytes by then."""

    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Steady:
    """The cost of an idle program: bytes a second, CPU in percent, memory in MB."""

    bytes: float
    cpu: float
    memory: float


def start(subject: Subject, columns: int, rows: int) -> Start:
    """Start a program once, and wait until its text is painted."""
    terminal = WatchedTerminal(subject.command, subject.environment, columns=columns, rows=rows)
    try:
        terminal.wait_for(subject.painted.encode())
        terminal.wait_quiet(0.3, 5)
        seconds, size = terminal.painted_after(subject.painted)
        assert seconds is not None, f"{subject.name} never painted {subject.painted}"
        return Start(seconds, size)
    finally:
        terminal.close()


def in_turn(subjects: Sequence[Subject], sessions: int, measure: Callable[[Subject, int], Echo]) -> dict[str, Echo]:
    """Measure each subject in several sessions, in turn, so that a slow minute of the machine affects all."""
    found = {one.name: Echo() for one in subjects}
    for session in range(sessions):
        for one in subjects:
            with one.meanwhile():
                found[one.name].add(measure(one, session))
    return found


def echo(
    subject: Subject, keys: int, *, seed: int = 7, link: Link | None = None, columns: int = 80, rows: int = 24
) -> Echo:
    """Type `keys` letters, each after a human pause, and wait for the echo of each."""
    rng = random.Random(seed)
    terminal = WatchedTerminal(subject.command, subject.environment, columns=columns, rows=rows, link=link)
    try:
        _settle(terminal, subject)
        if subject.before:
            terminal.type(subject.before)
            time.sleep(0.5)
        found, typed, begun = Echo(), "", time.perf_counter()
        for letter in _letters(keys, rng):
            typed += letter
            piece, before = len(terminal.pieces), terminal.received
            pressed = terminal.type(letter.encode())
            seen = terminal.wait_for(typed[-subject.tail :].encode(), piece, _LOST_S)
            found.waits.append((seen or pressed + _LOST_S) - pressed)
            time.sleep(rng.uniform(0.04, 0.12))
            found.sizes.append(terminal.received - before)
        found.spans.append((begun, time.perf_counter()))
        return found
    finally:
        terminal.close()


def steady(subject: Subject, seconds: float, columns: int = 80, rows: int = 24, typed: bytes = b"") -> Steady:
    """Leave a program alone for `seconds`, after `typed` has been typed into it."""
    terminal = WatchedTerminal(subject.command, subject.environment, columns=columns, rows=rows)
    try:
        _settle(terminal, subject)
        if typed:
            terminal.type(typed)
            time.sleep(_SETTLE_S)
        size, cpu, begun = terminal.received, terminal.cpu_s(), time.perf_counter()
        time.sleep(seconds)
        took = time.perf_counter() - begun
        return Steady((terminal.received - size) / took, 100 * (terminal.cpu_s() - cpu) / took, terminal.memory() / 1e6)
    finally:
        terminal.close()


def row_bytes(subject: Subject, change: Callable[[], int], columns: int, rows: int) -> float:
    """Return the bytes per changed row; `change` changes some and returns their number."""
    terminal = WatchedTerminal(subject.command, subject.environment, columns=columns, rows=rows)
    try:
        _settle(terminal, subject)
        size = terminal.received
        changed = change()
        terminal.wait_quiet(0.5, 5)
        return (terminal.received - size) / changed
    finally:
        terminal.close()


def _settle(terminal: WatchedTerminal, subject: Subject) -> None:
    """Wait until the program has painted itself and is at rest."""
    terminal.wait_for(subject.painted.encode(), 0, 30)
    terminal.wait_quiet(0.5, 20)
    time.sleep(_SETTLE_S)


def _letters(count: int, rng: random.Random) -> str:
    """Return letters without repeated triples, so that an echo can't be mistaken for an older one."""
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
