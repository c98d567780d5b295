"""Saves a song elsewhere or in another format, from any screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.config.paths import expanded
from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp

_ENDINGS = {
    "mp3": ".mp3",
    "wav": ".wav",
    "flac": ".flac",
    "ogg": ".ogg",
    "m4a": ".m4a",
    "stems": ".zip",
    "midi": ".mid",
    "lrc": ".lrc",
    "chordpro": ".cho",
}
"""Format → file extension."""


async def save_as(owner: RiffusionApp, job: Job) -> None:
    """Choose a format and a file, and save the song there; a path that can't be used can be corrected."""
    from riffusion_tui.config.errors import FolderError
    from riffusion_tui.dispatch.errors import NotPossible

    known = [name for name in dict.fromkeys(owner.deps.capabilities.formats) if name in _ENDINGS]
    choices = [Choice("", message("save.as_is")), *(Choice(name, message(f"save.{name}")) for name in known)]
    chosen = await owner.pick(message("pick.save"), choices)
    if chosen is None:
        return
    question, path = message("save.where"), str(_suggestion(Path(job.file), chosen))
    while (path := await owner.ask(message("save.title"), question, value=path, keep=True) or "").strip():
        try:
            await _save(owner, job, _place(path), chosen or None)
        except (FolderError, NotPossible) as error:
            question = str(error)
            owner.main.status.take_back(message("save.saving"))
        else:
            return


async def save_midi(owner: RiffusionApp, job: Job) -> None:
    """Save the MIDI file next to the song."""
    if "midi" in owner.deps.capabilities.formats:
        await _save(owner, job, _free(Path(job.file).with_suffix(".mid")), "midi")
    else:
        owner.show_message(message("save.no_midi"), "waits")


async def _save(owner: RiffusionApp, job: Job, to: Path, format: str | None) -> None:
    owner.show_message(message("save.saving"))
    path = await owner.deps.job_commands.save_as(job.id, to, format)
    owner.show_message(message("save.done", file=str(path)), "done")


def _suggestion(file: Path, format: str) -> Path:
    if format == "stems":
        return _free(file.with_name(f"{file.stem} stems.zip"))
    return _free(file.with_suffix(_ENDINGS.get(format, file.suffix)))


def _place(text: str) -> Path:
    """Parse a path entered by the user; expands `~`. A slash at its end makes a new folder.

    Raises:
        FolderError: it begins with the name of an unknown user.
        NotPossible: the folder can't be created.
    """
    place = expanded(text.strip())
    if text.strip().endswith("/"):
        from riffusion_tui.dispatch.errors import NotPossible

        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotPossible(f"Can't save it: {error.strerror or error}: {place}") from None
    return place


def _free(path: Path) -> Path:
    """Return `path`, or if it exists, the first free name of the form `name 2`, `name 3`."""
    number, fresh = 1, path
    while fresh.exists():
        number += 1
        fresh = path.with_name(f"{path.stem} {number}{path.suffix}")
    return fresh
