"""Saves songs elsewhere or in another format, from any screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.config.paths import expanded
from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.choice import Choice

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp

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


async def save_as(owner: DialogApp, job: Job) -> None:
    """Choose a format and a file, and save the song there; a path that can't be used can be corrected."""
    from riffusion_tui.config.errors import FolderError
    from riffusion_tui.dispatch.errors import NotPossible

    chosen = await _format(owner, message("pick.save"))
    if chosen is None:
        return
    question, path = message("save.where"), str(_suggestion(Path(job.file), chosen))
    while (path := await owner.ask(message("save.title"), question, value=path, keep=True) or "").strip():
        try:
            await _save(owner, job, _place(path), chosen or None)
        except (FolderError, NotPossible) as error:
            question = str(error)
            owner.take_back_message(message("save.saving"))
        else:
            return


async def save_all_as(owner: DialogApp, jobs: Sequence[Job]) -> None:
    """Choose a format and a folder, and save these songs there; a folder that can't be used can be corrected."""
    from riffusion_tui.config.errors import FolderError
    from riffusion_tui.dispatch.errors import NotPossible

    chosen = await _format(owner, message("pick.save_all", n=len(jobs)))
    if chosen is None:
        return
    question, path = message("save.folder"), f"{Path(jobs[0].file).parent}/"
    while (path := await owner.ask(message("save.title"), question, value=path, keep=True) or "").strip():
        try:
            folder = _place(f"{path.strip().rstrip('/')}/")
        except (FolderError, NotPossible) as error:
            question = str(error)
        else:
            await _save_each(owner, jobs, chosen, folder)
            return


async def save_midi(owner: DialogApp, jobs: Sequence[Job]) -> None:
    """Save the MIDI file of each song next to it."""
    if "midi" not in owner.deps.capabilities.formats:
        owner.show_message(message("save.no_midi"), "waits")
    elif len(jobs) == 1:
        await _save(owner, jobs[0], _suggestion(Path(jobs[0].file), "midi"), "midi")
    else:
        await _save_each(owner, jobs, "midi", None)


async def _format(owner: DialogApp, title: str) -> str | None:
    """Choose a format; an empty one is the song's own."""
    known = [name for name in dict.fromkeys(owner.deps.capabilities.formats) if name in _ENDINGS]
    choices = [Choice("", message("save.as_is")), *(Choice(name, message(f"save.{name}")) for name in known)]
    return await owner.pick(title, choices)


async def _save_each(owner: DialogApp, jobs: Sequence[Job], format: str, folder: Path | None) -> None:
    """Save songs in a folder, or each next to its file; one that can't be saved doesn't stop the others."""
    from riffusion_tui.dispatch.errors import NotPossible
    from riffusion_tui.services.base import ServiceError

    saved, left = 0, list[tuple[int, Exception]]()
    for number, job in enumerate(jobs, 1):
        owner.show_message(message("save.saving_all", n=number, of=len(jobs)))
        beside = Path(job.file)
        to = _suggestion(beside if folder is None else folder / beside.name, format)
        try:
            await owner.deps.job_commands.save_as(job.id, to, format or None)
        except (NotPossible, ServiceError) as error:
            left.append((job.id, error))
        else:
            saved += 1
    where = folder if folder is not None else Path(jobs[0].file).parent
    done = message("save.done_all", n=saved, folder=where) if saved else ""
    if left:
        id, why = left[0]
        owner.show_error(f"{done} {message('save.left', n=len(left), id=id, why=why)}".strip())
    else:
        owner.show_message(done, "done")


async def _save(owner: DialogApp, job: Job, to: Path, format: str | None) -> None:
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
