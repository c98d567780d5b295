"""Commands on what plays that only the main screen has: play, autoplay, review, and the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from riffusion_tui.tui.actions.main_actions import MainActions
from riffusion_tui.tui.actions.transport import TransportActions
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.play_order import playable
from riffusion_tui.tui.widgets.song_pane import SongPane
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.widgets.score_pane import ScorePane

_ROOM_FOR_SCORE = 160, 44
"""Minimum columns and lines of a window that shows the score by itself."""
_LINES_FOR_SCORE = 22
"""Minimum lines of a window that shows it if the user wants it: with fewer, the list would have no rows."""


class PlayActions(TransportActions, MainActions):
    """Play, autoplay, review, show the score."""

    @in_worker
    async def action_play(self) -> None:
        """Play, pause or resume the selected song. Without a player, copy a command to play it elsewhere."""
        job = self.current()
        if job is not None:
            await self._owner.playback.play(job)

    @in_worker
    async def action_play_on(self) -> None:
        """Toggle autoplay: one song of the list after another."""
        await self._owner.playback.sequence.toggle_continues()

    @in_worker
    async def action_review(self) -> None:
        """Start or end a review, which plays each new take to keep or reject it."""
        await self._owner.playback.sequence.toggle_review()

    @on(SongPane.Sought)
    @in_worker
    async def _sought(self, event: SongPane.Sought) -> None:
        """Play the selected song from where its waveform was clicked."""
        job = self.job_list.jobs.get(event.job_id)
        if job is not None and playable(job):
            await self._owner.playback.play_from(job, event.position_s)

    # -- the score

    _score_wanted: bool | None = None
    """Whether the score is shown; None: if there is room for it."""

    _score: ScorePane | None = None

    def action_toggle_score(self) -> None:
        """Show or hide the score."""
        shown = self._score is not None and self._score.display
        self._score_wanted = not shown
        self.show_score()
        if not shown and (self._score is None or not self._score.display):
            job = self._owner.playback.job or self.job_list.current
            made = job is not None and playable(job)
            if made and not self._fits_score:
                lines = {"needed": _LINES_FOR_SCORE, "lines": self._owner.size.height}
                self.show_message(message("score.no_room", **lines), "waits")
                return
            self.show_message(message("score.none" if made else "song.not_yet"))

    @property
    def _fits_score(self) -> bool:
        return self._owner.size.height >= _LINES_FOR_SCORE

    def show_score(self) -> None:
        """Show the score of the song that plays or is selected; it is loaded when it is first shown."""
        size = self._owner.size
        roomy = size.width >= _ROOM_FOR_SCORE[0] and size.height >= _ROOM_FOR_SCORE[1]
        wanted = (self._score_wanted if self._score_wanted is not None else roomy) and self._fits_score
        job = self._owner.playback.job or self.job_list.current
        song = self._owner.model.song(job) if wanted and job is not None and playable(job) else None
        has = song is not None and bool(song.plan.get("roll") or song.plan.get("chart"))
        if self._score is None and has:
            from riffusion_tui.tui.widgets.score_pane import ScorePane

            self._score = ScorePane(self._owner.model, self._owner.playback, self._owner.glyphs)
            self.mount(self._score, before=self.playing_line)
        if self._score is not None:
            self.set_class(has, "-scored")  # a low window has to leave rows for the jobs
            if self._score.display is not has:
                self._score.display = has
            if has:
                self._score.show()
