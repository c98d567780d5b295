"""A dispatcher without a terminal: started in a session of its own, found and stopped by its process id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from riffusion_tui.cli.context import Context
from riffusion_tui.cli.session import lock_file
from riffusion_tui.config.atomic import write_private
from riffusion_tui.dispatch.lock import holder


def pid_file(context: Context) -> Path:
    """Return where a detached process notes its id."""
    return context.paths.data / "work.pid"


def detach(context: Context, arguments: Sequence[str] = ()) -> int:
    """Start `riffusion-tui work` in a session of its own; return its process id."""
    process = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-m", "riffusion_tui", "work", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=dict(context.environ),
    )
    write_private(pid_file(context), f"{process.pid}\n")
    process.returncode = 0  # it lives on: not reaped here, and not warned about
    return process.pid


def detached(context: Context) -> int | None:
    """Return the id of the detached process that is at work, or None."""
    try:
        pid = int(pid_file(context).read_text("ascii"))
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    # The number may be another program's by now: only who holds the folder's lock is ours.
    return pid if holder(lock_file(context)) == pid else None


def stop(context: Context) -> int | None:
    """Ask the detached process to end; return its id, or None where there is none."""
    pid = detached(context)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    return pid
