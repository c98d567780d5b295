"""A pty and a terminal emulator, to see what the user would see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tests.shared_tables import share_tables

_PATIENCE_S = 60.0
_ANSWERS = ((b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[c", b"\x1b[?62;22c"))
"""Queries and the terminal's replies: cursor position, device attributes."""


class PtyTerminal:
    """Runs `python -m riffusion_tui` (or another program) in a pty of a size. Use as a context manager."""

    def __init__(
        self,
        home: Path,
        width: int = 80,
        height: int = 24,
        arguments: tuple[str, ...] = (),
        environ: Mapping[str, str] | None = None,
        program: tuple[str, ...] = (sys.executable, "-m", "riffusion_tui"),
    ) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.received = bytearray()
        self.code: int | None = None
        _share_tables(home)
        held = {
            **{
                name: os.environ[name]
                for name in ("PATH", "PYTHONPATH", "PYTHON_KEYRING_BACKEND")
                if name in os.environ
            },
            "HOME": str(home),
            "RIFFUSION_TUI_HOME": str(home / "riff"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            **(environ or {}),
        }
        share_tables(home / "riff")
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(program[0], [*program, *arguments], held)
        self.resize(width, height)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        if self.code is None:
            try:
                self.wait(5.0)
            except AssertionError:
                os.kill(self.pid, signal.SIGKILL)
                self.wait(5.0)

    def resize(self, width: int, height: int) -> None:
        """Resize the terminal."""
        self.screen.resize(height, width)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def send(self, text: str) -> None:
        """Press keys."""
        self.send_bytes(text.encode("utf-8"))

    def send_bytes(self, data: bytes) -> None:
        """Send the program bytes other than keys, as a terminal may."""
        os.write(self._master, data)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped connection does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def text(self) -> str:
        """Return the screen's text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def words(self) -> str:
        """Return the screen's text as one line, without frames."""
        return " ".join(re.sub("[│─╭╮╰╯]", " ", self.text()).split())

    def read(self, seconds: float = 0.1) -> bool:
        """Read output for up to `seconds`; return False once the program has closed its end."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            fresh = os.read(self._master, 65_536)
        except OSError:
            return False
        self.received += fresh
        for requested, answer in _ANSWERS:
            for _ in range(fresh.count(requested)):
                os.write(self._master, answer)
        self._stream.feed(_without_unknown(fresh))
        return bool(fresh)

    def until(self, wanted: str | Callable[[], bool], seconds: float = _PATIENCE_S) -> None:
        """Wait until the screen shows `wanted`, or `wanted()` holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if wanted() if callable(wanted) else wanted in self.words():
                return
            if not self.read():
                break
        raise AssertionError(f"{wanted!r} did not come; the screen says:\n{self.text()}")

    def quiet(self, seconds: float = 0.3) -> None:
        """Read until no output has come for a while."""
        last, size = time.monotonic(), len(self.received)
        while time.monotonic() - last < seconds:
            if not self.read(0.05):
                return
            if len(self.received) != size:
                last, size = time.monotonic(), len(self.received)

    def watch(self, seconds: float) -> None:
        """Read all output for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.read(min(left, 0.05)):
            pass

    def wait(self, seconds: float = _PATIENCE_S) -> int:
        """Wait until the program ends; return its exit code."""
        end = time.monotonic() + seconds
        while self.code is None:
            if self._master >= 0:
                self.read(0.05)
            else:
                time.sleep(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f"it did not end; the screen says:\n{self.text()}")
        while self._master >= 0 and self.read(0.05) and select.select([self._master], [], [], 0.05)[0]:
            pass
        return self.code


def _share_tables(home: Path) -> None:
    """Let the program read the engine's tables as an earlier one parsed them, which takes 0.1 s of CPU."""
    cache, shared = home / "riff" / "cache", home.parent / "tables"
    for folder in (cache, shared):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (cache / "tables").exists():
        (cache / "tables").symlink_to(shared)


def _without_unknown(data: bytes) -> bytes:
    """Drop sequences that the emulator mistakes for text: kitty keyboard (CSI > u), mode queries, OSC 22."""
    data = re.sub(rb"\x1b\[[<>=?][0-9;]*[uq]", b"", data)
    data = re.sub(rb"\x1b\[\?[0-9;]*\$p", b"", data)
    return re.sub(rb"\x1b\](?:22|9|777)[^\x07\x1b]*(?:\x07|\x1b\\)", b"", data)
