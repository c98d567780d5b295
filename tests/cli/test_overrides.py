"""Overrides of the settings file are reported by every command; a pause lasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import WRONG_USE
from riffusion_tui.cli.wiring.session import Session, open_session
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.secret import Secret
from tests.cli.kit import Program, in_process
from tests.pty.terminal import PtyTerminal

CANARY = "canary-token"
URL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("environ", "key", "value", "expected"),
    [
        ({"RIFFUSION_TUI_URL": URL}, "service.url", "http://127.0.0.1:7", f"RIFFUSION_TUI_URL overrides it: {URL}"),
        ({"RIFFUSION_TUI_URL": URL}, "service.name", "studio", "RIFFUSION_TUI_URL overrides it: riffusion"),
        ({"RIFFUSION_TUI_SERVICE": "acestep"}, "service.name", "studio", "RIFFUSION_TUI_SERVICE overrides it: acestep"),
        ({"RIFFUSION_TUI_SERVICE": "acestep"}, "service.url", URL, "RIFFUSION_TUI_SERVICE overrides it: its default"),
        ({"RIFFUSION_TUI_SONGS": "/songs"}, "files.folder", "/mine", "RIFFUSION_TUI_SONGS overrides it: /songs"),
        ({"NO_COLOR": "1"}, "screen.theme", "day", "NO_COLOR is set: the screen has no colors"),
        ({"RIFFUSION_TUI_SONGS": "/songs"}, "studio.accounts", "2", ""),
    ],
)
def test_settings_set_reports_overrides(
    environ: dict[str, str],
    key: str,
    value: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    with in_process(Program.at(tmp_path, **environ), monkeypatch, capsys) as call:
        ran = call("settings", "set", key, value)
    assert ran.code == 0
    assert (expected in ran.err) if expected else (ran.err == "")


def test_token_set_and_clear_report_the_overriding_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program.at(tmp_path, RIFFUSION_TUI_URL=URL, RIFFUSION_TUI_TOKEN="other")
    with in_process(program, monkeypatch, capsys) as call:
        assert "RIFFUSION_TUI_TOKEN overrides it" in call("token", "set", stdin=CANARY).err
        assert "RIFFUSION_TUI_TOKEN is set and stays in use" in call("token", "clear").err
        assert "RIFFUSION_TUI_TOKEN is set and stays in use" in call("token", "clear").err
    with in_process(Program.at(tmp_path, RIFFUSION_TUI_URL=URL), monkeypatch, capsys) as call:
        assert call("token", "set", "--service", "flowmusic", stdin=CANARY).code == 0, "as doctor advises"


@pytest.mark.parametrize(
    ("environ", "overridden_by"), [({"RIFFUSION_TUI_TOKEN": CANARY}, "RIFFUSION_TUI_TOKEN"), ({}, "")]
)
async def test_setting_a_token_reports_what_overrides_it(
    environ: dict[str, str], overridden_by: str, tmp_path: Path
) -> None:
    context = CommandContext({"RIFFUSION_TUI_HOME": str(tmp_path), "RIFFUSION_TUI_SERVICE": "riffusion", **environ})
    async with open_session(context) as session:
        assert isinstance(session, Session)
        saved = await session.account_commands.set_token(Secret("new"))
    assert saved == ("https://api.useapi.net", overridden_by)


async def test_the_studio_takes_no_token(tmp_path: Path) -> None:
    context = CommandContext({"RIFFUSION_TUI_HOME": str(tmp_path), "RIFFUSION_TUI_SERVICE": "studio"})
    async with open_session(context) as session:
        with pytest.raises(NotPossible, match="doesn't use a token"):
            await session.account_commands.set_token(Secret("new"))
    assert not context.paths.token_file.exists()


def test_only_options_are_reported_as_overrides_of_the_service(tmp_path: Path) -> None:
    context = CommandContext({"RIFFUSION_TUI_HOME": str(tmp_path)})
    file = context.settings
    assert context.for_service("flowmusic").settings.service.name == "flowmusic"
    assert context.for_service("flowmusic").overrides.of("service.name", file) == ""
    given = context.with_service("riffusion", URL)
    assert given.overrides.of("service.name", file) == "--service"
    assert given.overrides.of("service.url", file) == "--url"
    assert given.for_service("flowmusic").overrides.of("service.name", file) == "", "the choice on the screen is newer"
    assert given.overrides.token == ""


@pytest.mark.parametrize(
    ("settings", "environ", "expected"),
    [
        ("[screen]\ntheme = 'nihgt'\n", {}, "unknown theme 'nihgt'. Did you mean 'night'?"),
        ("[notify]\ncommand = 'sh -c \"echo'\n", {}, "notify.command: 'sh -c \"echo' has an unmatched quotation mark"),
        ("[keys]\n'job.plai' = 'b'\n", {}, "Unknown command 'job.plai'"),
        ("[keys]\n'job.play' = 'strg+x'\n", {}, "is not a valid key"),
        ("[acestep]\nurl = 'http://xn--'\n", {}, "acestep.url: 'http://xn--' is not a valid address"),
        ("", {"RIFFUSION_TUI_SERVICE": "stduio"}, "service.name must be one of"),
    ],
)
def test_doctor_and_settings_check_report_the_same_problem(
    settings: str,
    environ: dict[str, str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(settings)
    with in_process(Program.at(tmp_path, **environ), monkeypatch, capsys) as call:
        ran = call("settings", "check")
        assert (ran.code, expected in ran.err) == (WRONG_USE, True), ran.err
        ran = call("doctor")
    (line,) = [line for line in ran.out.splitlines() if "  settings " in line]
    assert (ran.code, line.startswith("BAD "), expected in line) == (1, True, True), line


def test_a_pause_lasts_until_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_process(Program.at(tmp_path / "riff"), monkeypatch, capsys) as call:
        call("submit", "slow rain")
        assert "paused until `riffusion-tui resume`" in call("pause").err
        with PtyTerminal(tmp_path, 80, 24) as terminal:
            terminal.until("Queue paused since")
            terminal.until("P resume")
            assert "the queue is paused" in call("work", "--status").out
            terminal.send("\x1b[21~y")  # F10
            assert terminal.wait() == 0
        assert "1 waiting, the queue is paused" in call("work", "--status").out
        call("resume")
        assert "paused" not in call("work", "--status").out
