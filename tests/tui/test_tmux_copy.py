"""Copying inside tmux: through its own buffer, else as a plain OSC 52."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.tui.terminal import Terminal

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}


@pytest.mark.parametrize("code", [0, 1])
def test_tmux_gets_it_into_its_buffer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat >> {tmp_path}/said\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    written: list[str] = []
    assert Terminal(TMUX, written.append).copy("la é")
    assert (tmp_path / "said").read_text() == "load-buffer -w -\nla é"
    assert written == ([] if code == 0 else ["\x1b]52;c;bGEgw6k=\x07"])
