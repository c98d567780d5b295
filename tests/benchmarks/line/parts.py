"""The parts of the table: each measures a few subjects side by side and adds its lines."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.line import measures, probe, sshd, subjects
from tests.benchmarks.line.measures import Echo
from tests.benchmarks.line.subjects import Subject
from tests.benchmarks.line.table import Table
from tests.benchmarks.line.terminal import Link

SLOW = Link(rate=9600, round_trip_s=0.15, ahead=4096)
SIZES = ((80, 24), (200, 50))


@dataclass(frozen=True, slots=True)
class LineBench:
    """Shared by all parts."""

    table: Table
    folder: Path
    home: Path
    ours: Subject
    bare: Subject
    others: tuple[Subject, ...]
    """Vim and posting, if installed."""
    runs: int
    keys: int

    @property
    def everyone(self) -> list[Subject]:
        """All programs."""
        return [self.ours, self.bare, *self.others]

    def named(self, name: str) -> Subject | None:
        """Return a program by its name; None if it is not installed."""
        return next((one for one in self.everyone if one.name == name), None)


def start(bench: LineBench) -> None:
    """Start to painted text, in turn; the first round warms the disk and does not count."""
    for columns, rows in SIZES:
        found: dict[str, list[measures.Start]] = {one.name: [] for one in bench.everyone}
        for turn in range(bench.runs + 1):
            for one in bench.everyone:
                figures = measures.start(one, columns, rows)
                if turn:
                    found[one.name].append(figures)
        seconds = {name: statistics.median(figures.seconds for figures in each) for name, each in found.items()}
        for name, took in seconds.items():
            size = statistics.median(figures.bytes for figures in found[name])
            ratio, mine = took / seconds[bench.bare.name], name == bench.ours.name
            bench.table.add(
                f"start to painted text, {columns}×{rows}",
                name,
                f"{1000 * took:5.0f} ms  {size:6.0f} bytes",
                ratio=(ratio, "bare"),
                goal="≤ 1.50 × bare" if mine else "",
                met=ratio <= 1.5 if mine else None,
            )
        if "posting" in seconds:
            took = seconds[bench.ours.name]
            third = took / seconds["posting"]
            what, goal = f"start beside posting, {columns}×{rows}", "≤ 0.33 × posting"
            figure, met = f"{1000 * took:5.0f} ms", third <= 1 / 3
            bench.table.add(what, bench.ours.name, figure, ratio=(third, "posting"), goal=goal, met=met)


def echo(bench: LineBench) -> None:
    """Key to echo with no line between, idle and with 100 updates a second."""
    everyone = [bench.ours, subjects.busy(bench.home, 10, 10), *bench.everyone[1:]]
    found = measures.in_turn(everyone, 3, lambda one, session: measures.echo(one, bench.keys // 3, seed=session))
    what = "key to echo, 80×24"
    _add_echoes(bench, what, found, bench.bare.name, p50=1.1, p99=1.5)
    wide = measures.in_turn(
        [bench.ours, bench.bare],
        2,
        lambda one, session: measures.echo(one, bench.keys // 4, seed=session, columns=200, rows=50),
    )
    _add_echoes(bench, "key to echo, 200×50", wide, bench.bare.name, p50=1.1, p99=1.5)
    for size, echoes in (("80×24", found), ("200×50", wide)):
        for name in (one.name for one in bench.everyone if one.name in echoes):
            mine, cost = name == bench.ours.name, echoes[name].bytes
            goal, met = ("≤ 120", cost <= 120) if mine else ("", None)
            ratio = (cost / echoes[bench.bare.name].bytes, "bare")
            bench.table.add(
                f"bytes a key in the editor, {size}", name, f"{cost:.0f} bytes", ratio=ratio, goal=goal, met=met
            )


def row(bench: LineBench) -> None:
    """Bytes per changed row: ten visible rows change twenty times, in two digits of their text or in style."""
    for what, output in (("text", "two digits of its text"), ("verdict", "keep or reject: a sign, and its color")):
        for columns, rows in SIZES:
            cost = measures.row_bytes(bench.ours, partial(_change_rows, bench, what), columns, rows)
            name = f"bytes a changed row, {columns}×{rows}, {output}"
            bench.table.add(name, bench.ours.name, f"{cost:.0f} bytes", goal="≤ 120", met=cost <= 120)


def _change_rows(bench: LineBench, what: str) -> int:
    subjects.change(bench.home, 10, 4, 20, what)
    return 10 * 20


def slow(bench: LineBench) -> None:
    """Key to echo on a slow line simulated in the pty's reader."""
    title = f"{SLOW.rate / 1000} kB/s, {1000 * SLOW.round_trip_s:.0f} ms, modelled"
    _on_slow_line(bench, title, lambda one: one, SLOW)


def ssh(bench: LineBench) -> None:
    """The same through a real sshd and a relay."""
    title = f"{SLOW.rate / 1000} kB/s, {1000 * SLOW.round_trip_s:.0f} ms, through sshd"
    try:
        with sshd.line(bench.folder / "sshd", SLOW) as line:
            _on_slow_line(bench, title, line.through, None)
    except sshd.NoSshd as error:
        bench.table.note(title, f"skipped: {error}")


def _on_slow_line(bench: LineBench, title: str, through: Callable[[Subject], Subject], link: Link | None) -> None:
    log = bench.folder / "late"
    busy = subjects.busy(bench.home, 10, 4)
    everyone: Sequence[Subject] = [through(one) for one in (bench.ours, busy, *bench.everyone[1:])]
    found = measures.in_turn(
        everyone, 2, lambda one, session: measures.echo(one, bench.keys // 4, seed=session, link=link)
    )
    _add_echoes(bench, f"key to echo, {title}", found, "vim" if bench.named("vim") else bench.bare.name, p50=1.1)
    for one in (busy, bench.bare):
        watched = through(subjects.probed(one, log))
        clock: list[float] = []
        own: list[float] = []
        with watched.meanwhile():
            for session in range(3):
                (span,) = measures.echo(watched, bench.keys // 6, seed=session, link=link).spans
                for found_late, late in zip((clock, own), probe.worst(log, *span), strict=True):
                    found_late.append(1000 * late)
        mine, figure = one.name != bench.bare.name, statistics.median(own)
        shown = f"{figure:.0f} ms ({statistics.median(clock):.0f} with the machine's other programs)"
        goal, met = ("≤ 30 ms", figure <= 30) if mine else ("", None)
        bench.table.add(f"event loop's worst lag, {title}", one.name, shown, goal=goal, met=met)


def _add_echoes(
    bench: LineBench, what: str, found: dict[str, Echo], reference: str, *, p50: float, p99: float | None = None
) -> None:
    base = found[reference]
    beside = reference.split()[0]
    for name, one in found.items():
        mine = name.startswith(bench.ours.name)
        middle, slowest = one.p50 / base.p50, one.p99 / base.p99
        goal = f"≤ {p50:.2f}" + (f", p99 ≤ {p99:.2f}" if p99 else "") if mine else ""
        met = middle <= p50 and (p99 is None or slowest <= p99) if mine else None
        figure = f"p50 {one.p50:7.1f}  p99 {one.p99:7.1f} ms ({slowest:.2f} ×)"
        bench.table.add(what, name, figure, ratio=(middle, beside), goal=goal, met=met)


def idle(bench: LineBench) -> None:
    """An idle screen, then a running countdown."""
    bare, ours = measures.steady(bench.bare, 10), measures.steady(bench.ours, 10)
    for name, one in ((bench.bare.name, bare), (bench.ours.name, ours)):
        bench.table.add("idle", name, f"{one.bytes:.0f} B/s  {one.cpu:.2f} % CPU")
    subjects.close_gate(bench.home, 600)
    counting = measures.steady(bench.ours, 10)
    goal, met = "≤ 150 B/s, ≤ 0.6 %", counting.bytes <= 150 and counting.cpu <= 0.6
    figure = f"{counting.bytes:.0f} B/s  {counting.cpu:.2f} % CPU"
    bench.table.add("idle, countdown running", bench.ours.name, figure, goal=goal, met=met)
    more = ours.memory - bare.memory
    bench.table.add("memory", bench.bare.name, f"{bare.memory:.1f} MB")
    figure = f"{ours.memory:.1f} MB (+{more:.1f})"
    ratio = (ours.memory / bare.memory, "bare")
    bench.table.add("memory", bench.ours.name, figure, ratio=ratio, goal="≤ bare + 20 MB", met=more <= 20)
    with_prompt = measures.steady(bench.ours, 5, typed=b"slow lofi piano, rain on a window").memory
    figure = f"{with_prompt:.1f} MB (+{with_prompt - bare.memory:.1f})"
    bench.table.add("memory, with a prompt typed", bench.ours.name, figure)
