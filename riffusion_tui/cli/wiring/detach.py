"""Manage a background dispatcher: started in its own session, found and stopped by its process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

from riffusion_tui.child_environment import child_environment
from riffusion_tui.clean import clean_text
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.temporary import temporary_folder
from riffusion_tui.cli.wiring.session import dispatching_processes
from riffusion_tui.config.atomic_file import write_private
from riffusion_tui.file_lock import is_stopped
from riffusion_tui.regular_file import read_regular


def _pid_file(context: CommandContext, service: str) -> Path:
    """Return the pid file of the background process for `service`."""
    return context.paths.data / f"work-{service}.pid"


class Child(NamedTuple):
    """State of a background process."""

    pid: int
    working: bool
    """Whether it holds the service's lock."""
    code: int | None = None
    """Exit code, if it has exited."""
    words: str = ""
    """Its standard error, if it has exited."""


def detach(context: CommandContext, arguments: Sequence[str] = ()) -> Child:
    """Start `riffusion-tui work` for the service in its own session; return its state."""
    service = context.settings.service.name
    with tempfile.TemporaryFile(dir=temporary_folder()) as stderr:
        return _started(context, service, arguments, stderr)


def _started(context: CommandContext, service: str, arguments: Sequence[str], stderr: IO[bytes]) -> Child:
    process = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-m", "riffusion_tui", "work", "--service", service, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        start_new_session=True,
        env=child_environment(context.environ, is_this_program=True),
    )
    write_private(_pid_file(context, service), f"{process.pid}\n", follow=False)
    working = _settle(process, context)
    code = process.poll()
    if code is not None:
        stderr.seek(0)
        return Child(
            process.pid, working, code, clean_text(stderr.read(_MAX_MESSAGE).decode("utf-8", "replace")).strip()
        )
    process.returncode = 0  # it keeps running; avoids a ResourceWarning
    return Child(process.pid, working)


def _settle(process: subprocess.Popen[bytes], context: CommandContext) -> bool:
    """Wait until it holds the lock, so that the next status check sees it; or until it exits or times out.

    A stopped process that holds the lock is displaced meanwhile.
    """
    service, end = context.settings.service.name, time.monotonic() + _START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < end:
        pid = dispatching_processes(context).get(service)
        if pid is not None and not is_stopped(pid):
            return pid == process.pid
        time.sleep(_POLL_S)
    return False


_START_TIMEOUT_S = 15.0
_POLL_S = 0.02
_MAX_MESSAGE = 4096


def detached(context: CommandContext, service: str) -> int | None:
    """Return the id of the background process for `service`, or None."""
    try:
        pid = int(read_regular(_pid_file(context, service), _MAX_MESSAGE))
    except (OSError, ValueError):
        return None
    # The id may have been reused: the process is ours only if it holds the service's lock.
    return pid if dispatching_processes(context).get(service) == pid else None


def stop(context: CommandContext) -> int | None:
    """Signal the service's background process to stop; return its id, or None if there is none."""
    pid = detached(context, context.settings.service.name)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)  # if it is stopped
    return pid
