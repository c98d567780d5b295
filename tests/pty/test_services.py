"""Switching services in the running program, in a real terminal: no restart, and jobs of both continue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import PtyTerminal
from tests.server_process import server_process


@pytest.fixture
def ace() -> Iterator[str]:
    """ACE-Step's server in a separate process; the model takes a second to load."""
    with server_process("tests.acestep_server", "0", "0.2", "1") as server:
        yield server.url


def test_the_service_can_be_switched_without_a_restart(tmp_path: Path, ace: str) -> None:
    folder = tmp_path / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(f'[acestep]\nurl = "{ace}"\n')
    with PtyTerminal(tmp_path, 100, 30) as terminal:
        terminal.until("riffusion-tui studio")
        terminal.send("slow rain, 2 seconds @acestep")
        terminal.until("@acestep · instrumental without lyrics")
        terminal.send("\n")
        terminal.until("loading")  # of the other service's model, while the studio is the active one
        terminal.until("done")
        terminal.send("\x10")  # ^P
        terminal.until("type to filter")
        terminal.send("another service")
        terminal.until("Generate songs with another")
        terminal.quiet()  # letters and enter in one go would be a paste
        terminal.send("\r")
        terminal.until("Flow Music")
        terminal.send("ace")
        terminal.quiet()
        terminal.send("\r")
        terminal.until("riffusion-tui acestep")
        terminal.until("slow rain")  # the other service's song is in the list
        terminal.send("\x1bOQ")  # F2: the settings
        terminal.until("service.name:")  # the first of them
        terminal.send("\r")
        terminal.until("type to filter")
        terminal.send("studio")
        terminal.quiet()
        terminal.send("\r")
        terminal.until("riffusion-tui studio")
    assert 'name = "studio"' in (folder / "settings.toml").read_text()
