"""The differential display in a real terminal, beside Textual's own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from riffusion_tui.tui.display.differential_display import DifferentialDisplay

PROGRAM = """
import sys
from textual.app import App
from textual.widgets import TextArea, Static
from riffusion_tui.tui.display.differential_display import DifferentialDisplay
from riffusion_tui.tui.driver import TerminalDriver

class Demo(DifferentialDisplay[None]):
    def get_driver_class(self):
        return TerminalDriver

    BINDINGS = [("f5", "redraw", "")]
    def compose(self):
        yield Static("lofi [dark] beat 日本語", markup=False)
        yield TextArea("", id="editor")
    def on_mount(self):
        self.query_one(TextArea).focus()

Demo(differential="plain" not in sys.argv).run(mouse=False)
"""


def test_textuals_palette_is_disabled_only_while_the_app_is_imported() -> None:
    code = """
import sys
from riffusion_tui.tui.display.palette_left_out import NAMES
from riffusion_tui.tui.display.textual_app import App
assert "textual.command" not in sys.modules
from textual.app import CommandPalette as stand_in
import textual.command, textual.system_commands
assert {name for name in NAMES if not hasattr(textual.command, name)} == set()
assert textual.command.CommandPalette is not stand_in
print(App.__module__)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.strip(), ran.stderr) == ("textual.app", "")


async def test_a_headless_app_paints() -> None:
    class Greeting(DifferentialDisplay[None]):
        def compose(self) -> ComposeResult:
            yield Static("hello")

    app = Greeting()
    async with app.run_test() as pilot:
        app.action_redraw()
        await pilot.pause()
        assert "hello" in app.export_screenshot()


class Terminal:
    """A program in a real pty, seen through a terminal emulator."""

    def __init__(self, program: Path, *arguments: str, columns: int = 60, rows: int = 12) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.output = b""
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (rows, columns))
        # The size is the pty's; these two would override it.
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**kept, "TERM": "xterm-256color", "TEXTUAL_DISABLE_KITTY_KEY": "1"}
        self.process = subprocess.Popen(
            [sys.executable, str(program), *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)

    def read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                continue
            data = os.read(self.master, 65536)
            self.received += len(data)
            self.output += data
            for _ in range(data.count(b"\x1b[6n")):
                os.write(self.master, b"\x1b[1;1R")
            # pyte prints a letter of private mode queries.
            self.stream.feed(data.replace(b"\x1b[?2026$p", b"").replace(b"\x1b[?2048$p", b""))

    def read_until(self, text: str, seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while text not in "\n".join(self.screen.display):
            assert time.monotonic() < end, "\n".join([*self.screen.display, repr(self.output[-2000:])])
            self.read(0.1)

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "demo.py"
    file.write_text(PROGRAM, encoding="utf-8")
    return file


def test_the_differential_display_shows_the_same_with_far_fewer_bytes(program: Path) -> None:
    shown, bytes_sent = [], []
    for arguments in ((), ("plain",)):
        terminal = Terminal(program, *arguments)
        try:
            terminal.read_until("[dark]")
            terminal.read(0.5)
            before = terminal.received
            for key in b"rain":
                terminal.type(bytes([key]))
                terminal.read(0.15)
            terminal.read_until("rain")
            bytes_sent.append(terminal.received - before)
            shown.append(list(terminal.screen.display))
        finally:
            terminal.close()
    assert shown[0] == shown[1]
    assert bytes_sent[0] * 10 < bytes_sent[1]


def test_redraw_paints_over_foreign_output(program: Path) -> None:
    terminal = Terminal(program)
    try:
        terminal.read_until("[dark]")
        terminal.stream.feed(b"\x1b[1;1Hgarbage garbage garbage garbage")
        terminal.type(b"\x1b[15~")
        terminal.read_until("lofi [dark] beat")
        terminal.read(0.3)
        assert "garbage" not in "\n".join(terminal.screen.display)
    finally:
        terminal.close()
