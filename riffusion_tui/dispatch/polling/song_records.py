"""Store what the service reports about songs that are being made."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.job_boundary import JobDefect, isolate_defects
from riffusion_tui.dispatch.polling.song_details import song_details
from riffusion_tui.dispatch.requests.job_builder import sibling
from riffusion_tui.jobs.model import FailureKind, Job, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import RemoteSong
from riffusion_tui.store import StatusConflict

DISK_FULL = "The service's disk is full. Free some space to continue."
"""The note on a job that the service can't make for now."""


class SongRecords:
    """The records of running jobs, and of finished songs."""

    def __init__(self, context: DispatchContext) -> None:
        self._context = context
        self.polled_at: float | None = None
        """Time of the last poll."""
        self.finished: dict[int, RemoteSong] = {}
        """Records of finished songs, to be fetched."""

    def keep(self, job: Job, song: RemoteSong) -> None:
        """Store a song's record. An unexpected error fails this job only."""
        try:
            with isolate_defects(job):
                self._keep_checked(job, song)
        except JobDefect as error:
            words = str(error)
            with suppress(StatusConflict):  # it may have been cancelled in the meantime
                self._context.store.update(
                    job.id, Status.FAILED, "failed", words, trouble=FailureKind.UNREADABLE, error=words
                )

    def _keep_checked(self, job: Job, song: RemoteSong) -> None:
        self._context.progress.pop(job.id, None)
        if song.finished:
            self._finished(job, song)
            return
        if song.failed:
            flagged = song.flagged
            status, trouble = (
                (Status.REFUSED, FailureKind.MODERATION) if flagged else (Status.FAILED, FailureKind.SERVICE_FAILED)
            )
            words = song.error or (
                "The service's moderation rejected the prompt." if flagged else "The service failed to make it."
            )
            self.end(job, status, trouble, words)
            return
        if song.disk_full or song.blocked:
            self.annotate([job], song.blocked or DISK_FULL, FailureKind.DISK)
        elif job.error and self._is_making(job):
            self._context.store.update(job.id, None, "followed again", trouble=None, error="")
        if song.progress is not None:
            self._context.progress[job.id] = song.progress

    def end(self, job: Job, status: Status, trouble: FailureKind, words: str) -> None:
        """End a job that is still being made."""
        if self._is_making(job):
            self._context.store.update(job.id, status, status.value, words, trouble=trouble, error=words)

    def _finished(self, job: Job, song: RemoteSong) -> None:
        """Store a finished song's record and queue its download."""
        store, now = self._context.store, self._context.clock.now()
        if not self._is_making(job):
            return
        self._note_time(job, song, now)
        parts = (song, *song.siblings)
        takes = job.takes * len(parts)
        store.update(job.id, Status.FETCHING, "made", song.status, **song_details(song, takes))
        self._keep_song(job.id, song)
        for number, other in enumerate(song.siblings, start=1):
            if store.with_remote_id(job.service, other.remote_id) is None:
                self._add_sibling(job, other, number, takes)

    def _note_time(self, job: Job, song: RemoteSong, now: float) -> None:
        """Record how long it took: as the service says, else assuming that it ended halfway between the last two polls.

        Edits don't count. If the last poll was too long ago, the estimate only counts if it is below the usual time.
        """
        if job.options.operation:
            return
        if song.made_s:
            self._context.store.add_time(job.service, song.made_s, song.duration_s)
            return
        accepted = job.accepted_at or now
        last = max(accepted, self.polled_at or accepted)
        took = (last + now) / 2 - accepted
        usual = self._context.store.usual_time(job.service)
        if took > 0 and (now - last <= max(1.0, took / 2) or (usual and took < usual.median_s)):
            self._context.store.add_time(job.service, took, song.duration_s)

    def _add_sibling(self, job: Job, song: RemoteSong, number: int, takes: int) -> None:
        (added,) = self._context.store.add([sibling(job, number, song.remote_id, Status.FETCHING, takes)])
        self._context.store.update(added.id, **song_details(song, takes))
        self._keep_song(added.id, song)

    def _keep_song(self, job_id: int, song: RemoteSong) -> None:
        self.finished[job_id] = song
        self._context.store.put_song(
            Song(
                job_id=job_id,
                lyrics=song.lyrics,
                timed_lyrics=song.timed_lyrics,
                timed_words=song.timed_words,
                waveform=song.waveform,
                plan=song.plan,
                share_url=song.share_url,
                image_url=song.image_url,
                raw=song.raw,
            )
        )

    def annotate(self, jobs: Sequence[Job], words: str, trouble: FailureKind | None = None) -> None:
        """Note on each job why its progress is unknown, or why it waits at the service (`trouble`)."""
        what = "waits" if trouble else "can't be followed"
        for job in jobs:
            if job.error != words and self._is_making(job):
                self._context.store.update(job.id, None, what, words, trouble=trouble, error=words)

    def _is_making(self, job: Job) -> bool:
        """Whether it is still being made by the same request: it may have been cancelled, or sent again, meanwhile."""
        now = self._context.store.job(job.id)
        return now.status == Status.MAKING and now.remote_id == job.remote_id
