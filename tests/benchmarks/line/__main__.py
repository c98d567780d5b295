"""`python -m tests.benchmarks.line [--runs N] [--jobs N] [--only PART]`: prints a table; the ratios are what counts.

Everything is measured in one run beside a bare Textual app and vim: the machine's speed cancels out.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.line import measures, subjects
from tests.benchmarks.line.subjects import Subject
from tests.benchmarks.line.terminal import Link

SLOW = Link(rate=9600, round_trip_s=0.15, ahead=4096)
PARTS = ("start", "echo", "slow", "idle")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="starts of each program")
    parser.add_argument("--keys", type=int, default=150, help="keys typed into each program")
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs in the store")
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="line-") as name:
        folder = Path(name)
        home = subjects.prepare(folder / "home", given.jobs)
        ours, bare, vim = subjects.ours(home), subjects.bare(folder), subjects.vim()
        everything = [ours, bare, *([vim] if vim else [])]
        if "start" in given.only:
            _start(everything, given.runs)
        if "echo" in given.only:
            _echo(everything, home, given.keys)
        if "slow" in given.only:
            _slow(everything, home, given.keys)
        if "idle" in given.only:
            _idle(ours, bare, home)


def _start(everything: list[Subject], runs: int) -> None:
    for columns, rows in ((80, 24), (200, 50)):
        print(f"\nstart to painted text, {columns}×{rows}")
        found: dict[str, list[measures.Start]] = {one.name: [] for one in everything}
        for turn in range(runs + 1):  # in turn, so that a slow minute is everybody's; the first run warms the disk
            for one in everything:
                figures = measures.start(one, columns, rows)
                if turn:
                    found[one.name].append(figures)
        reference = statistics.median(figures.seconds for figures in found["bare Textual app"])
        for name, all_figures in found.items():
            seconds = statistics.median(figures.seconds for figures in all_figures)
            size = statistics.median(figures.bytes for figures in all_figures)
            print(f"  {name:32} {seconds * 1000:7.0f} ms  {seconds / reference:5.2f} × bare  {size:7.0f} bytes")


def _echo(everything: list[Subject], home: Path, keys: int) -> None:
    print("\nkey to echo, 80×24")
    figures = {one.name: measures.echo(one, keys) for one in everything}
    with subjects.changing(home, 10, 10):
        figures["riffusion-tui, 100 updates/s"] = measures.echo(everything[0], keys)
    _print_echo(figures, "bare Textual app")
    wide = {f"{one.name}, 200×50": measures.echo(one, keys // 2, columns=200, rows=50) for one in everything[:2]}
    _print_echo(wide, "bare Textual app, 200×50")


def _slow(everything: list[Subject], home: Path, keys: int) -> None:
    print(f"\nkey to echo, {SLOW.rate / 1000} kB/s and {SLOW.round_trip_s * 1000:.0f} ms round trip")
    figures = {one.name: measures.echo(one, keys // 2, link=SLOW) for one in everything}
    with subjects.changing(home, 10, 4):
        figures["riffusion-tui, 10 rows 4 × a second"] = measures.echo(everything[0], keys // 2, link=SLOW)
    _print_echo(figures, "vim" if "vim" in figures else "bare Textual app")


def _print_echo(figures: dict[str, measures.Echo], reference: str) -> None:
    base = figures[reference]
    for name, one in figures.items():
        ratios = f"p50 {one.p50 / base.p50:5.2f} ×, p99 {one.p99 / base.p99:5.2f} × {reference.split(',')[0]}"
        print(f"  {name:36} p50 {one.p50:8.1f}  p99 {one.p99:8.1f} ms  {ratios}  {one.bytes:6.0f} bytes a key")


def _idle(ours: Subject, bare: Subject, home: Path) -> None:
    print("\nnobody types, 80×24")
    for name, figures in {
        bare.name: measures.steady(bare, 10),
        ours.name: measures.steady(ours, 10),
    }.items():
        _print_steady(name, figures)
    subjects.close_gate(home, 600)
    _print_steady("riffusion-tui, countdown running", measures.steady(ours, 10))


def _print_steady(name: str, figures: measures.Steady) -> None:
    print(f"  {name:36} {figures.bytes:7.0f} B/s  {figures.cpu:5.2f} % CPU  {figures.memory:6.1f} MB")


if __name__ == "__main__":
    main()
