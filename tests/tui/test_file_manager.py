"""The song's folder is opened in the desktop's file manager, if there is one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riffusion_tui.tui.file_manager import open_folder
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="`open` is the system's")


def desktop(folder: Path, script: str) -> dict[str, str]:
    """Return the environment of a desktop whose `xdg-open` is a shell script."""
    (folder / "bin").mkdir()
    opener = folder / "bin" / "xdg-open"
    opener.write_text(f"#!/bin/sh\n{script}\n")
    opener.chmod(0o755)
    return {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "DISPLAY": ":9"}


def until_written(file: Path) -> str:
    """Return what is written to a file within ten seconds."""
    end = time.monotonic() + 10.0
    while not file.exists() or not file.read_text().endswith("\n"):
        assert time.monotonic() < end
        time.sleep(0.02)
    return file.read_text()


def test_it_opens_the_folder_without_the_token(tmp_path: Path) -> None:
    environ = desktop(tmp_path, f'echo "$1 [$RIFFUSION_TUI_TOKEN]" > {tmp_path}/opened')
    assert open_folder("/songs of mine", environ | {"RIFFUSION_TUI_TOKEN": "canary"})
    assert until_written(tmp_path / "opened") == "/songs of mine []\n"


def test_without_a_desktop_nothing_is_opened(tmp_path: Path) -> None:
    environ = desktop(tmp_path, f"echo > {tmp_path}/opened")
    del environ["DISPLAY"]
    assert not open_folder("/songs", environ)
    assert not open_folder("/songs", {"PATH": str(tmp_path), "DISPLAY": ":9"})
    assert not (tmp_path / "opened").exists()


def test_an_opener_that_is_the_file_manager_outlives_the_program(tmp_path: Path) -> None:
    environ = desktop(tmp_path, f"sleep 0.5; echo here > {tmp_path}/opened")
    code = "import os; from riffusion_tui.tui.file_manager import open_folder; print(open_folder('/', os.environ))"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    assert (ran.stdout, ran.stderr) == ("True\n", "")
    assert until_written(tmp_path / "opened") == "here\n"


async def test_the_key_opens_it_and_copies_its_path(show: ShowScreen, stage: Stage, tmp_path: Path) -> None:
    stage.deps.environ = desktop(tmp_path, f'echo "$1" > {tmp_path}/opened')
    stage.done("slow soul", "Harbour Lights", 180.0, 84.0, "F major", "soul")
    async with show(200, 40) as shown:
        await shown.press("escape", "f")
        assert str(stage.songs) in shown.status()
        assert until_written(tmp_path / "opened") == f"{stage.songs}\n"
