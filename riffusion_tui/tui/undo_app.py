"""The app with its commands on jobs that can be undone, which screens run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.tui.dialogs import DialogApp

if TYPE_CHECKING:
    from riffusion_tui.tui.bulk_commands import BulkCommands
    from riffusion_tui.tui.undo_steps import UndoSteps
    from riffusion_tui.tui.undoable_commands import UndoableCommands


class UndoApp(DialogApp):
    """An app that can undo commands on jobs."""

    bulk: BulkCommands
    undo_steps: UndoSteps
    undoable: UndoableCommands
