"""A studio's file that a newer version wrote: what to do is said at once, and nothing is retried."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.kit import Call


def test_a_studio_of_a_newer_version_says_what_to_do(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "studio"
    folder.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA user_version = 99")
    words = f"{folder / 'studio.db'} was written by a newer riffusion-tui. Update riffusion-tui, or set "
    for command in (("submit", "rain", "--wait", "--timeout", "20"), ("accounts",)):
        ran = call(*command)
        assert ran.code == 2
        assert f"studio can't be started: {words}" in ran.err
        assert "retried" not in ran.err
        assert "Waiting" not in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued"]
    ran = call("studio", "--port", "0")
    assert ran.code == 2
    assert words in ran.err
    shown = call("doctor")
    assert f"BAD   studio      {words}" in shown.out
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (99,)
