"""Messages of a screen that is stopped, of one that takes over, and of `work`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from riffusion_tui.cli.wait_for_jobs import DISPLACED
from riffusion_tui.file_lock import holder
from tests.benchmarks.faults import wait_until
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer
from tests.dispatch.processes import environment
from tests.pty.terminal import PtyTerminal

IMPATIENT = (
    sys.executable,
    "-c",
    """
import sys
from riffusion_tui import takeover
from riffusion_tui.__main__ import main
takeover.STOPPED_S = 1.0
sys.exit(main())
""",
)
"""The program, which displaces a stopped process after two seconds instead of ten."""


def _screen(folder: Path, url: str) -> PtyTerminal:
    environ = {"RIFFUSION_TUI_URL": url, "RIFFUSION_TUI_TOKEN": TOKEN}
    return PtyTerminal(folder, 120, 30, environ=environ, program=IMPATIENT)


def _lock(folder: Path) -> Path:
    return folder / "riff" / "data" / "dispatcher-riffusion.lock"


def test_a_continued_screen_names_the_process_that_took_over_and_shows_its_songs(tmp_path: Path) -> None:
    api = FakeApi(seconds=0.3)
    with FakeApiServer(api) as server, _screen(tmp_path, server.url) as first:
        first.until(lambda: holder(_lock(tmp_path)) == first.pid)
        with _screen(tmp_path, server.url) as second:
            second.until("Another process is sending the jobs.")
            first.signal(signal.SIGSTOP)
            second.until(f"Process {first.pid} sends the jobs but is stopped; this one soon takes over")
            second.until(lambda: holder(_lock(tmp_path)) == second.pid)
            second.send("slow rain")
            second.until("slow rain")
            second.send("\n")
            second.until("done")
            assert "is stopped" not in second.words()
            first.signal(signal.SIGCONT)
            first.until("Another process sends the jobs now: it took over while this one was stopped.")
            first.until("done")
            first.send("fast snow")
            first.until("fast snow")
            first.send("\n")
            wait_until(lambda: len(api.made) == 2)
            second.signal(signal.SIGTERM)
            second.wait()
        first.until(lambda: holder(_lock(tmp_path)) == first.pid)
        first.until(lambda: "Another process" not in first.words())
    assert api.per_prompt() == {"slow rain": 1, "fast snow": 1}


@pytest.mark.parametrize(
    ("command", "words"),
    [("fg", "i write"), ("bg; sleep 1; fg", "i write"), ("kill %1", "Exit 143"), ("bg; sleep 1; kill %1", "Exit 143")],
)
def test_a_suspended_screen_can_be_continued_and_ended_from_its_shell(tmp_path: Path, command: str, words: str) -> None:
    with PtyTerminal(tmp_path, 80, 24, program=("bash", "--norc", "-i")) as shell:
        shell.send(f"{sys.executable} -m riffusion_tui\n")
        shell.until("^O editor")
        shell.send("\x1b")
        shell.until("i write")
        shell.send("\x1a")
        shell.until("Stopped")
        shell.send(f"clear; {command}; until sleep 0.1; jobs %1; [ $? != 0 ]; do :; done\n")
        shell.until(words)


def test_a_displaced_work_process_reports_it_once(tmp_path: Path) -> None:
    api = FakeApi(seconds=0.3, held_from=0)
    home = tmp_path / "riff"
    with FakeApiServer(api) as server:
        environ = environment(home, server.url)
        command = [*IMPATIENT, "submit", "slow rain", "--wait"]
        with subprocess.Popen(
            command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as first:
            try:
                wait_until(lambda: len(api.made) == 1)
                with _screen(tmp_path, server.url) as second:
                    second.until("Another process is sending the jobs.")
                    os.kill(first.pid, signal.SIGSTOP)
                    second.until(lambda: holder(_lock(tmp_path)) == second.pid)
                    os.kill(first.pid, signal.SIGCONT)
                    second.watch(2.0)
                    api.let_go()
                    second.until(lambda: first.poll() is not None)
            finally:
                first.kill()
            assert first.stderr is not None
            assert first.stderr.read().count(DISPLACED) == 1
            assert first.returncode == 0
    assert api.per_prompt() == {"slow rain": 1}
