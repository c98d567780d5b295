"""Modules and classes that load before the first frame delay start-up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.kit import Program
from tests.pty.terminal import PtyTerminal

PROGRAM = """
import dataclasses, os, sys
made, process = [], dataclasses._process_class

def counted(cls, *rest, **more):
    made.append(f"{cls.__module__}.{cls.__qualname__}")
    return process(cls, *rest, **more)

dataclasses._process_class = counted
import riffusion_tui.cli.wiring.screen_setup as screen

def report():
    modules = list(sys.modules)
    import json
    with open(sys.argv[1], "w") as file:
        json.dump({"dataclasses": made, "modules": modules}, file)
    os._exit(0)

def report_later():
    import threading, time
    def wait():
        while "riffusion_tui.studio.http.asgi" not in sys.modules:
            time.sleep(0.05)
        time.sleep(1.0)
        report()
    threading.Thread(target=wait).start()

def watched(*given):
    deps = build(*given)
    begin = deps.callbacks.painted
    deps.callbacks.painted = (lambda: (begin(), report_later())) if "idle" in sys.argv else report
    return deps

build, screen._deps = screen._deps, watched
from riffusion_tui.cli import main
main([])
"""
"""Starts the program as a user would, records what is loaded after the first frame (or start-up), and exits."""

LATE = {
    "argparse": "an empty command line isn't parsed",
    "gettext": "only argparse needs it",
    "logging.handlers": "the log file is opened on the first record",
    "statistics": "a median is two lines",
    "riffusion_tui.lyric_sheets.section_headings": "its patterns take 15 ms to compile, and few prompts have lyrics",
    "tomllib": "only if there is a settings file; the screen's own texts are Python",
    "tomli_w": "only if a file is written",
    "tomlkit": "only if a file that users edit is written",
    "riffusion_tui.config.secrets": "tokens are for the service, which starts after the first frame",
    "riffusion_tui.dispatch.dispatcher": "the dispatcher starts after the first frame",
    "textual.command": "this app has its own palette",
    "textual.widgets._input": "the first screen's only input is the filter, which isn't open yet",
    "textual.widgets._option_list": "only Textual's palette needs it",
}
"""Module → why it can wait."""
WITH_WORK = {
    "multiprocessing.connection": "nothing is rendered yet",
    "concurrent.futures.process": "no process has been started for it",
    "riffusion_tui.dispatch.commands.job_commands": "no command has been run",
    "riffusion_tui.dispatch.commands.account_commands": "the accounts screen hasn't been opened",
    "riffusion_tui.cli.wiring.hooks": "no hook is configured",
    "httpcore": "the studio has no port",
    "idna.core": "all host names are ASCII",
    "html.entities": "no traceback is shown as a page",
    "zipfile": "the helper process checks archives",
    "csv": "no file of prompts is read",
    "numpy": "only render processes generate sound",
    "keyring": "the studio generates its own token",
}
"""Module → why an idle program, fully started, doesn't need it."""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """A start with stored jobs that have options, and with session state."""
    home = tmp_path_factory.mktemp("start")
    ran = Program.at(home / "riff")("submit", "rain", "--instrumental", "--takes", "3")
    assert ran.code == 0, ran.err
    (home / "riff" / "data" / "screen.json").write_text('{"draft": "a slow waltz"}')
    return started(home)


def started(home: Path, *wanted: str) -> dict[str, list[str]]:
    """Start the program; return what the probe recorded."""
    reported = home / "report.json"
    with PtyTerminal(home, program=(sys.executable, "-c", PROGRAM), arguments=(str(reported), *wanted)) as terminal:
        assert terminal.wait() == 0, terminal.text()
    held: dict[str, list[str]] = json.loads(reported.read_text())
    return held


def test_none_of_our_dataclasses_is_created_before_the_first_frame(start: dict[str, list[str]]) -> None:
    # One takes one to three milliseconds: its methods are compiled at import. A named tuple takes a third of that.
    assert [name for name in start["dataclasses"] if name.startswith("riffusion_tui.")] == []
    assert any(name.startswith("textual.") for name in start["dataclasses"]), "the probe must record dataclasses"


def test_modules_that_the_first_frame_does_not_need_load_after_it(start: dict[str, list[str]]) -> None:
    assert LATE.keys() & set(start["modules"]) == set()
    assert "riffusion_tui.tui.screens.main" in start["modules"]


def test_a_first_start_reads_no_json(tmp_path: Path) -> None:
    ran = Program.at(tmp_path / "riff")("submit", "rain", "--takes", "3")  # a job with default options stores `{}`
    assert ran.code == 0, ran.err
    assert "json" not in started(tmp_path)["modules"]


def test_the_dispatcher_loads_only_modules_that_it_needs(tmp_path: Path) -> None:
    modules = set(started(tmp_path, "idle")["modules"])
    assert WITH_WORK.keys() & modules == set()
    assert {"riffusion_tui.dispatch.dispatcher", "httpx", "riffusion_tui.studio.http.asgi"} <= modules
