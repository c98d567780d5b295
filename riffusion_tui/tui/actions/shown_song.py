"""Commands on the song that a screen shows: rate it, save it, and control the player."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui import saving
from riffusion_tui.tui.actions.transport import TransportActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.jobs.model import Job
    from riffusion_tui.tui.undo_app import UndoApp


class ShownSongActions(TransportActions):
    """Keep, reject, save."""

    _owner: UndoApp

    @property
    def job(self) -> Job | None:
        """The job whose song is shown; None if it was deleted."""
        raise NotImplementedError

    def finished_job(self) -> Job | None:
        """Return the job if it has a song; show a message if not."""
        job = self.job
        if job is None or job.status is not Status.DONE or not job.file:
            self._owner.show_message(message("song.not_yet"))
            return None
        return job

    def action_keep(self) -> None:
        """Keep the song; again undoes that."""
        self._judge("keep")

    def action_reject(self) -> None:
        """Reject the song; again undoes that."""
        self._judge("reject")

    def _judge(self, verdict: str) -> None:
        if (job := self.finished_job()) is not None:
            self._owner.undoable.judge({job.id: "" if job.verdict == verdict else verdict})
            self._owner.show_changes()

    @in_worker
    async def action_save_as(self) -> None:
        """Save the song elsewhere, or in another format."""
        if (job := self.finished_job()) is not None:
            await saving.save_as(self._owner, job)
