"""How many files this process may open at once: songs need pipes to renderers, sockets and two databases."""

from __future__ import annotations

import resource
from contextlib import suppress

from riffusion_tui.cli.errors import CommandError

_NEEDED = 64
_WANTED = 1024
"""Enough for the renderers of a large machine."""


def raise_file_limit() -> None:
    """Raise the limit if this user may. Raises `CommandError` if it stays too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _WANTED:
        return
    allowed = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    if soft < _NEEDED:
        raise CommandError(
            f"A program may open only {soft} files at once here; riffusion-tui needs {_NEEDED}."
            f" Raise the limit (`ulimit -n {_WANTED}`), then try again."
        )
