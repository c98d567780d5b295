"""Flow Music on the command line: a real process against a real server that counts paid requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Call, Calling, Program
from tests.flowmusic_server import TOKEN
from tests.server_process import ServerProcess, server_process

ANN, BOB = "ann@example.com", "bob+2@example.com"


@pytest.fixture(scope="module")
def flow() -> Iterator[ServerProcess]:
    with server_process("tests.flowmusic_server", "0", "0.3") as server:
        yield server


@pytest.fixture(scope="module")
def url(flow: ServerProcess) -> str:
    """The server's address."""
    return flow.url


@pytest.fixture
def program(tmp_path: Path, url: str) -> Program:
    return Program.at(tmp_path, RIFFUSION_TUI_URL=url, RIFFUSION_TUI_TOKEN=TOKEN)


@pytest.fixture
def here(calling: Calling, program: Program) -> Call:
    return calling(program)


def test_doctor_checks_address_token_accounts_and_credits(here: Call, url: str) -> None:
    ran = here("doctor", "--service", "flowmusic", "--json")
    found = [(row["check"], row["state"], row["says"]) for row in ran.rows]
    assert ("address", "good", f"{url}/v1/flowmusic/") in found
    assert ("service", "good", "flowmusic answers: 0 running on 6 slots") in found
    assert ("account", "good", f"{ANN}: 3 slots, 1000 credits") in found
    assert ("account", "good", f"{BOB}: 3 slots, 1000 credits") in found
    assert [row["says"] for row in ran.rows if row["check"] == "clock"] == ["agrees with the service's"]
    assert ran.code == 0, "no credits were spent"
    again = here("doctor", "--service", "flowmusic")
    assert again.out.count("1000 credits") == 2


@pytest.mark.parametrize("wish", [("--seed", "7"), ("--length", "90"), ("--title", "Rain")])
def test_unsupported_options_are_refused_before_anything_is_queued(here: Call, wish: tuple[str, str]) -> None:
    ran = here("submit", "rain", *wish, "--service", "flowmusic")
    assert (ran.code, ran.err.strip()) == (2, f"flowmusic doesn't support {wish[0]}. Nothing was queued.")
    assert here("jobs", "--json").rows == []


def test_doctor_names_each_problem_with_advice(calling: Calling, flow: ServerProcess, tmp_path: Path) -> None:
    def output(check: str, url: str = flow.url, **token: str) -> tuple[int, str]:
        ran = calling(Program.at(tmp_path, RIFFUSION_TUI_URL=url, **token))(
            "doctor", "--service", "flowmusic", "--json"
        )
        return ran.code, " | ".join(row["says"] for row in ran.rows if (row["check"], row["state"]) == (check, "bad"))

    flow.trouble(f"break {BOB}")
    flow.trouble(f"credits {ANN} 0")
    code, says = output("account", RIFFUSION_TUI_TOKEN=TOKEN)
    poor, broken = says.split(" | ")
    assert code == 3
    assert poor.startswith(f"{ANN}: 3 slots, 0 credits, too few for a song; top up")
    repair = f"`riffusion-tui accounts repair {BOB} --service flowmusic` sets a new refresh token"
    assert broken == f"{BOB}: refresh token rejected. {repair}"
    flow.trouble(f"credits {ANN} 1000")
    flow.trouble(f"repair {BOB}")
    code, says = output("service", flow.addresses[1], RIFFUSION_TUI_TOKEN=TOKEN)
    assert (
        code,
        says.endswith("Check that the address is the API's own: --url, RIFFUSION_TUI_URL or the settings."),
    ) == (2, True)
    code, says = output("service", "http://127.0.0.1:1", RIFFUSION_TUI_TOKEN=TOKEN)
    assert (code, says.startswith("No connection to 127.0.0.1:1: ")) == (2, True)
    assert "Check that the service runs" in says
    code, says = output("service", RIFFUSION_TUI_TOKEN="wrong")
    assert code == 3
    assert says == "Unauthorized. `riffusion-tui token set --service flowmusic` sets a valid token"
    assert output("token") == (3, f"none for {flow.url}: `riffusion-tui token set --service flowmusic`")
    assert output("service") == (3, ""), "it isn't called without a token"
    assert calling(Program.at(tmp_path))("doctor", "--service", "elsewhere").code == 2


def test_lyrics_songs_and_accounts_commands_work(here: Call) -> None:
    ran = here("lyrics", "a road home", "--service", "flowmusic")
    assert (ran.code, ran.out) == (0, "[Verse 1]\na road home\n")
    assert here("lyrics", " ").code == 2
    ran = here("submit", "--service", "flowmusic", "--wait", "--json", "a road home")
    assert ran.code == 0
    assert {row["service"] for row in ran.rows} == {"flowmusic"}
    assert len(here("jobs", "--json").rows) == 2, "both songs of the pair"
    ran = here("accounts", "--service", "flowmusic")
    assert sorted(line.split("used")[1].split()[0] for line in ran.out.splitlines()) == ["1000", "990"]
    repaired = here("accounts", "mend", ANN, "--service", "flowmusic", "--max-jobs", "16", stdin=f"{ANN}/fresh\n")
    assert "16 slots" in repaired.out
    assert f"{ANN}/fresh" not in repaired.out + repaired.err


def test_an_effect_is_found_in_any_case(here: Call) -> None:
    ran = here("submit", "a road home", "--service", "flowmusic", "--wait", "--json")
    song = str(ran.rows[0]["id"])
    assert here("edit", song, "effect", "effect=fade", "fade_in_s=2").code == 0
    ran = here("edit", song, "effect", "effect=fades", "fade_in_s=2")
    assert (ran.code, ran.err.startswith("effect must be one of Trim, Fade, ")) == (2, True)
    ran = here("edit", song, "effect", "effect=FADE", "gain_db=2")
    assert (ran.code, ran.err) == (2, "effect has no field 'gain_db'; its fields: effect, fade_in_s, fade_out_s.\n")


def test_lyrics_are_rewritten(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("la", "utf-8")
    ran = Program.at(tmp_path)("lyrics", "the sea", "--rewrite", str(tmp_path / "none"))
    assert ran.code == 2
    ran = Program.at(tmp_path)("lyrics", "the sea", "--rewrite", str(tmp_path / "words"))
    assert ran.code == 0, "the studio writes lyrics too"
    assert len(ran.out.strip().splitlines()) > 1
