"""The state that the screen restores after a restart."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.session_state import SessionState, load_session_state, save_session_state


def test_session_state_round_trips_in_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "data" / "screen.json"
    held = SessionState("lofi\n---\n{a|b}", {"studio": {"takes": 3, "instrumental": True, "reply_ref": "mine"}}, 7)
    save_session_state(file, held)
    assert load_session_state(file) == held
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_session_state(file).chosen("studio")["takes"] == 3
    assert load_session_state(file).chosen("flowmusic") == {}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("{", SessionState()),
        ("[1]", SessionState()),
        ("[" * 100_000, SessionState()),
        ('{"draft": 7, "options": 7, "latest": "7"}', SessionState()),
        ('{"draft": "a\\u001b[31m", "options": {"studio": 7}}', SessionState("a")),
        (
            json.dumps({"options": {"s": {"takes": True, "instrumental": 1, "model": "M", "seed": 3, "token": "x"}}}),
            SessionState("", {"s": {"model": "M"}}),
        ),
    ],
)
def test_invalid_session_state_is_ignored(text: str, kept: SessionState, tmp_path: Path) -> None:
    file = tmp_path / "screen.json"
    file.write_text(text, "utf-8")
    assert load_session_state(file) == kept


def test_without_a_file_nothing_is_restored_and_write_errors_are_reported(tmp_path: Path) -> None:
    assert load_session_state(tmp_path / "none.json") == SessionState()
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError):
        save_session_state(tmp_path / "file" / "screen.json", SessionState())
