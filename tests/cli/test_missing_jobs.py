"""Numbers of jobs that do not exist: messages and exit codes, the same for all commands."""

from __future__ import annotations

import pytest

from tests.cli.kit import Call


def test_listed_numbers_that_are_no_jobs_are_named(call: Call) -> None:
    call("submit", "rain", "snow")
    ran = call("jobs", "2", "7", "1", "9")
    assert ([line.split()[0] for line in ran.out.splitlines()], ran.err) == (["2", "1"], "No jobs 7, 9.\n")
    assert ran.code == 1
    assert call("jobs", "1-9").err == ""
    assert call("receipt", "1", "9").code == 1


@pytest.mark.parametrize("number", ["0", "999"])
@pytest.mark.parametrize(
    "command", ["cat", "edit", "again", "cancel", "delete", "hold", "release", "retry", "jobs", "receipt"]
)
def test_a_job_that_does_not_exist_is_a_usage_error(call: Call, command: str, number: str) -> None:
    more = {"edit": ("mute",), "delete": ("--yes",)}.get(command, ())
    ran = call(command, number, *more)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0].startswith(f"No job {number}.")


def test_a_command_that_finds_only_some_of_the_jobs_fails_partly(call: Call) -> None:
    call("submit", "rain", "--service", "acestep")
    ran = call("hold", "1", "999")
    assert (ran.code, ran.out, ran.err) == (1, "1  held  rain\n", "No job 999.\n")
    ran = call("cancel", "1", "999")
    assert (ran.code, ran.out, ran.err) == (1, "1  cancelled  rain\n", "No job 999.\n")
