"""Messages for songs that can't be played here, with a command that plays them elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.players import PlayerFailure, line_for_elsewhere, over_ssh

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp


def no_player(app: BaseApp, job_id: int) -> None:
    """Report that no player is installed; over SSH, how to play the song is all there is to say."""
    remote = over_ssh(app.deps.environ)
    why, title = message("player.over_ssh" if remote else "player.none"), message("player.title") if remote else ""
    app.show_error(f"{why}\n{_elsewhere(app, job_id)}", title)


def show_failure(app: BaseApp, failure: PlayerFailure, job_id: int | None) -> None:
    """Report a player's error; `job_id` is the song it was started with."""
    failed = message("player.failed", program=failure.program, why=failure.why.rstrip("."))
    job = app.model.list.jobs.get(job_id) if job_id is not None else None
    elsewhere = _elsewhere(app, job_id) if job_id is not None else ""
    if failure.missing:
        sentences = [failed, message("player.missing"), elsewhere]
    elif over_ssh(app.deps.environ):
        sentences = [message("player.over_ssh"), failed, elsewhere]
    elif failure.no_device:
        sentences = [message("player.no_device"), failed, elsewhere]
    elif job is not None and not Path(job.file).exists():
        sentences = [message("player.gone", file=job.file, key=app.keys.shown_or_palette("job.save"))]
    else:
        sentences = [failed, elsewhere]
    app.show_error("\n".join(filter(None, sentences)))


def _elsewhere(app: BaseApp, job_id: int) -> str:
    """Copy the command that plays a song elsewhere, and return a message."""
    line = line_for_elsewhere(app.deps.environ, app.deps.command, job_id)
    return message(f"player.elsewhere.{app.terminal.copy(line)}", line=line)
