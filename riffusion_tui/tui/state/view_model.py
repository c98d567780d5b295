"""The core's state as shown on the screen: read after each change, never while drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from riffusion_tui.dispatch.queue_summary import QueueSummary, summarize
from riffusion_tui.jobs.held import HeldJobs
from riffusion_tui.jobs.model import Account, Gate, Job, Song, WaitCause
from riffusion_tui.jobs.status import NEEDS_ATTENTION, TAKES_SLOT, UNDER_WAY, Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.store.store_types import LAST
from riffusion_tui.store.usual_duration import UsualDuration
from riffusion_tui.tui.bindings.commands import COMMANDS
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.state.job_list.job_selection import JobList
from riffusion_tui.tui.state.job_list.job_waits import JobWaits
from riffusion_tui.tui.state.job_list.sorted_ids import Shift
from riffusion_tui.tui.state.offered_commands import CommandAvailability
from riffusion_tui.tui.state.prompt.draft import Draft

if TYPE_CHECKING:
    from riffusion_tui.tui.state.song.piano_roll import RollNote, Spectrum

FIRST_ROWS = 120
"""Jobs loaded for the first frame: more than any window has rows."""
PAGE_ROWS = 250
"""Older jobs loaded per step, which takes a few milliseconds; keys are processed in between."""
_NEVER = 1 << 62
_ANNOUNCED = NEEDS_ATTENTION | {Status.DONE}
_OUT_OF_REACH = frozenset({WaitCause.TOKEN, WaitCause.OFFLINE, WaitCause.UNAVAILABLE, WaitCause.OUTDATED})


class Change(NamedTuple):
    """The changes found by one update."""

    shift: Shift
    jobs: tuple[Job, ...]
    """New or changed jobs."""
    ended: tuple[Job, ...]
    """Those of them that just ended while this process was watching."""
    waits: bool
    """Accounts, gates or free slots changed, so the text of every waiting row may have too."""
    rows: bool = False
    """Marks, order, filter or selection changed."""
    draft: bool = False
    """The options of the next prompt changed."""
    more: bool = False
    """There is more to read: changes are read in pages, so that keys stay responsive."""


class ViewModel:
    """The core's last known state."""

    def __init__(self, deps: Dependencies) -> None:
        self.deps = deps
        self.opened_at = deps.clock.now()
        self.list = JobList()
        self.accounts: tuple[Account, ...] = ()
        self.gates: tuple[Gate, ...] = ()
        self.names: dict[str, str] = {}
        """Nicknames of accounts, by id."""
        self.summary: QueueSummary
        self.usual: UsualDuration | None = None
        self.playing: tuple[int, bool] | None = None
        """The job whose song plays, and whether it is paused."""
        self._waits = JobWaits(deps)
        self._held = HeldJobs(self._waits.wait)
        """As the filter uses it."""
        self._songs: dict[int, tuple[int, Song | None]] = {}
        self._score: tuple[tuple[int, int], tuple[RollNote, ...], Spectrum | None] | None = None
        self._older_than: int | None = None
        self._after = LAST
        """The last job that was read of the changes of the last revision."""
        self._deleted: set[int] = set()
        """Deleted jobs; restoring one is not announced."""
        self._begin()

    def _begin(self) -> None:
        """Load what the first frame can show; `read_older` loads the rest afterwards."""
        store, service = self.deps.store, self.deps.service
        self._rev = store.changed_since(_NEVER).rev  # before the rows, so that concurrent changes are read again
        newest = store.jobs_briefly(FIRST_ROWS)
        open_jobs = store.with_status(service, *UNDER_WAY, Status.HELD) + store.queue(service, FIRST_ROWS)
        self.list.update({job.id: job for job in newest + open_jobs}.values())
        self._older_than = newest[-1].id if len(newest) == FIRST_ROWS else None
        self.accounts, self.gates = store.accounts(service), store.gates(service)
        self.names = store.nicknames()
        self._summarize()

    def out_of_reach(self) -> WaitCause | None:
        """Return why the service can't be reached, started or used at all; None if it can."""
        return next((one.cause for one in self.summary.banners if one.cause in _OUT_OF_REACH), None)

    def account_name(self, account: str | None) -> str:
        """Return an account's nickname, else its id; empty for no account."""
        return self.names.get(account, account) if account else ""

    def shown(self, job: Job) -> Job:
        """Return a job as it is shown: with the name of its account."""
        return job._replace(account=self.account_name(job.account) or None) if job.account in self.names else job

    def _summarize(self) -> None:
        self.summary = summarize(self.deps.store, self.deps.service, self.now)
        self.usual = self.summary.usual
        self._waits.update(self.accounts, self.gates, self.summary)

    def read_older(self) -> Shift | None:
        """Load the next older rows; return None once all are loaded."""
        if self._older_than is None:
            self.deps.callbacks.read()
            return None
        page = self.deps.store.jobs_briefly(PAGE_ROWS, self._older_than)
        self._older_than = page[-1].id if len(page) == PAGE_ROWS else None
        self.list.touched = True
        return self.list.update([job for job in page if job.id not in self.list.jobs])

    def read_all_older(self) -> None:
        """Load all older rows now."""
        while self._older_than is not None:
            self.read_older()

    @property
    def now(self) -> float:
        """Seconds since the epoch."""
        return self.deps.clock.now()

    def read(self, draft: Draft, limit: int | None = PAGE_ROWS) -> Change:
        """Return the changes since the last call: in the store (`limit`: jobs at most), the list and the draft."""
        change = self._read_store(limit)
        self.follow_holds()
        rows, options = self.list.touched, draft.touched
        self.list.touched = draft.touched = False
        return change._replace(rows=rows, draft=options)

    def _read_store(self, limit: int | None) -> Change:
        changes = self.deps.store.changed_since(self._rev, self._after, limit)
        before = {job.id: self.list.jobs.get(job.id) for job in changes.jobs}
        self._rev, self._after = changes.rev, changes.after
        full = self._full
        shift = self.list.update(changes.jobs, changes.deleted)
        if changes.accounts is not None:
            self.names = self.deps.store.nicknames()
            self.accounts = tuple(one for one in changes.accounts if one.service == self.deps.service)
        if changes.accounts is not None or changes.gates is not None:
            self._waits.forget_tokens()
        if changes.gates is not None:
            self.gates = tuple(gate for gate in changes.gates if gate.service == self.deps.service)
        self._summarize()
        ended = tuple(job for job in changes.jobs if job.id not in self._deleted and _ended(before[job.id], job))
        self._deleted.update(changes.deleted)
        waits = changes.accounts is not None or changes.gates is not None or full != self._full
        return Change(shift, changes.jobs, ended, waits, more=changes.after != LAST)

    @property
    def _full(self) -> tuple[bool, ...]:
        return tuple(one.used >= one.total for one in self.summary.slots)

    def wait(self, job: Job) -> WaitReason | None:
        """Return why a job waits, or None; a running one may wait for a processor or to be downloaded."""
        wait = self._waits.wait(job)
        return wait if wait is None or wait.account is None else wait._replace(account=self.account_name(wait.account))

    def next_needing_attention(self) -> int | None:
        """Select and return the next job that needs attention, then the first of each queue only the user opens."""
        self.list.finish()
        held, first = HeldJobs(self._waits.wait), dict[tuple[str, str | None], int]()
        for job in map(self.list.jobs.__getitem__, self.list.order):
            if job.status is Status.QUEUED and held(job):
                first.setdefault((job.service, job.options.account), job.id)
        return self.list.next_needing_attention(list(first.values()))

    def set_filter(self, text: str) -> None:
        """Set the list's filter. Raises `FilterError`."""
        held = HeldJobs(self._waits.wait)
        self.list.set_filter(text, self.now, self.names, held)
        self._held = held

    def follow_holds(self) -> None:
        """Filter again if other jobs are held than when the filter was set."""
        if self._held.outdated():
            self.set_filter(self.list.filter)

    def availability(self) -> CommandAvailability:
        """Return what a command would act on."""
        playing, current = self.playing == (self.list.selected, False), self.list.current
        lost = current is not None and current.lost_source and not self.list.marks
        useless = self._unsupported | {"job.retry"} if lost else self._unsupported
        return CommandAvailability(self.list.statuses(), useless, playing)

    @property
    def _unsupported(self) -> frozenset[str]:
        can = self.deps.capabilities
        lacks = {"job.rework": not can.edits, "job.midi": "midi" not in can.formats}
        lacks |= {one.id: not getattr(can, one.needs) for one in COMMANDS if one.needs}
        return frozenset(id for id, missing in lacks.items() if missing)

    def share(self, job: Job) -> float | None:
        """Return a job's progress, reported or estimated from its usual time; None while it waits at the service."""
        if job.trouble is not None:
            return None
        reported = self.deps.dispatcher.progress(job.id)
        return (reported or None) if reported is not None else self._waits.queue_of(job).summary.share(job, self.now)

    def song(self, job: Job) -> Song | None:
        """Return a job's song; loaded once per state of the job."""
        held = self._songs.get(job.id)
        if held is None or held[0] != job.rev:
            if len(self._songs) > 200:
                self._songs.clear()
            held = (job.rev, self.deps.store.song(job.id))
            self._songs[job.id] = held
        return held[1]

    def score(self, job: Job) -> tuple[tuple[RollNote, ...], Spectrum | None]:
        """Return a song's notes and levels, if the service sends them; one song's are cached."""
        if self._score is None or self._score[0] != (job.id, job.rev):
            from riffusion_tui.tui.state.song.piano_roll import notes_of, spectrum_of

            song = self.song(job)
            self._score = (job.id, job.rev), notes_of(song), spectrum_of(song)
        return self._score[1:]

    def making(self) -> list[Job]:
        """Return the jobs that occupy slots."""
        return list(self.deps.store.with_status(self.deps.service, *TAKES_SLOT))

    def takes_of(self, job: Job) -> list[Job]:
        """Return the finished songs of the same prompt (edits: of the same edit of the same song), oldest first."""
        return [one for one in self.list.same_request(job) if one.status is Status.DONE]


def _ended(before: Job | None, now: Job) -> bool:
    return now.status in _ANNOUNCED and (before is None or before.status is not now.status)
