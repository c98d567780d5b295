"""Determine the next song: in the shown list, among the marked jobs, or among a batch's new takes."""

from __future__ import annotations

from collections.abc import Sequence

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import ENDED, Status
from riffusion_tui.tui.state.job_list.job_selection import JobList


def playable(job: Job) -> bool:
    """Whether a job has a song to play."""
    return job.status is Status.DONE and bool(job.file)


def songs_of(jobs: JobList) -> list[Job]:
    """Return the songs to play, in order: the marked ones, or if none are marked, all shown ones."""
    ids = jobs.chosen() if jobs.marks else tuple(jobs.order)
    return [job for id in ids if playable(job := jobs.jobs[id])]


def adjacent(songs: Sequence[Job], id: int | None, step: int) -> Job | None:
    """Return the song `step` places after `id`, or the first or last if `id` isn't listed; None at the end."""
    places = [place for place, job in enumerate(songs) if job.id == id]
    if not songs:
        return None
    if not places:
        return songs[0] if step > 0 else songs[-1]
    place = places[0] + step
    return songs[place] if 0 <= place < len(songs) else None


class Review:
    """A review of new takes: those without a verdict, oldest first."""

    def __init__(self, jobs: JobList, job: Job | None) -> None:
        """Review the batch of `job` if it has several jobs, otherwise all shown jobs."""
        self._jobs = jobs
        batch = job.batch if job is not None else ""
        self._batch = batch if sum(one.batch == batch for one in jobs.jobs.values()) > 1 else ""
        self.current: int | None = None
        self.is_silent = False
        """Whether it was reported that there is no sound device: it is so for each take."""
        self._judged: set[int] = set()
        self._passed: set[int] = set()

    def _all(self) -> list[Job]:
        if self._batch:
            return sorted(job for job in self._jobs.jobs.values() if job.batch == self._batch)
        return sorted(self._jobs.jobs[id] for id in self._jobs.order)

    def new_takes(self) -> list[Job]:
        """Return the takes without a verdict."""
        return [job for job in self._all() if playable(job) and not job.verdict and job.id not in self._passed]

    def next(self) -> Job | None:
        """Move to the next new take; return None if there is none."""
        current = self._jobs.jobs.get(self.current or 0)
        if current is not None and not current.verdict:  # one whose verdict was undone is offered again
            self._passed.add(current.id)
        takes = self.new_takes()
        self.current = takes[0].id if takes else None
        return takes[0] if takes else None

    def judged(self, id: int) -> None:
        """Record that a take was rated."""
        self._judged.add(id)

    def count(self, verdict: str) -> int:
        """Count the takes rated in this review that have a verdict now; it may have been undone."""
        return sum(job.id in self._judged and job.verdict == verdict for job in self._jobs.jobs.values())

    @property
    def more_to_come(self) -> bool:
        """Whether more songs of the batch are being made."""
        return bool(self._batch) and any(job.status not in ENDED for job in self._all())
