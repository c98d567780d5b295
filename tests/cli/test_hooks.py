"""`notify.command` runs once for each job, without the token and without delaying anything."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.cli.kit import Call, Program, until
from tests.cli.server import TOKEN


def test_the_users_hook_runs_once_per_job_without_the_token(call_served: Call, tmp_path: Path) -> None:
    received = tmp_path / "received"
    call_served("settings", "set", "notify.command", f"sh -c 'cat >> {received}; env >> {received}.env'")
    ran = call_served("submit", "one", "studio-test-flagged", "--wait", "--json")
    assert ran.code == 1
    reported = sorted((json.loads(line) for line in received.read_text().splitlines()), key=lambda row: int(row["id"]))
    assert reported == sorted(ran.rows, key=lambda row: int(row["id"]))
    assert TOKEN not in (tmp_path / "received.env").read_text()
    call_served("settings", "set", "notify.command", "/nowhere/at-all")
    assert call_served("submit", "two", "--wait").code == 0
    assert "can't run notify.command: No such file" in (tmp_path / "state" / "riffusion-tui.log").read_text()


def test_a_hook_that_takes_long_delays_nothing_and_ends_by_itself(
    program: Program, call_served: Call, tmp_path: Path
) -> None:
    may_end, ended = tmp_path / "may end", tmp_path / "ended"
    script = f"read -r line; until [ -e '{may_end}' ]; do sleep 0.05; done; echo >> {ended}"
    call_served("settings", "set", "notify.command", shlex.join(["sh", "-c", script]))
    assert program("submit", *["studio-test-flagged"] * 3, "--wait", timeout=30).code == 1
    assert not ended.exists()
    may_end.touch()
    until(lambda: ended.exists() and ended.read_text() == "\n\n\n")


def test_more_hooks_than_run_at_once_all_run(call_served: Call, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    call_served("settings", "set", "notify.command", shlex.join(["sh", "-c", f"sleep 0.1; echo >> {ended}"]))
    assert call_served("submit", *["studio-test-flagged"] * 20, "--wait").code == 1
    until(lambda: ended.read_text() == "\n" * 20)
