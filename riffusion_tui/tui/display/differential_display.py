"""The App that draws through the differential output."""

from __future__ import annotations

import os
from typing import Any, TypeVar

from rich.console import Console

from riffusion_tui.tui.display.differential_output import DifferentialOutput
from riffusion_tui.tui.display.emoji_cuts import cut_whole_emoji
from riffusion_tui.tui.textual_private import QuietApp

ReturnType = TypeVar("ReturnType")


class DifferentialDisplay(QuietApp[ReturnType]):
    """Sends only the cells that differ to a `TerminalDriver`; with `differential=False`, what Textual sends."""

    def __init__(self, *args: Any, differential: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        cut_whole_emoji()
        colors_256 = differential and self.console.color_system == "256"
        if colors_256:  # Rich's choice of 256 is poor: let it send all colors, and choose in the output
            self.console = Console(
                color_system="truecolor",
                file=self.console.file,
                force_terminal=True,
                legacy_windows=False,
                safe_box=False,
                highlight=False,
                emoji=False,
            )
        self.output = DifferentialOutput(os.environ, colors_256=colors_256, differential=differential)

    def action_redraw(self) -> None:
        """Repaint everything, since another program may have written to the terminal."""
        self.output.redraw()
        self.refresh()
