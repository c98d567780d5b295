"""Plays songs in line mode."""

from __future__ import annotations

from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.line_mode.line_arguments import parsed
from riffusion_tui.cli.printing.output import length, put
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.jobs.status import Status, predicate
from riffusion_tui.tui.playing.audio_player import AudioPlayer
from riffusion_tui.tui.playing.players import PlayerFailure, find_player


class LinePlayer:
    """Plays one song at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._player = AudioPlayer(lambda: None, _report)

    async def play(self, words: list[str]) -> None:
        """Play the song of a job."""
        id = parsed("cat", words, "play").job
        job = self._session.store.job(id)
        if job.status is not Status.DONE:
            raise WrongUse(f"Job {id} {predicate(job.status)}: no song to play yet.")
        context = self._session.context
        player = find_player(context.settings.player.command, context.environ)
        if not player:
            raise WrongUse(f"No audio player found. From another machine: ssh HOST riffusion-tui cat {id} | mpv -")
        await self._player.play(id, job.file, player, length_s=job.duration_s or 0.0)
        if self._player.job_id == id:
            put(f"Playing {job.title or f'job {id}'}, {length(job.duration_s)}; :stop ends it.")

    def stop(self) -> None:
        """Stop the player, and let it end."""
        self._player.close()


def _report(failure: PlayerFailure) -> None:
    put(f"{failure.program} can't play it: {failure.why}.")
