"""Given lyrics that don't fit into a song are reported wherever a finished song is, not only by `sketch`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.kit import Call

SAID = "1 of 2 lines sung: 0:05 is too short. Use --length 10."


def _lyrics(folder: Path) -> str:
    file = folder / "words.txt"
    file.write_text("the rain comes down on me tonight\nand every street is made of light\n")
    return str(file)


def test_waiting_reports_lines_that_are_not_sung(call: Call, tmp_path: Path) -> None:
    given = ("--lyrics", _lyrics(tmp_path), "--seed", "0")
    ran = call("submit", "pop song", "--length", "5", *given, "--wait")
    assert f"1  {SAID}" in ran.err.splitlines()
    ran = call("submit", "pop song", "--length", "5", *given, "--wait", "--json")
    assert SAID in ran.rows[0]["limits"]
    ran = call("submit", "pop song", "--length", "30", *given, "--wait", "--json")
    assert not any("lines sung" in limit for limit in ran.rows[0]["limits"])


def test_line_mode_shows_lines_that_are_not_sung(call: Call, tmp_path: Path) -> None:
    call("submit", "pop song", "--length", "5", "--lyrics", _lyrics(tmp_path), "--seed", "0", "--wait")
    ran = call("--plain", stdin=":show 1\n:quit\n")
    assert f"\n{SAID}\nLyrics:\n" in ran.out
