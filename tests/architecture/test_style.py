"""The checkers that read the code: formatter, linter, types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "--quiet", "."],
        ["ruff", "check", "--quiet", "."],
        ["mypy"],
    ],
    ids=["format", "lint", "types"],
)
def test_checker_finds_no_problem(command: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT, timeout=400
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
