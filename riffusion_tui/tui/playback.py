"""What plays: starts the player when it is first needed, and tells every screen when it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import say

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.audio_player import AudioPlayer
    from riffusion_tui.tui.state.song_lines import Playing


class Playback:
    """One song at a time, for the whole app."""

    def __init__(self, app: RiffusionApp) -> None:
        self._app = app
        self._player: AudioPlayer | None = None

    def of(self, job_id: int) -> Playing | None:
        """Return where the player is in a job's song, or None if it does not play that one."""
        player = self._player
        return player.state() if player is not None and player.job_id == job_id else None

    def now(self) -> tuple[int, Playing] | None:
        """Return the id of the job whose song plays, and where the player is."""
        playing = self._player.state() if self._player is not None else None
        if self._player is None or playing is None or self._player.job_id is None:
            return None
        return self._player.job_id, playing

    async def play(self, job: Job, start_s: float = 0.0) -> None:
        """Play a song from `start_s` on, or pause or resume it; without a player, copy a line to play it elsewhere."""
        from riffusion_tui.tui.audio_player import find_player, there

        app, player = self._app, self._opened()
        if player.job_id == job.id:
            player.toggle()
            return
        command = find_player(app.deps.settings.player.command, app.deps.environ)
        if not command:
            line = there(app.deps.environ, app.deps.command, job.id)
            app.tell(say(f"player.none.{app.terminal.copy(line)}", line=line), "soft")
            return
        await player.play(job.id, job.file, command, start_s, job.duration_s or 0.0)

    def seek(self, seconds: float) -> None:
        """Move by `seconds` in the song that plays."""
        if self._player is not None:
            self._player.seek(seconds)

    def stop(self) -> None:
        """Stop the song that plays."""
        if self._player is not None:
            self._player.close()

    def tick(self) -> None:
        """A second passed."""
        if self._player is not None:
            self._player.tick()

    async def aclose(self) -> None:
        """Stop, and wait for the player to end."""
        if self._player is not None:
            await self._player.aclose()

    def _opened(self) -> AudioPlayer:
        if self._player is None:
            from riffusion_tui.tui.audio_player import AudioPlayer

            self._player = AudioPlayer(self._app.player_moved, self._failed)
        return self._player

    def _failed(self, text: str) -> None:
        self._app.tell(say("player.failed", text=text, key=self._app.keys.shown("job.copy")), "held")
