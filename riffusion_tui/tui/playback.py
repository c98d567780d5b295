"""Playback for the whole app: one song at a time, the next song, and notifications of the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.play_order import Review, beside, playable, songs_of

if TYPE_CHECKING:
    from textual.timer import Timer

    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.audio_player import AudioPlayer
    from riffusion_tui.tui.players import PlayerFailure
    from riffusion_tui.tui.state.song_lines import Playing

_EVERY_S = 0.2
"""Interval of updates while playing, in seconds; lyrics change more often than once a second."""
_CALM_S = 1.0
"""The same without motion."""


class Playback:
    """Creates the player on first use, and notifies all screens of its position."""

    def __init__(self, app: RiffusionApp) -> None:
        self._app = app
        self._player: AudioPlayer | None = None
        self._timer: Timer | None = None
        self._begun: int | None = None
        """The job whose song was started last."""
        self.continues = False
        """Whether the next song of the list starts when one ends."""
        self.review: Review | None = None

    # -- state

    def of(self, job_id: int) -> Playing | None:
        """Return the play position in a job's song, or None if it isn't playing."""
        player = self._player
        return player.state() if player is not None and player.job_id == job_id else None

    def now(self) -> tuple[int, Playing] | None:
        """Return the playing job's id and the position."""
        playing = self._player.state() if self._player is not None else None
        if self._player is None or playing is None or self._player.job_id is None:
            return None
        return self._player.job_id, playing

    @property
    def job(self) -> Job | None:
        """The job whose song is playing."""
        now = self.now()
        return self._app.model.list.jobs.get(now[0]) if now is not None else None

    @property
    def title(self) -> str:
        """What plays, for the window's title; empty if nothing does."""
        job = self.job
        return f"{self._app.glyphs.play} {job.title or message('song.job', id=job.id)}" if job is not None else ""

    @property
    def volume(self) -> int:
        """Percent."""
        return self._player.volume if self._player is not None else 100

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return self.now() is not None or self.review is not None

    # -- commands

    async def play(self, job: Job, start_s: float = 0.0) -> None:
        """Play a song from `start_s`, or pause or resume it."""
        player = self._opened()
        if player.job_id == job.id:
            player.toggle()
        else:
            await self._begin(job, start_s)

    async def play_from(self, job: Job, position_s: float) -> None:
        """Play a song from a position in seconds."""
        player = self._opened()
        if player.job_id != job.id:
            await self._begin(job, position_s)
        elif not await player.seek(position_s):
            self._app.show_message(message("player.no_seek"), "waits")

    async def _begin(self, job: Job, start_s: float = 0.0) -> None:
        from riffusion_tui.tui.players import find_player

        app = self._app
        command = find_player(app.deps.settings.player.command, app.deps.environ)
        if not command:
            self._none_here(job)
            return
        self._begun = job.id
        await self._opened().play(job.id, job.file, command, start_s, job.duration_s or 0.0)
        if self._timer is None:
            self._timer = app.set_interval(_EVERY_S if app.deps.settings.screen.motion else _CALM_S, self._tick)

    async def seek(self, seconds: float) -> None:
        """Seek by `seconds`."""
        if (now := self.now()) is not None and not await self._opened().seek(now[1].position_s + seconds):
            self._app.show_message(message("player.no_seek"), "waits")

    async def louder(self, percent: int) -> None:
        """Change the volume by a number of percent, for this and the following songs."""
        player = self._opened()
        if await player.set_volume(player.volume + percent) or self.now() is None:
            self._app.show_message(message("player.volume", n=player.volume))
        else:
            self._app.show_message(message("player.no_volume"), "waits")
        self._app.player_moved()

    async def skip(self, step: int) -> None:
        """Play the next or the previous song of the list; in a review, the next new take."""
        if self.review is not None and step > 0:
            await self._next_take()
            return
        now, jobs = self.now(), self._app.model.list
        job = beside(songs_of(jobs), now[0] if now is not None else jobs.selected, step)
        if job is None:
            self._app.show_message(message("player.no_more"))
        else:
            await self._go_on_with(job)

    async def _go_on_with(self, job: Job) -> None:
        self._app.model.list.select(job.id)
        await self._begin(job)

    def stop(self) -> None:
        """Stop playing, including automatic continuation."""
        self.continues = False
        self._end_review()
        if self._player is not None:
            self._player.close()

    # -- continuous playback

    async def toggle_continues(self) -> None:
        """Toggle whether the next song of the list starts when one ends."""
        self.continues = not self.continues
        self._app.show_message(message("player.continues" if self.continues else "player.ends"))
        jobs = self._app.model.list
        if self.continues and self.now() is None:
            current = jobs.current if not jobs.marks else None
            first = current if current is not None and playable(current) else beside(songs_of(jobs), None, 1)
            if first is not None:
                await self._go_on_with(first)

    async def toggle_review(self) -> None:
        """Start or end a review, which plays each new take of the batch to keep or reject it."""
        if self.review is not None:
            self._end_review()
            return
        self.continues = False
        self.review = Review(self._app.model.list, self._app.model.list.current)
        await self._next_take()

    async def judged(self, verdict: str) -> None:
        """Play the next take after a verdict on the current one."""
        if self.review is not None:
            self.review.judged(verdict)
            await self._next_take()

    async def more_songs(self) -> None:
        """Continue a review that was waiting for new songs."""
        if self.review is not None and self.review.current is None:
            await self._next_take()

    async def _next_take(self) -> None:
        review = self.review
        if review is None:
            return
        take = review.next()
        if take is not None:
            await self._go_on_with(take)
        elif review.more_to_come:
            self._stop_sound()
            self._app.show_message(message("review.waits"))
        else:
            self._stop_sound()
            self._end_review()
        self._app.player_moved()

    def _end_review(self) -> None:
        if self.review is not None:
            kept, rejected, self.review = self.review.kept, self.review.rejected, None
            self._app.show_message(message("review.done", kept=kept, rejected=rejected), "done")
            self._app.player_moved()

    def _stop_sound(self) -> None:
        if self._player is not None:
            self._player.close()

    # -- events of the player

    def _ended(self, job_id: int) -> None:
        if self.continues:
            self._app.run_worker(self._after(job_id), group="player")

    async def _after(self, job_id: int) -> None:
        job = beside(songs_of(self._app.model.list), job_id, 1)
        if job is None:
            self.continues = False
            self._app.show_message(message("player.no_more"))
        else:
            await self._go_on_with(job)

    def _tick(self) -> None:
        if self._player is not None:
            self._player.tick()

    def _moved(self) -> None:
        if self._timer is not None and self.now() is None:
            self._timer.stop()
            self._timer = None
        self._app.player_moved()

    async def aclose(self) -> None:
        """Stop, and wait for the player to exit."""
        if self._player is not None:
            await self._player.aclose()

    def _opened(self) -> AudioPlayer:
        if self._player is None:
            from riffusion_tui.tui.audio_player import AudioPlayer

            self._player = AudioPlayer(self._moved, self._failed, self._ended)
        return self._player

    # -- errors

    def _none_here(self, job: Job) -> None:
        from riffusion_tui.tui.players import over_ssh

        why = message("player.over_ssh" if over_ssh(self._app.deps.environ) else "player.none")
        self._app.show_error(f"{why} {self._elsewhere(job.id)}")

    def _failed(self, failure: PlayerFailure) -> None:
        from riffusion_tui.tui.players import over_ssh

        self.continues = False
        sentences = [message("player.failed", program=failure.program, why=failure.why.rstrip("."))]
        if failure.missing:
            sentences.append(message("player.missing"))
        elif over_ssh(self._app.deps.environ):
            sentences.append(message("player.over_ssh"))
        elif failure.no_device:
            sentences.append(message("player.no_device"))
        if self._begun is not None:
            sentences.append(self._elsewhere(self._begun))
        self._app.show_error(" ".join(sentences))

    def _elsewhere(self, job_id: int) -> str:
        """Copy the command that plays a song elsewhere, and return a message."""
        from riffusion_tui.tui.players import line_for_elsewhere

        line = line_for_elsewhere(self._app.deps.environ, self._app.deps.command, job_id)
        return message(f"player.elsewhere.{self._app.terminal.copy(line)}", line=line)
