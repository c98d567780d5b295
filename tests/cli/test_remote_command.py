"""The copied line that plays a song over SSH, which has neither this shell's PATH nor its variables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import remote_command
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, Store
from riffusion_tui.tui.playing.players import line_for_elsewhere

SSH = """#!/bin/sh
shift
exec env -i PATH=/usr/bin:/bin sh -c "$*"
"""


def tool(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("name", ["home", "my music's home", os.fsdecode(b"caf\xe9 100%'s\n\\1")])
def test_the_remote_command_finds_program_and_songs(tmp_path: Path, name: str) -> None:
    home, song = tmp_path / name, tmp_path / "song.mp3"
    song.write_bytes(b"ID3 song")
    with Store.open(home / "data" / "jobs.sqlite3", SystemClock()) as store:
        (job,) = store.add([NewJob("rain", Options(), "studio", "r1", "b1")])
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING):
            store.update(job.id, status)
        store.update(job.id, Status.DONE, file=str(song))
    tools = tmp_path / "tools"
    tool(tools, "ssh", SSH)
    tool(tools, "mpv", "#!/bin/sh\ncat\n")
    line = line_for_elsewhere({"USER": "ann"}, remote_command({"RIFFUSION_TUI_HOME": str(home)}, "-c"), job.id)
    assert clean_line(line) == line
    ran = subprocess.run(["sh", "-c", line], env={"PATH": f"{tools}:/usr/bin:/bin"}, capture_output=True, check=False)
    assert ran.stdout == b"ID3 song", (line, ran.stderr)


def test_an_installed_program_is_called_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert remote_command({}, ".venv/bin/riffusion-tui") == (str(tmp_path / ".venv/bin/riffusion-tui"),)
    data = {"XDG_DATA_HOME": "/data", "XDG_STATE_HOME": ""}
    assert remote_command(data, "/x/__main__.py") == (
        "env",
        "XDG_DATA_HOME=/data",
        sys.executable,
        "-m",
        "riffusion_tui",
    )
