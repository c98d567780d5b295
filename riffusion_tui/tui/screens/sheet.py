"""A song's lead sheet on the whole screen; it follows the playback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from riffusion_tui.tui import saving
from riffusion_tui.tui.actions.transport import TransportActions
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.screens.framed import FramedScreen
from riffusion_tui.tui.state.song.lyric_lines import words_and_chords
from riffusion_tui.tui.state.song.sheet_lines import sheet_text
from riffusion_tui.tui.state.song.song_lines import title_line
from riffusion_tui.tui.widgets.lines_view import LinesView
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp


class SheetView(LinesView):
    """The scrolling lines."""

    BINDINGS = [*bindings(CommandScope.SHEET)]


class SheetScreen(TransportActions, FramedScreen):
    """The chords and words of a song; of the next one when that plays."""

    SCOPES = (CommandScope.SHEET, CommandScope.SCREENS)

    _owner: DialogApp

    def __init__(self, app: DialogApp, job_id: int) -> None:
        super().__init__(app, SheetView(), id="sheet")
        self.job_id = job_id
        self._played = app.playback.job
        """What played last; another song that starts is shown."""

    def on_mount(self) -> None:
        """Name the screen."""
        self._pane.border_title = Content(message("scope.sheet"))

    @on(ModelChanged)
    def _model_changed(self, event: ModelChanged) -> None:
        gone = self.job_id not in self._owner.model.list.jobs
        if gone or any(job.id == self.job_id for job in event.change.jobs):
            self.show()

    def player_moved(self) -> None:
        """Follow what plays."""
        super().player_moved()
        job, before = self._owner.playback.job, self._played
        self._played = job
        is_other = job is not None and job.id != self.job_id and (before is None or before.id != job.id)
        if job is not None and is_other:
            self.job_id = job.id
        self.show(home=is_other)

    @in_worker
    async def action_play(self) -> None:
        """Play, pause or resume the song."""
        if (job := self._owner.model.list.jobs.get(self.job_id)) is not None:
            await self._owner.playback.play(job)

    def action_copy_sheet(self) -> None:
        """Copy the chords and words."""
        job = self._owner.model.list.jobs.get(self.job_id)
        if text := sheet_text(self._owner.model.song(job) if job is not None else None):
            self._owner.copy_text(text, message("copy.lead_sheet"))

    @in_worker
    async def action_save_as(self) -> None:
        """Save the song elsewhere, or as ChordPro or another format."""
        job = self._owner.model.list.jobs.get(self.job_id)
        if job is not None and job.file:
            await saving.save_as(self._owner, job)

    def show(self, *, home: bool = False) -> None:
        """Draw the sheet; with `home`, from the top."""
        job = self._owner.model.list.jobs.get(self.job_id)
        if job is None:
            self._view.put([], [[(message("detail.gone"), "dim")]])
            return
        playing = self._owner.playback.of(job.id)
        cells = max(1, self._view.content_region.width - 1)
        lines = words_and_chords(self._owner.model.song(job), cells, playing.position_s if playing else None)
        head = [title_line(self._owner.model.shown(job), cells, self._owner.glyphs.ellipsis)]
        self._view.put(head, lines or [[(message("sheet.none"), "dim")]], home=home)
        self._view.follow("focus" if playing is not None else None)
        self._foot.show_playing(playing=self._owner.playback.sounds(job.id))
