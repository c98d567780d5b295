"""Textual's `App`, without the command palette that every import of it loads."""

from riffusion_tui.tui.display.palette_left_out import palette_left_out

with palette_left_out():
    from textual.app import App

__all__ = ["App"]
