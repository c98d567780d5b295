"""Output that can't be encoded or written doesn't stop the program, and is reported."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import Call, Calling, Program
from tests.cli.server import Server

SONGS = "ジャズ 🎵\n---\nlofi\n"


def latin(home: Path) -> Program:
    return Program.at(home, PYTHONIOENCODING="iso-8859-1")


@pytest.mark.parametrize(
    "arguments", [("--help",), ("jobs",), ("receipt",), ("settings", "explain"), ("completion", "man")]
)
def test_a_latin_1_terminal_gets_escaped_text(tmp_path: Path, call: Call, arguments: tuple[str, ...]) -> None:
    program = latin(tmp_path)
    assert call("submit", "ジャズ 🎵").code == 0
    ran = subprocess.run(program.command(*arguments), capture_output=True, env=program.environ, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode("latin-1")
    if arguments == ("jobs",):
        assert "\\u30b8\\u30e3\\u30ba" in ran.stdout.decode("latin-1")


def test_json_stays_valid_in_a_latin_1_terminal(tmp_path: Path) -> None:
    program = latin(tmp_path)
    for arguments in (("submit", "ジャズ é 🎵", "--json"), ("jobs", "--json"), ("receipt",)):
        ran = subprocess.run(program.command(*arguments), capture_output=True, env=program.environ, check=False)
        assert json.loads(ran.stdout.decode("ascii"))["prompt"] == "ジャズ é 🎵"


@pytest.mark.parametrize("where", ["> /dev/full", ">&-", "2>&-", "2> /dev/full", ">&- 2>&- <&-"])
def test_songs_are_made_even_if_output_fails(server: Server, tmp_path: Path, calling: Calling, where: str) -> None:
    program = Program.at(tmp_path, **server.environ())
    call = calling(program)
    assert call("batch", "-", stdin=SONGS).code == 0
    line = " ".join(f"'{word}'" for word in program.command("work"))
    ran = subprocess.run(["sh", "-c", f"{line} {where}"], capture_output=True, env=program.environ, check=False)
    assert [row["status"] for row in call("jobs", "--json").rows] == ["done", "done"]
    assert ran.returncode == (1 if where == "> /dev/full" else 0)
    if where == "> /dev/full":
        assert b"Can't write to standard output" in ran.stderr


@pytest.mark.parametrize("command", ["--help", "jobs", "settings explain"])
def test_standard_output_on_a_full_disk_is_reported(tmp_path: Path, calling: Calling, command: str) -> None:
    program = Program.at(tmp_path)
    assert calling(program)("submit", "lofi").code == 0
    line = " ".join(f"'{word}'" for word in program.command(*command.split()))
    ran = subprocess.run(["sh", "-c", f"{line} > /dev/full"], capture_output=True, env=program.environ, check=False)
    assert ran.returncode == 1
    assert b"No space left on device" in ran.stderr
    assert b"Internal error" not in ran.stderr
