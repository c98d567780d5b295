"""Output that can't be encoded or written doesn't stop the program, and is reported."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from riffusion_tui.cli.errors import WRONG_USE
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


@pytest.mark.parametrize(
    ("arguments", "code", "shows"),
    [
        (("--plain",), 1, "The line is not UTF-8 text."),
        (("sketch", "--plan"), WRONG_USE, "The prompt is not UTF-8 text."),
        (("sketch", os.fsdecode(b"caf\xe9 house"), "--plan"), WRONG_USE, "The prompt is not UTF-8 text."),
        (("submit", "house", os.fsdecode(b"caf\xe9 house")), WRONG_USE, "The prompt is not UTF-8 text."),
        (("submit", "-"), WRONG_USE, "Standard input is not UTF-8 text"),
        (("batch", "-"), WRONG_USE, "Standard input is not UTF-8 text"),
        (("accounts", "repair"), WRONG_USE, "The input is not UTF-8 text."),
        (("token", "set", "--service", "riffusion"), WRONG_USE, "The input is not UTF-8 text."),
    ],
)
def test_input_that_is_not_text_is_no_internal_error(
    tmp_path: Path, arguments: tuple[str, ...], code: int, shows: str
) -> None:
    program = Program.at(tmp_path, PYTHONIOENCODING="utf-8:strict")  # as in most locales, but not in C.UTF-8
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('[start]\nqueue = "paused"\n')
    ran = program(*arguments, stdin="lofi \udc89\n:quit\n", timeout=30)
    assert ran.code == code
    assert shows in ran.out + ran.err
    assert "Traceback" not in ran.err


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


@pytest.mark.parametrize(
    "command", ["--help", "jobs", "work --help", "work --status", "settings explain", "sketch lofi --out -"]
)
@pytest.mark.parametrize(("where", "why"), [("> /dev/full", "No space left on device"), (">&-", "it is closed")])
def test_standard_output_that_cannot_be_written_is_reported(
    tmp_path: Path, calling: Calling, command: str, where: str, why: str
) -> None:
    program = Program.at(tmp_path)
    assert calling(program)("submit", "lofi").code == 0
    short = ("--length", "5", "--format", "midi") if command.startswith("sketch") else ()
    line = " ".join(f"'{word}'" for word in program.command(*command.split(), *short))
    ran = subprocess.run(["sh", "-c", f"{line} {where}"], capture_output=True, env=program.environ, check=False)
    assert ran.returncode == 1
    assert f"Can't write to standard output: {why}." in ran.stderr.decode()
    assert b"Internal error" not in ran.stderr
