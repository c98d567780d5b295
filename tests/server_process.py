"""A stand-in server in its own process; faults are requested on standard input."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ServerProcess:
    """A running server."""

    addresses: list[str]
    """What it printed first: its URLs."""
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return self.addresses[0]

    def trouble(self, line: str) -> None:
        """Cause a fault; it's in effect when this returns."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{line}\n"


@contextmanager
def server_process(module: str, *arguments: str) -> Iterator[ServerProcess]:
    """Start `python -m MODULE ARGUMENTS`, and terminate it at the end."""
    command = [sys.executable, "-m", module, *arguments]
    pipe, folder = subprocess.PIPE, Path(__file__).parents[1]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=folder) as process:
        assert process.stdout is not None
        try:
            yield ServerProcess(process.stdout.readline().split(), process)
        finally:
            process.terminate()


async def take_commands(run: Callable[[str], None]) -> None:
    """In the server: run each line of standard input, forever."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(run, line.strip())

    threading.Thread(target=read, daemon=True).start()
    await asyncio.Event().wait()


class Denied(Exception):
    """A response other than the call's normal one."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


class Faults:
    """Faults of a server's next answers, by call."""

    def __init__(self) -> None:
        self._due: dict[str, list[Denied | None]] = defaultdict(list)

    def fail(self, call: str, fault: Denied, times: int = 1) -> None:
        """Answer the next `times` requests of a call with `fault`."""
        self._due[call] += [fault] * times

    def drop(self, call: str, times: int = 1) -> None:
        """Execute the next `times` requests of a call, but close the connection instead of responding."""
        self._due[call] += [None] * times

    def due(self, call: str) -> bool:
        """Raise the next fault, if any; return whether to drop the response."""
        if not self._due[call]:
            return False
        fault = self._due[call].pop(0)
        if fault is not None:
            raise fault
        return True
