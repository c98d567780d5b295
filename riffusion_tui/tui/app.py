"""The app."""

from __future__ import annotations

from riffusion_tui.tui.core import Core


async def run_screen(core: Core) -> int:
    """Show the screen until it is left; return the exit code: 0, 1 after a crash, 128 + signal after a signal."""
    raise NotImplementedError
