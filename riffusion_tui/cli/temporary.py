"""The system's folder for temporary files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from riffusion_tui.cli.errors import CommandError


def temporary_folder() -> Path:
    """Return it. Raises `CommandError` if none can be written, for example because the disk is full."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        raise CommandError(
            "There is no writable folder for temporary files. Free some disk space, or set TMPDIR to another folder."
        ) from None
