"""Records delays of a program's event loop: `python -m tests.benchmarks.line.probe FILE PROGRAM`.

A timer fires every 5 ms inside the loop; its delay is the time for which the loop, and with it dispatcher, HTTP and
countdown, was blocked. Part of that isn't the program's doing: Linux reports how long each thread waited for a core
while the machine ran others. Each line of FILE is a time (`time.perf_counter`), a delay, and the delay without that
wait, in seconds.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
import time
from pathlib import Path
from typing import Any

EVERY_S = 0.005
WORTH_S = 0.002


def worst(file: Path, since: float, until: float) -> tuple[float, float]:
    """Return the greatest recorded delay between two times: in total, and without waits for a core."""
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    inside = [(float(late), float(own)) for at, late, own in lines if since <= float(at) <= until]
    return max((late for late, _ in inside), default=0.0), max((own for _, own in inside), default=0.0)


class _Queues:
    """How long this process's threads have waited for a core."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._looked = 0.0

    def waited(self) -> float:
        """Return the seconds of all threads together, so far."""
        if time.monotonic() - self._looked > 1:
            self._looked = time.monotonic()
            for thread in (one.name for one in Path("/proc/self/task").iterdir()):
                if thread not in self._files:
                    self._files[thread] = os.open(f"/proc/self/task/{thread}/schedstat", os.O_RDONLY)
        total = 0
        for thread, file in list(self._files.items()):
            try:
                total += int(os.pread(file, 100, 0).split()[1])
            except OSError:  # the thread has ended
                os.close(self._files.pop(thread))
        return total / 1e9


def _watch(file: Path) -> None:
    """Watch every event loop started from now on."""
    log = file.open("w", encoding="ascii", buffering=1)
    run_forever = asyncio.BaseEventLoop.run_forever
    queues = _Queues()

    def watched(loop: asyncio.BaseEventLoop) -> Any:
        def ring(due: float, waited: float) -> None:
            now, waited_by_now = loop.time(), queues.waited()
            if now - due > WORTH_S:
                own = max(0.0, now - due - max(0.0, waited_by_now - waited))
                log.write(f"{time.perf_counter()} {now - due} {own}\n")
            loop.call_at(now + EVERY_S, ring, now + EVERY_S, waited_by_now)

        ring(loop.time(), queues.waited())
        return run_forever(loop)

    asyncio.BaseEventLoop.run_forever = watched  # type: ignore[assignment]  # typeshed's takes the loop's own class


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
    program = sys.argv[2]
    sys.argv = sys.argv[2:]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
