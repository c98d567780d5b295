"""Fetch finished songs: download to a partial file, check it, move it into place, then mark the job *done*.

A failed download is retried; the song is never made again.
"""

from __future__ import annotations

import asyncio
import errno
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.fetching import file_names
from riffusion_tui.dispatch.fetching.audio_check import STEMS, CheckedAudio, InvalidAudio, check
from riffusion_tui.dispatch.fetching.decoding import decoder
from riffusion_tui.dispatch.fetching.lyrics_file import lrc_text, write_lyrics
from riffusion_tui.dispatch.fetching.placement import discard, free, place, ready
from riffusion_tui.dispatch.fetching.stale_parts import old_parts, resumes
from riffusion_tui.dispatch.job_boundary import JobDefect, isolate_defects
from riffusion_tui.dispatch.keyed_tasks import KeyedTasks
from riffusion_tui.dispatch.polling.poller import Poller
from riffusion_tui.file_lock import Displaced
from riffusion_tui.jobs.edit_words import edit_words
from riffusion_tui.jobs.model import FailureKind, Job, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import (
    AccountBroken,
    AddressGone,
    AddressUnreachable,
    BadRequest,
    Expired,
    Forbidden,
    NotFound,
    NotSent,
    RateLimited,
    RemoteSong,
    Service,
    ServiceError,
    Unauthorized,
    Unreadable,
)

_FETCHERS = 3
"""Maximum concurrent downloads."""
_ATTEMPTS = 8
"""Maximum download attempts before the job fails; about half an hour."""
_GONE_ATTEMPTS = 5
"""Maximum attempts if the URL is gone even after refreshing the record; about a minute."""
INVALID_AUDIO_ATTEMPTS = 3
"""Maximum attempts if the download is complete but not a valid song."""
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_DISK_S = 30.0
"""How often to retry a folder that can't be written."""
_FAILURES: tuple[tuple[type[ServiceError], FailureKind], ...] = (
    (NotFound, FailureKind.NOT_FOUND),
    (Expired, FailureKind.EXPIRED),
    (Forbidden, FailureKind.FORBIDDEN),
    (BadRequest, FailureKind.DOWNLOAD),
)
_GONE = frozenset({FailureKind.NOT_FOUND, FailureKind.EXPIRED})
"""The service no longer has the file."""
_STALE = (AddressGone, NotFound, Expired, Forbidden, BadRequest, Unreadable)
"""Errors after which the record is fetched again: URLs expire, and files can appear late."""


@dataclass(slots=True)
class _Attempts:
    """Failed downloads of one song."""

    made: int = 0
    invalid: int = 0
    limited: int = 0
    """Answered with a 429; they don't count in `made`."""
    next_at: float = 0.0
    """Time of the next attempt, by the monotonic clock."""


class Fetcher:
    """Downloads finished songs, a few at a time."""

    def __init__(self, context: DispatchContext, service: Service, poller: Poller) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._poller = poller
        self._wake_up = context.new_wake_up()
        self._downloads = KeyedTasks[int](self._wake_up.wake)
        self._attempts: dict[int, _Attempts] = {}

    async def run(self) -> None:
        """Download finished songs, forever."""
        await self._remove_stale_parts()
        try:
            while True:
                self._downloads.raise_errors()
                due = self._start_due()
                await self._wake_up.wait(due)
        finally:
            if self._downloads:
                decoder.interrupt()  # a thread can't be cancelled, and would delay the exit
            await self._downloads.cancel()

    async def _remove_stale_parts(self) -> None:
        """Remove the partial files of jobs that ended otherwise, as after a kill."""
        context = self._context
        for part, id in (
            await asyncio.to_thread(old_parts, context.folder, context.service, context.clock.now())
        ).items():
            if not resumes(context.store, id):
                with suppress(OSError):
                    part.unlink()

    def _start_due(self) -> float | None:
        """Start due downloads; return the seconds until the next one is due."""
        context = self._context
        jobs = context.store.with_status(context.service, Status.FETCHING)
        if not jobs or self._gates.service_unreachable:
            return None
        disk = self._gates.closed(WaitCause.DISK)
        if disk is not None and (disk.until or 0.0) > context.clock.now():
            return (disk.until or 0.0) - context.clock.now()
        room = 1 if disk else _FETCHERS  # a single probe shows whether the folder is writable again
        broken = self._gates.broken_accounts()
        now, waits = context.clock.steady(), []
        for job in jobs:
            if job.id in self._downloads or job.account in broken:
                continue
            wait = self._attempts.setdefault(job.id, _Attempts()).next_at - now
            if wait > 0:
                waits.append(wait)
            elif len(self._downloads) < room:
                self._downloads.start(job.id, self._fetch(job))
        return min(waits, default=None)

    async def _fetch(self, job: Job) -> None:
        try:
            with isolate_defects(job, ServiceError, InvalidAudio, OSError, Displaced):
                if not await self._finish_placed(job):
                    await self._download(job)
        except JobDefect as error:
            await self._context.write(self._give_up, job, FailureKind.DOWNLOAD, str(error))
        except ServiceError as error:
            await self._context.write(self._not_fetched, job, error)
        except InvalidAudio as error:
            await self._context.write(self._invalid, job, error)
        except OSError as error:
            await self._context.write(self._unwritable, error)
            self._context.wake_all()
        else:
            self._attempts.pop(job.id, None)
            self._poller.finished.pop(job.id, None)
            await self._context.write(self._gates.open, WaitCause.DISK)
            self._context.wake_all()

    async def _finish_placed(self, job: Job) -> bool:
        """Finish a job whose file is in place, since the program stopped before it recorded that; return whether."""
        if not job.file or not job.sha256:
            return False
        try:
            checked = await asyncio.to_thread(check, Path(job.file), stems=job.file.endswith(".zip"))
        except (OSError, InvalidAudio):
            return False
        if checked.sha256 != job.sha256:
            return False
        discard(self._part(job))
        await self._finish(job, checked, Path(job.file))
        return True

    def _part(self, job: Job) -> Path:
        # Each epoch has its own: a suspended process may still write to the one of an earlier epoch.
        epoch = f".{self._context.epoch}" if self._context.epoch > 1 else ""
        return self._context.folder / f".{job.service}-{job.id}{epoch}.part"

    async def _download(self, job: Job) -> None:
        song = await self._record(job)
        part = self._part(job)
        ready(part)
        await self._bytes(job, song, part)
        checked = await asyncio.to_thread(check, part, stems=self._context.format == STEMS)
        base = file_names.stem(song.title or job.title, job.prompt, job.id, edit_words(job.options))
        while True:
            target = free(self._context.folder, file_names.candidates(base, checked.extension))
            kept = await self._context.write(self._keep_name, job, target, checked)
            if kept is None:
                discard(part)
                return
            if await asyncio.to_thread(place, part, target, checked):
                break
        await self._finish(job, checked, target)

    def _keep_name(self, job: Job, target: Path, checked: CheckedAudio) -> Job | None:
        """Store where the song will be; return None if the job has been sent again, so that it is another's song."""
        if self._context.store.job(job.id).remote_id != job.remote_id:
            return None
        return self._context.store.update(job.id, expected=Status.FETCHING, file=str(target), sha256=checked.sha256)

    async def _bytes(self, job: Job, song: RemoteSong, part: Path) -> None:
        """Download the song; if the URL is gone, fetch the record again and use its new URL.

        Raises:
            AddressGone: the new URL fails as well; the file may not be available yet, or not reachable.
        """
        try:
            await self._service.download(song, part, _ignore_progress, self._context.format)
        except _STALE as error:
            self._poller.finished.pop(job.id, None)
            renewed = await self._record(job)
            try:
                if renewed.download_url == song.download_url:
                    raise error
                await self._service.download(renewed, part, _ignore_progress, self._context.format)
            except AddressUnreachable:
                raise
            except _STALE as last:
                raise AddressGone(str(last)) from last

    async def _record(self, job: Job) -> RemoteSong:
        song = self._poller.finished.get(job.id)
        if song is None:
            song = await self._service.song(job.account, job.remote_id or "")
        if song is None:
            raise NotFound("The service doesn't list the song.")
        return song

    async def _finish(self, job: Job, checked: CheckedAudio, file: Path) -> None:
        """Write the lyrics next to the song, then mark the job *done*, whether or not they could be written."""
        song = self._context.store.song(job.id)
        if self._context.lyrics and song is not None and song.timed_lyrics:
            text = lrc_text(song, job.title, checked.duration_s)
            try:
                await asyncio.to_thread(write_lyrics, text, file)
            except OSError as error:
                words = error.strerror or str(error)
                await self._context.write(self._context.store.note, job.id, "lyrics file not written", words)
        await self._context.write(self._done, job, checked)

    def _done(self, job: Job, checked: CheckedAudio) -> None:
        duration = job.duration_s if checked.duration_s is None else checked.duration_s
        self._context.store.update(job.id, Status.DONE, "done", expected=Status.FETCHING, duration_s=duration)

    def _not_fetched(self, job: Job, error: ServiceError) -> None:
        if isinstance(error, NotSent | Unauthorized) or (isinstance(error, AccountBroken) and job.account):
            self._gates.close_for(error, job.account)
            self._context.wake_all()
            return
        if isinstance(error, RateLimited):
            attempts = self._attempts.setdefault(job.id, _Attempts())
            attempts.limited += 1
            wait = backoff.rate_limited(attempts.limited, error.retry_after_s, self._context.rng)
            self._retry_in(wait, job, attempts, str(error))
            return
        for kind, trouble in _FAILURES:
            if isinstance(error, kind):
                self._send_again_or_give_up(job, trouble, str(error))
                return
        trouble = next((kind for of, kind in _FAILURES if isinstance(error.__cause__, of)), FailureKind.DOWNLOAD)
        gone = isinstance(error, AddressGone) and not isinstance(error, AddressUnreachable)
        limit = _GONE_ATTEMPTS if gone else _ATTEMPTS
        self._again(job, str(error), trouble, limit, error.retry_after_s)

    def _invalid(self, job: Job, error: InvalidAudio) -> None:
        """Retry an invalid download from scratch, a few times."""
        discard(self._part(job))
        attempts = self._attempts.setdefault(job.id, _Attempts())
        attempts.invalid += 1
        if attempts.invalid >= INVALID_AUDIO_ATTEMPTS:
            self._give_up(job, FailureKind.DOWNLOAD, f"The download is not a complete song. {error}")
        else:
            self._again(job, str(error), FailureKind.DOWNLOAD)

    def _unwritable(self, error: OSError) -> None:
        """Pause downloads until the folder is writable. The store may be on the same full disk."""
        reason = "The disk is full" if error.errno in _NO_SPACE else error.strerror or error
        words = f"{reason}: {error.filename or self._context.folder}"
        self._gates.close(WaitCause.DISK, seconds=_DISK_S, tries=self._gates.next_try(WaitCause.DISK), detail=words)

    def _again(
        self,
        job: Job,
        words: str,
        trouble: FailureKind,
        limit: int = _ATTEMPTS,
        retry_after_s: float | None = None,
    ) -> None:
        attempts = self._attempts.setdefault(job.id, _Attempts())
        attempts.made += 1
        if attempts.made >= limit:
            self._send_again_or_give_up(job, trouble, words)
            return
        wait = backoff.as_asked(backoff.faulty(attempts.made, self._context.rng) / 4, retry_after_s)
        self._retry_in(wait, job, attempts, words)

    def _retry_in(self, seconds: float, job: Job, attempts: _Attempts, words: str) -> None:
        attempts.next_at = self._context.clock.steady() + seconds
        self._context.store.update(job.id, None, "download failed", words, Status.FETCHING, error=words)

    def _send_again_or_give_up(self, job: Job, trouble: FailureKind, words: str) -> None:
        """Retry a job whose file is gone if that is free; otherwise give up."""
        if trouble in _GONE and self._context.send_again(job, words):
            discard(self._part(job))
            self._attempts.pop(job.id, None)
            self._poller.finished.pop(job.id, None)
        else:
            self._give_up(job, trouble, words)

    def _give_up(self, job: Job, trouble: FailureKind, words: str) -> None:
        self._attempts.pop(job.id, None)
        self._poller.finished.pop(job.id, None)
        self._context.store.update(
            job.id, Status.FAILED, "download given up", words, Status.FETCHING, trouble=trouble, error=words
        )


def _ignore_progress(done: int, total: int | None) -> None:
    """Ignore download progress: songs are small."""
