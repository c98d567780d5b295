"""Commands leave deleted jobs alone and say that they are deleted, and how to get their songs again."""

from __future__ import annotations

import pytest

from riffusion_tui.cli.errors import SOME_FAILED
from tests.cli.kit import Call, Program

AGAIN = "`riffusion-tui again 1` makes a deleted job's song again."


@pytest.mark.parametrize("command", ["hold", "release", "cancel", "retry", "delete"])
def test_a_deleted_job_is_not_changed(call: Call, command: str) -> None:
    call("submit", "rain", "snow")
    assert call("delete", "1", "--yes").out.startswith("1  deleted")
    if command == "release":
        call("hold", "2")
    if command == "retry":
        call("cancel", "2")
    ran = call(command, "1", "2", *(["--yes"] if command == "delete" else []))
    assert ran.code == SOME_FAILED
    assert [line.split()[0] for line in ran.out.splitlines()] == ["2"]
    said = "It is already deleted." if command == "delete" else "It is deleted."
    assert ran.err.splitlines() == [f"1  unchanged. {said}", AGAIN]
    assert "rain" in call("again", "1").out


@pytest.mark.parametrize(("jobs", "named"), [("1", "1 job"), ("1-2", "2 jobs")])
def test_deleting_without_a_terminal_needs_a_yes(call: Call, jobs: str, named: str) -> None:
    call("submit", "rain", "snow")
    ran = call("delete", jobs)
    assert (ran.code, ran.err) == (2, f"Deleting {named} needs confirmation: add --yes. Nothing was deleted.\n")
    assert len(call("jobs", "--json").rows) == 2


def test_numbers_of_many_jobs_are_ranges(call: Call) -> None:
    call("submit", *"abcdef")
    ran = call("delete", "2-1000", "2000", "3000-3001", "--yes")
    assert (ran.code, ran.err) == (SOME_FAILED, "No jobs 7-1000, 2000, 3000, 3001.\n")
    assert call("hold", "7").err == "No job 7.\n"
    assert call("hold", "1-6").err.splitlines()[0] == "2-6  unchanged. It is deleted."
    assert call("jobs", *"1789").err == "No jobs 7-9.\n"


def test_a_deleted_song_says_where_its_file_is(program: Program, call_served: Call) -> None:
    call_served("submit", "rain", "--wait", "--title", "T")
    call_served("submit", "snow")
    call_served("hold", "2")
    call_served("delete", "1-2", "--yes")
    ran = program("cat", "1")
    assert (ran.code, ran.out) == (1, "")
    assert "Job 1 is deleted. Its file is kept: " in ran.err
    ran = program("cat", "2")
    assert "Job 2 is deleted. `riffusion-tui again 2` makes its song again." in ran.err
    assert "Job 1 is deleted." in program("cat", "1", "--format", "midi").err
    assert "Job 1 is deleted." in call_served("edit", "1", "transpose", "key=C minor").err
