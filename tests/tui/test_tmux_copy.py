"""Copying inside tmux: through its buffer, otherwise with OSC 52."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from riffusion_tui.tui.terminal import CopyResult, Terminal
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}


@pytest.mark.parametrize("code", [0, 1])
def test_text_is_copied_to_the_tmux_buffer_or_by_osc_52(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/received\ncat >> {tmp_path}/received\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    written: list[str] = []
    assert Terminal(TMUX, written.append).copy("la é") is (CopyResult.SENT if code else CopyResult.TMUX)
    assert (tmp_path / "received").read_text() == "load-buffer -w -\nla é"
    assert written == ([] if code == 0 else ["\x1b]52;c;bGEgw6k=\x07"])


def test_text_too_long_for_a_terminal_is_copied_by_tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmux").write_text("#!/bin/sh\ncat > /dev/null\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Terminal(TMUX, print).copy("x" * 80_000) is CopyResult.TMUX


def test_a_path_that_is_not_utf_8_is_copied_byte_by_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, raw = "/m\udcff/\u00e9.mp3", b"/m\xff/\xc3\xa9.mp3"
    written: list[str] = []
    assert Terminal({}, written.append).copy(path) is CopyResult.SENT
    assert written == [f"\x1b]52;c;{base64.b64encode(raw).decode()}\x07"]
    (tmp_path / "tmux").write_text(f"#!/bin/sh\ncat > {tmp_path}/received\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Terminal(TMUX, print).copy(path) is CopyResult.TMUX
    assert (tmp_path / "received").read_bytes() == raw


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (TMUX, "Copied prompt to tmux's buffer (prefix ] pastes it) and to the terminal."),
        ({}, "Copied prompt to the terminal's clipboard. The terminal must support OSC 52."),
    ],
)
async def test_the_message_states_only_what_certainly_happened(
    show: ShowScreen,
    stage: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    expected: str,
) -> None:
    (tmp_path / "tmux").write_text("#!/bin/sh\ncat > /dev/null\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    stage.deps.environ = {"TERM": "xterm-256color", **environ}
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "y", "enter")
        assert shown.status().startswith(expected)
