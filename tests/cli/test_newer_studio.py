"""A studio's file that a newer version wrote: what to do is said at once, and nothing is retried."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.kit import Call
from tests.pty.terminal import PtyTerminal


def test_a_studio_of_a_newer_version_says_what_to_do(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "studio"
    folder.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA user_version = 99")
    words = "update riffusion-tui (a newer version wrote studio.db), or set RIFFUSION_TUI_HOME to another folder."
    for command in (("submit", "rain", "--wait", "--timeout", "20"), ("accounts",)):
        ran = call(*command)
        assert ran.code == 2
        assert f"studio can't be started: {words}" in ran.err
        assert "retried" not in ran.err
        assert "Waiting" not in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued"]
    ran = call("studio", "--port", "0")
    assert ran.code == 2
    assert f"The studio can't use its folder {folder}: {words}" in ran.err
    shown = call("doctor")
    assert f"BAD   studio      {folder}: {words}" in shown.out
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (99,)


def test_the_reason_fits_on_a_narrow_screen(tmp_path: Path) -> None:
    folder = tmp_path / "riff" / "data" / "studio"
    folder.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(folder / "studio.db")) as database:
        database.execute("PRAGMA user_version = 99")
    with PtyTerminal(tmp_path, 80, 24) as terminal:
        terminal.until("Update riffusion-tui: a newer version wrote studio.db · 0 held")
        terminal.until("studio not started")
        terminal.send("rain")
        terminal.until("Detected: rain")
        terminal.send("\n")
        terminal.until("held update")
        assert "no connection" not in terminal.words()
        assert "F8 try now" in terminal.words(), "after an update elsewhere, F8 asks again"
        assert re.search(r"try\w* in \d", terminal.words()) is None, "nothing counts down to a try that can't succeed"
