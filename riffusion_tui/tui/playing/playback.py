"""Playback for the whole app: one song at a time. What plays next: see `play_sequence`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.play_sequence import PlaySequence

if TYPE_CHECKING:
    from textual.timer import Timer

    from riffusion_tui.tui.base_app import BaseApp
    from riffusion_tui.tui.playing.audio_player import AudioPlayer
    from riffusion_tui.tui.playing.players import PlayerFailure
    from riffusion_tui.tui.state.song.song_facts import Playing

_INTERVAL_S = 0.2
"""Interval of updates while playing, in seconds; lyrics change more often than once a second."""
_STILL_INTERVAL_S = 1.0
"""The same without motion."""


class Playback:
    """Creates the player on first use, and notifies all screens of its position."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._player: AudioPlayer | None = None
        self._timer: Timer | None = None
        self._begun: int | None = None
        """The job whose song was started last."""
        self.sequence = PlaySequence(app, self)

    # -- state

    def of(self, job_id: int) -> Playing | None:
        """Return the play position in a job's song, or None if it isn't playing."""
        player = self._player
        return player.state() if player is not None and player.job_id == job_id else None

    def sounds(self, job_id: int) -> bool:
        """Whether a job's song is playing, and isn't paused."""
        playing = self.of(job_id)
        return playing is not None and not playing.paused

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
        return self.now() is not None or self.sequence.review is not None

    # -- commands

    async def play(self, job: Job, start_s: float = 0.0) -> None:
        """Play a song from `start_s`, or pause or resume it."""
        player = self._opened()
        if player.job_id == job.id:
            player.toggle()
        else:
            await self.begin(job, start_s)

    async def play_from(self, job: Job, position_s: float) -> None:
        """Play a song from a position in seconds."""
        player = self._opened()
        if player.job_id != job.id:
            await self.begin(job, position_s)
        elif not await player.seek(position_s):
            self._app.show_message(message("player.no_seek"), "waits")

    async def begin(self, job: Job, start_s: float = 0.0) -> None:
        """Start a song, even if it is playing already."""
        from riffusion_tui.tui.playing.players import find_player, over_ssh

        app = self._app
        command = find_player(app.deps.settings.player.command, app.deps.environ)
        if not command:
            from riffusion_tui.tui.playing.player_errors import no_player

            no_player(app, job.id)
            if not over_ssh(app.deps.environ):  # there, each take's command is copied
                self.sequence.give_up()
            return
        self._begun = job.id
        await self._opened().play(job.id, job.file, command, start_s, job.duration_s or 0.0)
        if self._timer is None:
            self._timer = app.set_interval(
                _INTERVAL_S if app.deps.settings.screen.motion else _STILL_INTERVAL_S, self._tick
            )

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

    def stop(self) -> None:
        """Stop playing, including automatic continuation."""
        self.sequence.stop()
        self.silence()

    def silence(self) -> None:
        """Stop the song; a review may continue."""
        if self._player is not None:
            self._player.close()

    # -- events of the player

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
            from riffusion_tui.tui.playing.audio_player import AudioPlayer

            self._player = AudioPlayer(self._moved, self._failed, self.sequence.ended)
        return self._player

    def _failed(self, failure: PlayerFailure) -> None:
        from riffusion_tui.tui.playing.player_errors import show_failure
        from riffusion_tui.tui.playing.players import over_ssh

        self.sequence.continues = False
        if failure.missing:
            self.sequence.give_up()
        review = self.sequence.review
        if review is not None and failure.no_device and not over_ssh(self._app.deps.environ):
            if review.is_silent:
                return
            review.is_silent = True
        show_failure(self._app, failure, self._begun)
