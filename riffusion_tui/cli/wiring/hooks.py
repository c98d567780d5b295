"""Run the user's `notify.command` when a job ends.

It receives the job's JSON line (as printed by `--json`) on standard input. Only the process that dispatches the job's
service runs it, so that it runs once per job. The token is not in its environment.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import IO

from riffusion_tui.child_environment import child_environment
from riffusion_tui.cli.printing.job_details import limits_of
from riffusion_tui.cli.printing.output import json_line
from riffusion_tui.config.secrets import VARIABLE
from riffusion_tui.dispatch.dispatcher import Dispatcher
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED
from riffusion_tui.store import Store

_POLL_S = 0.5
_TIMEOUT_S = 60.0
"""Seconds to wait for the command before ignoring it."""
_AT_ONCE = 8
"""Commands that run at once; one more waits for one of them."""
_ENDED_S = 0.05
"""Seconds between looks whether a command has ended."""
_LEAVING_S = 1.0
"""Seconds to wait for the commands at the end; those that take longer go on without this program."""
_log = logging.getLogger("riffusion_tui.hooks")


@asynccontextmanager
async def hooks(
    command: str, store: Store, service: str, dispatcher: Dispatcher, environ: Mapping[str, str]
) -> AsyncIterator[None]:
    """Run `command` for each job of `service` that ends inside the block while this process dispatches; empty: none."""
    try:
        words = shlex.split(command)
    except ValueError:
        _log.error("notify.command is invalid: unmatched quotation mark")
        words = []
    if not words:
        yield
        return
    watching = _Hooks(words, store, service, dispatcher, {name: environ[name] for name in environ if name != VARIABLE})
    running = asyncio.create_task(watching.run(), name="hooks")
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await watching.finish()


class _Hooks:
    def __init__(
        self, words: list[str], store: Store, service: str, dispatcher: Dispatcher, environ: Mapping[str, str]
    ) -> None:
        self._words = words
        self._store = store
        self._service = service
        self._dispatcher = dispatcher
        self._environ = environ
        self._rev = store.rev
        self._reported = {job.id for job in store.jobs() if job.status in ENDED}
        self._one_at_a_time = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(_POLL_S)
            await asyncio.shield(self.look())

    async def look(self) -> None:
        """Start the command for every job that has ended since the last call."""
        async with self._one_at_a_time:
            if self._store.rev == self._rev:
                return
            changes = self._store.changed_since(self._rev)
            self._rev = changes.rev
            self._reported -= {job.id for job in changes.jobs if job.status not in ENDED}
            for job in changes.jobs:
                if job.status in ENDED and job.id not in self._reported:
                    self._reported.add(job.id)
                    if self._dispatcher.leading and job.service == self._service:
                        await self._start(job)

    async def finish(self) -> None:
        """Start what is left, and give the commands a moment to end."""
        await self.look()
        if self._running:
            await asyncio.wait(self._running, timeout=_LEAVING_S)
        for task in self._running:
            task.cancel()

    async def _start(self, job: Job) -> None:
        if len(self._running) >= _AT_ONCE:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._notify(job), name=f"notify.command for job {job.id}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _notify(self, job: Job) -> None:
        try:
            process = subprocess.Popen(  # noqa: ASYNC220, S603 (the user's own; asyncio would kill it at this program's end)
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=child_environment(self._environ),
            )
        except OSError as error:
            _log.error("can't run notify.command: %s", error.strerror)
            return
        try:
            await _write(process.stdin, f"{json_line(job, limits=limits_of(job, self._store))}\n".encode())
            async with asyncio.timeout(_TIMEOUT_S):
                while process.poll() is None:  # noqa: ASYNC110 (nothing tells when it ends)
                    await asyncio.sleep(_ENDED_S)
        except TimeoutError:
            _log.warning("notify.command has not ended after %d seconds", _TIMEOUT_S)
        finally:
            code, process.returncode = process.returncode, process.returncode or 0  # it may go on: no ResourceWarning
        if code:
            _log.warning("notify.command ended with %d for job %d", code, job.id)


async def _write(pipe: IO[bytes] | None, data: bytes) -> None:
    """Send data to a pipe and close it, without waiting for its reader."""
    transport, _ = await asyncio.get_running_loop().connect_write_pipe(asyncio.BaseProtocol, pipe)
    transport.write(data)
    transport.close()
