"""The checkers that read the code: formatter, linter, types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MYPY = """
import gc
gc.enable = gc.set_threshold = lambda *_: None  # it calls both
gc.disable()
from mypy.__main__ import console_entry
console_entry()
"""
"""Runs mypy without garbage collection, a twelfth of its CPU time; it needs 180 MB more."""


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "ruff", "format", "--check", "--quiet", "."],
        ["-m", "ruff", "check", "--quiet", "."],
        ["-c", MYPY],
    ],
    ids=["format", "lint", "types"],
)
def test_checker_finds_no_problem(command: list[str]) -> None:
    ran = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, cwd=ROOT, timeout=400)
    assert ran.returncode == 0, ran.stdout + ran.stderr
