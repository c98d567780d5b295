"""A program in a real pty, watched by a thread that records when each piece of output arrived.

A `Link` models the line from the program's machine to the user: bytes a second, round trip, and the sender's kernel
buffer. Times are seconds of `time.perf_counter`, as the user would see them.
"""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

_QUERY = re.compile(rb"\x1b\[\?2026\$p|\x1b\[6n|\x1b\[0?c")
_ANSWER = {b"p": b"\x1b[?2026;2$y", b"n": b"\x1b[1;1R", b"c": b"\x1b[?62;22c"}
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Za-z0-9]|[@-Z\\-_=>])")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*[um]|\x1b\[\?[0-9;]*\$p")
_NOT_THEIRS = {"COLORTERM", "NO_COLOR", "TMUX", "STY", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE"}
"""Variables not passed on. The last would recompile an uninstalled program at every start."""


@dataclass(frozen=True, slots=True)
class Link:
    """A line: `rate` bytes a second (0: no limit), `round_trip_s`, and `ahead` bytes that are taken unsent."""

    rate: float = 0.0
    round_trip_s: float = 0.0
    ahead: int = 4096


class WatchedTerminal:
    """Runs a program in a pty and types into it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 80,
        rows: int = 24,
        link: Link | None = None,
    ) -> None:
        self.columns, self.rows, self.link = columns, rows, link or Link()
        self.pieces: list[tuple[float, bytes]] = []
        self._received = threading.Condition()
        self._upstream: deque[tuple[float, bytes]] = deque()
        self._question = b""
        self._closed = False
        kept = {k: v for k, v in os.environ.items() if k not in _NOT_THEIRS}
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (rows, columns))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**kept, "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(slave)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def received(self) -> int:
        """Bytes that have arrived so far."""
        with self._received:
            return sum(len(data) for _, data in self.pieces)

    def type(self, keys: bytes) -> float:
        """Press keys; return when."""
        now = time.perf_counter()
        self._upstream.append((now + self.link.round_trip_s / 2, keys))
        return now

    def wait_for(self, text: bytes, first_piece: int = 0, seconds: float = 20.0) -> float | None:
        """Return when `text` (without escapes) arrived in the output from `first_piece` on; None after `seconds`."""
        end = time.perf_counter() + seconds
        seen, index = b"", first_piece
        while True:
            with self._received:
                while index >= len(self.pieces):
                    left = end - time.perf_counter()
                    if left <= 0 or self._closed:
                        return None
                    self._received.wait(left)
                fresh = self.pieces[index:]
            index += len(fresh)
            for at, data in fresh:
                seen += data
                if text in _ESCAPE.sub(b"", seen):
                    return at

    def wait_quiet(self, gap_s: float = 0.3, seconds: float = 15.0) -> None:
        """Wait until no output has arrived for `gap_s`."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            with self._received:
                last = self.pieces[-1][0] if self.pieces else self.started
            if self.pieces and time.perf_counter() - last > gap_s:
                return
            time.sleep(0.02)

    def painted_after(self, text: str) -> tuple[float | None, int]:
        """Return seconds from the start until an emulated screen showed `text`, and the bytes by then."""
        screen = pyte.Screen(self.columns, self.rows)
        stream = pyte.ByteStream(screen)
        total = 0
        for at, data in self.pieces:
            total += len(data)
            stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
            if any(text in line for line in screen.display):
                return at - self.started, total
        return None, total

    def cpu_s(self) -> float:
        """CPU seconds of the program itself so far, all its threads (Linux)."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(one.read_text(encoding="ascii").split()[0]) for one in threads) / 1e9

    def memory(self) -> int:
        """Resident bytes of the program itself (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """End the program and everything it started."""
        self._closed = True
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._thread.join(2)
        os.close(self.master)

    def _watch(self) -> None:
        waiting: deque[bytes] = deque()
        flying: deque[tuple[float, bytes]] = deque()
        queued, free_at = 0, 0.0
        while not self._closed:
            now = time.perf_counter()
            self._type_what_is_due(now)
            while waiting and free_at <= now:
                data = waiting.popleft()
                queued -= len(data)
                free_at = max(free_at, now) + (len(data) / self.link.rate if self.link.rate else 0)
                flying.append((free_at + self.link.round_trip_s / 2, data))
            while flying and flying[0][0] <= now:
                self._arrived(*flying.popleft())
            if queued < self.link.ahead and select.select([self.master], [], [], 0.001)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    data = b""
                if not data:
                    break
                size = 256 if self.link.rate else len(data)
                waiting.extend(data[i : i + size] for i in range(0, len(data), size))
                queued += len(data)
            elif queued >= self.link.ahead:
                time.sleep(0.001)
        with self._received:
            self._closed = True
            self._received.notify_all()

    def _type_what_is_due(self, now: float) -> None:
        while self._upstream and self._upstream[0][0] <= now:
            os.write(self.master, self._upstream.popleft()[1])

    def _arrived(self, at: float, data: bytes) -> None:
        with self._received:
            self.pieces.append((at, data))
            self._received.notify_all()
        text, end = self._question + data, 0
        for match in _QUERY.finditer(text):
            end = match.end()
            self.type(_ANSWER[match.group()[-1:]])
        self._question = text[end:][-8:]
