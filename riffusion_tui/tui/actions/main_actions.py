"""Base class of the main screen's command groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import AppScreen

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.job_commands import JobCommands
    from riffusion_tui.tui.actions.any_screen import AnyScreenActions
    from riffusion_tui.tui.bulk_commands import BulkCommands
    from riffusion_tui.tui.dependencies import Dependencies
    from riffusion_tui.tui.state.job_list.job_selection import JobList
    from riffusion_tui.tui.state.prompt.draft import Draft
    from riffusion_tui.tui.undo_steps import UndoSteps
    from riffusion_tui.tui.undoable_commands import UndoableCommands
    from riffusion_tui.tui.widgets.jobs_pane import JobsPane
    from riffusion_tui.tui.widgets.prompt_pane import PromptPane


class MainActions(AppScreen[None]):
    """Shortcuts to the panes and their state."""

    _owner: AnyScreenActions
    prompt: PromptPane
    jobs: JobsPane

    @property
    def deps(self) -> Dependencies:
        """The dependencies, which outlive the screen."""
        return self._owner.deps

    @property
    def job_commands(self) -> JobCommands:
        """Commands on jobs."""
        return self._owner.deps.job_commands

    @property
    def bulk(self) -> BulkCommands:
        """Runs commands on many jobs."""
        return self._owner.bulk

    @property
    def undo_steps(self) -> UndoSteps:
        """Records how commands on jobs are undone."""
        return self._owner.undo_steps

    @property
    def undoable(self) -> UndoableCommands:
        """Commands on jobs that can be undone."""
        return self._owner.undoable

    @property
    def draft(self) -> Draft:
        """Options of the next prompt, and the history."""
        return self._owner.draft

    @property
    def job_list(self) -> JobList:
        """Rows, marks and the selected job."""
        return self._owner.model.list

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message."""
        self._owner.show_message(text, shade)

    def targets(self) -> tuple[int, ...]:
        """Return the marked jobs, or the selected one; show a message if there are none."""
        ids = self.job_list.chosen()
        if not ids:
            self._say_none()
        return ids

    def _say_none(self) -> None:
        """Say that no job is selected, or on a first start how to get one."""
        none = "jobs.none" if self.job_list.jobs else "jobs.none_yet"
        self.show_message(message(none, key=self.hint("make")))

    def current(self, *, finished: bool = True) -> Job | None:
        """Return the selected job if the command applies to it, otherwise show why not."""
        job = self.job_list.current
        if job is None:
            self._say_none()
            return None
        if finished and (job.status is not Status.DONE or not job.file):
            self.show_message(message("song.not_yet"))
            return None
        return job
