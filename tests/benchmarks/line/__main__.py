"""Latency on a slow line, compared with a bare Textual app, vim and posting in the same run.

    python -m tests.benchmarks.line [--runs N] [--keys N] [--jobs N] [--only PART ...] [--posting COMMAND]

Prints a table of figures, their ratios to the comparison programs, and goals. The machine's speed cancels out of the
ratios only. Linux; vim, posting and sshd are skipped if not installed.

Posting needs a separate environment:

    python -m venv posting-venv && posting-venv/bin/pip install posting "tree-sitter<0.26"
    python -m tests.benchmarks.line --posting posting-venv/bin/posting        # or POSTING=posting-venv/bin/posting

(with tree-sitter 0.26 posting 2.11 does not start).
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from tests.benchmarks.line import parts, subjects
from tests.benchmarks.line.parts import LineBench
from tests.benchmarks.line.table import Table

PARTS = {
    "start": parts.start,
    "echo": parts.echo,
    "row": parts.row,
    "slow": parts.slow,
    "ssh": parts.ssh,
    "idle": parts.idle,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="starts of each program")
    parser.add_argument("--keys", type=int, default=150, help="keys typed into each program")
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs in the store")
    parser.add_argument("--only", choices=PARTS, nargs="*", default=list(PARTS))
    parser.add_argument("--posting", default=os.environ.get("POSTING") or shutil.which("posting"), help="its command")
    given = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="line-") as name:
        folder = Path(name)
        prepared = subjects.prepare(folder / "prepared", given.jobs)
        others = {"vim": subjects.vim(), "posting": subjects.posting(given.posting, folder)}
        bare, there = subjects.bare(folder), tuple(one for one in others.values() if one is not None)
        for part in (one for one in PARTS if one in given.only):
            # A separate folder, so that no part sees another's changes.
            home = shutil.copytree(prepared, folder / part)
            PARTS[part](LineBench(table, folder, home, subjects.ours(home), bare, there, given.runs, given.keys))
    for program, subject in others.items():
        if subject is None:
            table.note(program, "not installed: not measured")
    print(f"{given.jobs} jobs in the store, medians of {given.runs} starts, {given.keys} keys\n")
    table.show()


if __name__ == "__main__":
    main()
