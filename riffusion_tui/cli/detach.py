"""A dispatcher without a terminal: started in a session of its own, found and stopped by its process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.session import at_work
from riffusion_tui.config.atomic_file import write_private


def pid_file(context: CommandContext, service: str) -> Path:
    """Return where the process that was detached for `service` notes its id."""
    return context.paths.data / f"work-{service}.pid"


def detach(context: CommandContext, arguments: Sequence[str] = ()) -> int:
    """Start `riffusion-tui work` for the service in a session of its own; return its process id."""
    service = context.settings.service.name
    process = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-m", "riffusion_tui", "work", "--service", service, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(context.environ),
    )
    write_private(pid_file(context, service), f"{process.pid}\n")
    _settle(process, context)
    process.returncode = 0  # it lives on: not reaped here, and not warned about
    return process.pid


def _settle(process: subprocess.Popen[bytes], context: CommandContext) -> None:
    """Wait until it is at work, so that who asks next hears of it; or until it ended, or takes unusually long."""
    service, end = context.settings.service.name, time.monotonic() + _SETTLES_S
    while process.poll() is None and service not in at_work(context) and time.monotonic() < end:
        time.sleep(_LOOKS_EVERY_S)


_SETTLES_S = 10.0
_LOOKS_EVERY_S = 0.02


def detached(context: CommandContext, service: str) -> int | None:
    """Return the id of the detached process that is at work for `service`, or None."""
    try:
        pid = int(pid_file(context, service).read_text("ascii"))
    except (OSError, ValueError):
        return None
    # The number may be another program's by now: only who holds the service's lock is ours.
    return pid if at_work(context).get(service) == pid else None


def stop(context: CommandContext) -> int | None:
    """Ask the process that is detached for the service to end; return its id, or None where there is none."""
    pid = detached(context, context.settings.service.name)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    return pid
