"""A low limit of open files (`ulimit -n`)."""

from __future__ import annotations

import resource
import subprocess

import pytest

from tests.cli.kit import Program

LOW = 24
LIMITED = """
import resource, sys
from riffusion_tui.cli import main
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
sys.exit(main(sys.argv[1:]))
"""


def ran(program: Program, soft: int, hard: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program.command()[0], "-c", LIMITED.format(soft=soft, hard=hard), *arguments]
    return subprocess.run(command, env=program.environ, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", [["submit", "rain", "--wait"], ["work"], ["studio", "--port", "0"]])
def test_a_limit_that_is_too_low_is_reported(program: Program, command: list[str]) -> None:
    found = ran(program, LOW, LOW, *command)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        f"A program may open only {LOW} files at once here; riffusion-tui needs 64."
        " Raise the limit (`ulimit -n 1024`), then try again.\n"
    )


def test_a_limit_that_may_be_raised_is(program: Program) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert ran(program, LOW, hard, "submit", "rain").returncode == 0
    assert ran(program, LOW, LOW, "jobs").returncode == 0, "a list needs few files"
