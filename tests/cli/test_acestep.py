"""ACE-Step on the command line: a real process against a real server whose songs cost nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.wiring.screen_setup import prompt_words, show
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.jobs.model import Options
from riffusion_tui.tui.dependencies import Dependencies
from tests.acestep_server import MODEL
from tests.cli.kit import Call, Program
from tests.server_process import ServerProcess, server_process
from tests.sounds import flac

KEY = "ace-canary-key"


@pytest.fixture(scope="module")
def ace() -> Iterator[ServerProcess]:
    with server_process("tests.acestep_server", "0", "0.1", "0.5") as server:
        yield server


def test_doctor_reports_address_key_server_and_model(call: Call, ace: ServerProcess) -> None:
    ran = call("doctor", "--service", "acestep", "--url", ace.url, "--json")
    assert ran.code == 0, ran.out
    found = {row["check"]: row["says"] for row in ran.rows}
    host = ace.url.removeprefix("http://")
    assert found["address"] == f"{ace.url}/"
    assert found["token"] == f"none set for {ace.url}; most servers need none"
    assert found["server"] == f"{host} answers: ACE-Step API 1.0"
    assert {"model", "language", "formats", "queue"} <= found.keys()


def test_an_address_without_a_scheme_is_reported_once(call: Call) -> None:
    ran = call("doctor", "--service", "acestep", "--url", "127.0.0.1:8001", "--json")
    found = {row["check"]: row["says"] for row in ran.rows}
    assert "http" in found["address"]
    assert found["token"] == "none set; most servers need none"


def test_values_in_a_prompt_are_sent_as_fields(call: Call, ace: ServerProcess) -> None:
    where = ("--service", "acestep", "--url", ace.url)
    prompt = "calm piano, 90 bpm in C minor, 3/4, 30 seconds, instrumental"
    ran = call("submit", prompt, "--steps", "12", "--wait", "--json", *where)
    assert ran.code == 0, ran.err
    assert Path(ran.rows[0]["file"]).suffix == ".flac"
    (receipt,) = call("receipt").rows
    assert receipt["extra"] == {"tempo": "90", "key": "C minor", "meter": "3/4", "steps": "12"}
    assert (receipt["length"], receipt["instrumental"], receipt["model"]) == (30.0, True, "")
    assert call("submit", prompt, "--tempo", "120", *where).code == 0
    assert call("settings", "set", "acestep.fields", "false").code == 0
    assert call("submit", prompt, *where).code == 0
    tempos = [one.get("extra", {}).get("tempo") for one in call("receipt").rows]
    assert tempos == ["90", "120", None], "options override values in the prompt"


def test_values_that_the_server_has_no_field_for_are_limits(call: Call, ace: ServerProcess) -> None:
    where = ("--service", "acestep", "--url", ace.url)
    limits = [
        "ACE-Step has no key D dorian; it is only in the text of the prompt.",
        "ACE-Step has no meter 7/8; it is only in the text of the prompt.",
        "ACE-Step makes songs of 0:10 to 10:00: this one has 10:00, not 12:00.",
    ]
    ran = call("submit", "rock 7/8 300 bpm in D dorian 12 minutes", "--json", *where)
    assert (ran.code, ran.rows[0]["limits"]) == (0, limits)
    assert call("receipt").rows[-1]["receipt"]["limits"] == limits
    ran = call("submit", "rock 7/8 12 minutes", "--meter", "3/4", "--length", "60", "--json", *where)
    assert (ran.code, ran.rows[0]["limits"]) == (0, []), "the options say what it has"


async def test_the_editor_shows_what_the_server_has_no_field_for(tmp_path: Path) -> None:
    context = CommandContext(Program.at(tmp_path, RIFFUSION_TUI_SERVICE="acestep").environ)
    async with open_session(context) as session:
        read = prompt_words(session, context.settings)
        assert read is not None
        found = [(word.kind, word.meaning) for word in read("rock 7/8 300 bpm 12 minutes", Options())]
    assert found == [
        ("meter", "7/8"),
        ("tempo", "300"),
        ("length", "720"),
        ("limit", "ACE-Step has no meter 7/8; it is only in the text of the prompt."),
        ("limit", "ACE-Step makes songs of 0:10 to 10:00: this one has 10:00, not 12:00."),
    ]


def test_a_file_of_prompts_names_the_fields_like_any_other(call: Call, tmp_path: Path, ace: ServerProcess) -> None:
    batch = tmp_path / "songs.jsonl"
    batch.write_text(
        json.dumps({"prompt": "rain", "tempo": 96, "key": "G major", "format": "wav", "seed": 5})
        + "\n"
        + json.dumps({"prompt": "sun", "model": "FUZZ-0.8"})
    )
    ran = call("batch", str(batch), "--service", "acestep", "--url", ace.url, "--wait", "--json")
    assert ran.code == 0, ran.err
    assert {row["prompt"]: Path(row["file"]).suffix for row in ran.rows} == {"rain": ".wav", "sun": ".flac"}
    batch.write_text(json.dumps({"prompt": "rain", "tempo": 1000}))
    ran = call("batch", str(batch), "--service", "acestep", "--url", ace.url)
    assert (ran.code, "tempo must be a number (30 to 300)" in ran.err) == (2, True)
    batch.write_text(json.dumps({"prompt": "rain", "tempo": True}))
    assert "must be text or a number" in call("batch", str(batch)).err


def test_an_option_of_another_service_is_refused(call: Call) -> None:
    ran = call("submit", "rain", "--steps", "9", "--service", "studio")
    assert (ran.code, ran.err.strip()) == (2, "studio doesn't support --steps. Nothing was queued.")


def test_jobs_continue_once_a_key_is_set(call: Call, ace: ServerProcess) -> None:
    where = ("--service", "acestep", "--url", ace.url)
    host = ace.url.removeprefix("http://")
    ace.trouble(f"key {KEY}")
    try:
        ran = call("accounts", *where)
        assert (ran.code, "requires a key" in ran.out) == (3, True)
        ran = call("accounts", "repair", host, *where, stdin=f"{KEY}\n")
        assert (ran.code, KEY in ran.out + ran.err) == (0, False)
        ran = call("submit", "rain", "--wait", "--json", *where)
        assert ran.code == 0, ran.err
    finally:
        ace.trouble("no key")


def test_a_request_without_a_response_is_made_again(call: Call, ace: ServerProcess) -> None:
    ace.trouble("drop 1")
    ran = call("submit", "rain", "--wait", "--json", "--service", "acestep", "--url", ace.url)
    assert (ran.code, [row["status"] for row in ran.rows]) == (0, ["done"])


def test_each_server_is_an_account(call: Call, ace: ServerProcess) -> None:
    assert call("settings", "set", "acestep.url", f"{ace.url}, http://127.0.0.1:1").code == 0
    assert call("settings", "set", "acestep.max_jobs", "3").code == 0
    ran = call("accounts", "--service", "acestep", "--json")
    assert ran.code == 3, "one of them can't be reached"
    assert {row["user_id"]: (row["maxJobs"], bool(row["error"])) for row in ran.rows} == {
        ace.url.removeprefix("http://"): (3, False),
        "127.0.0.1:1": (3, True),
    }
    ran = call("submit", "rain", "--wait", "--json", "--service", "acestep")
    assert ran.code == 0, ran.err
    assert MODEL not in ran.out


def test_a_sketch_is_repeated_with_another_service(call: Call, tmp_path: Path, ace: ServerProcess) -> None:
    assert call("settings", "set", "acestep.url", ace.url).code == 0
    batch = tmp_path / "both.jsonl"
    prompts = [{"prompt": "calm piano 90 bpm", "length": 10}, {"prompt": "rain", "service": "acestep"}]
    batch.write_text("\n".join(map(json.dumps, prompts)))
    ran = call("batch", str(batch), "--wait", "--json")
    assert ran.code == 0, ran.err
    sketch = next(row["id"] for row in ran.rows if row["service"] == "studio")
    assert {row["service"] for row in ran.rows} == {"studio", "acestep"}
    ran = call("again", str(sketch), "--service", "acestep")
    assert ran.code == 0, ran.err
    assert call("work", "--service", "acestep").code == 0
    made = next(row for row in call("receipt").rows if row["receipt"]["id"] > 2)
    assert (made["receipt"]["service"], made["receipt"]["status"]) == ("acestep", "done")
    assert made["extra"]["tempo"] == "90"
    assert isinstance(made["seed"], int)
    batch.write_text(json.dumps({"prompt": "rain", "service": "nobody"}))
    assert "service must be one of" in call("batch", str(batch)).err


def test_a_key_can_be_saved_for_a_service_other_than_the_configured_one(call: Call, ace: ServerProcess) -> None:
    where = ("--service", "acestep", "--url", ace.url)
    ran = call("token", "where", *where)
    assert (ran.code, ran.out.strip()) == (0, f"No token for {ace.url}.")
    ace.trouble(f"key {KEY}")
    try:
        ran = call("token", "set", *where, stdin=f"{KEY}\n")
        assert (ran.code, KEY in ran.out + ran.err) == (0, False)
        assert f"The token for {ace.url} comes from" in call("token", "where", *where).out
        assert "No token" in call("token", "where", "--service", "riffusion").out
        assert call("accounts", *where).code == 0, "the server accepts the key"
        assert call("token", "clear", *where).code == 0
        assert call("accounts", *where).code == 3
    finally:
        ace.trouble("no key")


def test_a_servers_features_are_fetched_before_a_command_is_refused(
    call: Call, tmp_path: Path, ace: ServerProcess
) -> None:
    where = ("--service", "acestep", "--url", ace.url)
    assert call("submit", "a song that loads the model", "--wait", *where).code == 0
    ran = call("lyrics", "a road home", *where)
    assert (ran.code, "can't write lyrics" in ran.err) == (2, True)
    song = tmp_path / "song.flac"
    song.write_bytes(flac())
    edit = {"prompt": "drums", "operation": "extract", "source": str(song), "extra": {"track": "drums"}}
    batch = tmp_path / "edit.jsonl"
    batch.write_text(json.dumps(edit))
    ran = call("batch", str(batch), *where)
    assert (ran.code, "has no edit 'extract'" in ran.err) == (2, True)
    ace.trouble("base model")
    ran = call("lyrics", "a road home", *where)
    assert (ran.code, ran.out) == (0, "[Verse]\na road home\n")
    assert "Suggested: --tempo 92 --key 'G major' --meter 6/8 --length 120 \"warm folk\"" in ran.err
    ran = call("batch", str(batch), "--wait", "--json", *where)
    assert (ran.code, [row["status"] for row in ran.rows]) == (0, ["done"]), ran.err
    ran = call("edit", str(ran.rows[0]["id"]), "extract", "track=drums", *where)
    assert (ran.code, "extract of" in ran.out) == (0, True), ran.err


async def test_the_screen_reopens_for_the_chosen_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = iter(["acestep", "studio"])
    seen: list[tuple[str, str]] = []

    async def screen(deps: Dependencies) -> int:
        seen.append((deps.service, deps.capabilities.credential))
        if (service := next(wanted, "")) != "":
            deps.callbacks.switch(service)
        return 0

    monkeypatch.setattr("riffusion_tui.cli.wiring.screen_setup.run_screen", screen)
    context = CommandContext(Program.at(tmp_path).environ)
    assert await show(context, context.settings) == 0
    assert seen == [("studio", "cookie"), ("acestep", "key"), ("studio", "cookie")]


def test_a_service_chosen_on_the_screen_is_not_an_override(tmp_path: Path) -> None:
    started = CommandContext(Program.at(tmp_path).environ).with_service("studio")
    assert started.overrides.of("service.name", started.settings) == "--service"
    assert started.for_service("acestep").overrides.of("service.name", started.settings) == ""
