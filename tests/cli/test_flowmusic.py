"""Flow Music on the command line: a real process against a real server that counts what is paid for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Program
from tests.flowmusic_server import TOKEN

ANN, BOB = "ann@example.com", "bob+2@example.com"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The server's address."""
    command = [sys.executable, "-m", "tests.flowmusic_server", "0", "0.3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()


@pytest.fixture
def program(tmp_path: Path, url: str) -> Program:
    return Program.at(tmp_path, RIFFUSION_TUI_URL=url, RIFFUSION_TUI_TOKEN=TOKEN)


def test_doctor_checks_address_token_accounts_and_credits_and_spends_nothing(program: Program, url: str) -> None:
    ran = program("doctor", "--service", "flowmusic", "--json")
    found = [(row["check"], row["state"], row["says"]) for row in ran.rows]
    assert ("address", "good", f"{url}/v1/flowmusic/") in found
    assert ("service", "good", "flowmusic answers: 0 running on 6 slots") in found
    assert ("account", "good", f"{ANN}: 3 slots, 1000 credits") in found
    assert ("account", "good", f"{BOB}: 3 slots, 1000 credits") in found
    assert [row["says"] for row in ran.rows if row["check"] == "clock"] == ["agrees with the service's"]
    assert ran.code == 0, "nothing was made: the credits are whole"
    again = program("doctor", "--service", "flowmusic")
    assert again.out.count("1000 credits") == 2


def test_doctor_says_what_is_wrong(program: Program, tmp_path: Path) -> None:
    wrong = Program.at(tmp_path, RIFFUSION_TUI_URL=program.environ["RIFFUSION_TUI_URL"], RIFFUSION_TUI_TOKEN="no")
    ran = wrong("doctor", "--service", "flowmusic")
    assert ran.code == 1
    assert "BAD   service" in ran.out
    none = Program.at(tmp_path)("doctor", "--service", "elsewhere")
    assert none.code == 2
    assert "flowmusic" in none.err


def test_lyrics_accounts_and_a_pair_of_songs(program: Program, tmp_path: Path) -> None:
    ran = program("lyrics", "a road home", "--service", "flowmusic")
    assert (ran.code, ran.out) == (0, "[Verse 1]\na road home\n")
    assert program("lyrics", " ").code == 2
    ran = program("submit", "--service", "flowmusic", "--wait", "--json", "a road home")
    assert ran.code == 0
    assert {row["service"] for row in ran.rows} == {"flowmusic"}
    assert len(program("jobs", "--json").rows) == 2, "both clips of the pair"
    ran = program("accounts", "--service", "flowmusic")
    assert sorted(line.split("used")[1].split()[0] for line in ran.out.splitlines()) == ["1000", "990"]
    mended = program("accounts", "mend", ANN, "--service", "flowmusic", "--max-jobs", "16", stdin=f"{ANN}/fresh\n")
    assert "16 slots" in mended.out
    assert f"{ANN}/fresh" not in mended.out + mended.err


def test_a_service_that_writes_no_such_thing_is_no_service(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("la", "utf-8")
    ran = Program.at(tmp_path)("lyrics", "the sea", "--rewrite", str(tmp_path / "none"))
    assert ran.code == 2
    ran = Program.at(tmp_path)("lyrics", "the sea", "--rewrite", str(tmp_path / "words"))
    assert ran.code == 0, "the studio writes lyrics too"
    assert len(ran.out.strip().splitlines()) > 1
