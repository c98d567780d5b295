"""Save a finished song elsewhere: copied, or downloaded if its file is gone or in another format.

Never overwrites a file.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.fetching.audio_check import EXTENSIONS, STEMS, InvalidAudio, check
from riffusion_tui.dispatch.fetching.placement import make_folder, place
from riffusion_tui.dispatch.requests.job_builder import check_own
from riffusion_tui.draft_folder import open_draft_folder
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status, predicate
from riffusion_tui.services.base import NotFound, Service

_ALSO = {
    "wav": ("wave",),
    "ogg": ("oga", "opus"),
    "m4a": ("mp4", "aac"),
    "mid": ("midi",),
    "cho": ("chordpro", "chopro", "pro", "crd"),
}
"""Other extensions of the same kind of file."""


async def save_as(service: Service, job: Job, to: Path, format: str | None) -> Path:
    """Save a finished song as `to` (or in it, if it is a folder) and return the path.

    Raises:
        NotPossible: the song is not finished or belongs to another service, or the file exists or can't be written.
        ServiceError: it can't be downloaded in that format.
    """
    if job.status != Status.DONE:
        raise NotPossible(f"Job {job.id} {predicate(job.status)}, so it has no song to save.")
    had = Path(job.file)
    same = format is None or had.suffix == f".{format}"
    copied = same and await asyncio.to_thread(had.is_file)
    if not copied:
        check_own(job, service.name)
    try:
        return await _saved(service, job, to, format, copied=copied)
    except OSError as error:
        where = had if error.filename == str(had) else to
        raise NotPossible(f"Can't save it: {error.strerror or error}: {where}") from error


async def _saved(service: Service, job: Job, to: Path, format: str | None, *, copied: bool) -> Path:
    had, is_folder = Path(job.file), await asyncio.to_thread(to.is_dir)
    parent = to if is_folder else to.parent
    make_folder(parent)
    drafts = await asyncio.to_thread(open_draft_folder, parent)
    part = drafts.path / f"{job.service}-{job.id}.part"
    try:
        if copied:
            await asyncio.to_thread(_copy, had, part)
        else:
            await _fetch(service, job, part, format)
        checked = await asyncio.to_thread(check, part, stems=format == STEMS or had.suffix == ".zip")
        extension = had.suffix.removeprefix(".") if copied else checked.extension
        target = to / _name(had, format, extension) if is_folder else _with_extension(to, extension)
        if not await asyncio.to_thread(place, part, target, checked):
            raise NotPossible(f"{target} already exists; choose another name.")
    except InvalidAudio as error:
        raise NotPossible(f"{had if copied else to}: {error}") from error
    finally:
        drafts.remove()
    return target


def _name(had: Path, format: str | None, extension: str) -> str:
    return f"{had.stem}{' stems' if format == STEMS else ''}.{extension}"


def _with_extension(target: Path, extension: str) -> Path:
    """Return the target, with `extension` if its name has none that fits.

    Raises:
        NotPossible: it has that of another kind of file, which would mislead other programs.
    """
    named = target.suffix.lower().removeprefix(".")
    if named in EXTENSIONS and named != extension:
        raise NotPossible(f"The file would be .{extension}, not .{named}: change its name, or choose another format.")
    fits = named in (extension, *_ALSO.get(extension, ()))
    return target if fits else target.with_name(f"{target.name}.{extension}")


def _copy(source: Path, part: Path) -> None:
    with source.open("rb") as old, part.open("xb") as new:
        shutil.copyfileobj(old, new)


async def _fetch(service: Service, job: Job, part: Path, format: str | None) -> None:
    song = await service.song(job.account, job.remote_id or "")
    if song is None:
        raise NotFound("The service no longer has the song.")
    await service.download(song, part, lambda done, total: None, format)
