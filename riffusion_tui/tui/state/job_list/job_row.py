"""The text of a job's row in the list. What changes often is on the left."""

from __future__ import annotations

import re
from typing import NamedTuple

from riffusion_tui.jobs.edit_words import edit_words
from riffusion_tui.jobs.held import HOLDS
from riffusion_tui.jobs.model import FailureKind, Job, WaitCause
from riffusion_tui.jobs.nicknames import is_nickname
from riffusion_tui.jobs.status import UNSENT, Status
from riffusion_tui.jobs.wait_reason import WaitReason
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.times import countdown, span

_RUNNING = frozenset({Status.SENDING, Status.MAKING, Status.FETCHING})
_ROUTINE = frozenset({WaitCause.SLOTS, WaitCause.PROCESSOR, WaitCause.TURN})
"""Why most jobs of a batch wait."""
_ACCOUNT_CHARS = 4
_LIKE_AN_ID = re.compile(r"[0-9a-f]{8}(-|\Z)")


class Row(NamedTuple):
    """The content of a row. `state` selects symbol and color; `word` says the same in text."""

    state: str
    """A `Status` value, or `waits`."""
    word: str
    time: str
    share: float | None
    """Progress, 0 to 1; drawn as a bar instead of `detail`."""
    detail: str
    notable: bool
    """Whether `detail` is worth a part of the prompt's room: not that others are first, or a song's tempo and key."""
    edit: str
    """Which edit of which song it is; else empty."""
    title: str
    """Of a finished song; else empty."""
    quiet: bool
    """Drawn dimmed, because nothing is happening to it."""
    verdict: str


def row_of(job: Job, wait: WaitReason | None, share: float | None, now: float) -> Row:
    """Return the content of a job's row at `now`.

    Args:
        job: the job.
        wait: why it waits, if it does.
        share: progress, if it is being made and known.
        now: seconds since the epoch.
    """
    state = state_of(job, wait)
    return Row(
        state=state,
        word=message(f"status.{state}"),
        time=_time(job, wait, now),
        share=min(1.0, share) if share is not None and wait is None and job.status is Status.MAKING else None,
        detail=_detail(job, wait),
        notable=job.status is not Status.DONE and (wait is None or wait.cause not in _ROUTINE),
        edit=edit_of(job),
        title=job.title if job.status is Status.DONE else "",
        quiet=job.status in (*UNSENT, Status.REFUSED, Status.FAILED, Status.CANCELLED),
        verdict=job.verdict,
    )


def state_of(job: Job, wait: WaitReason | None) -> str:
    """Return a job's displayed state: a queued job may wait for a time or a slot, or be held by a problem."""
    if wait is not None and job.status in (Status.MAKING, Status.FETCHING):
        return "waits"  # for a login, behind others at the service, or to be downloaded
    if job.status is not Status.QUEUED or wait is None:
        return job.status.value
    return "held" if wait.cause in HOLDS else "waits"


def ticks(job: Job, wait: WaitReason | None) -> bool:
    """Whether the row changes every second."""
    if wait is None:
        return job.status in _RUNNING
    return job.status in _RUNNING or _deadline(wait) is not None or wait.cause is WaitCause.WARMING


def _deadline(wait: WaitReason) -> float | None:
    """Return what a row counts down to. If the whole service waits, the status bar counts for all rows."""
    return None if wait.account is None else wait.until


def short_account(account: str | None) -> str:
    """Return a short name for an account: an id's beginning, `5f72`, or a nickname; empty for none."""
    if not account:
        return ""
    if ":" in account:
        return account  # a server's address: its beginning says nothing
    name, at, _ = account.partition("@")
    whole = not at and is_nickname(name) and not _LIKE_AN_ID.match(name)
    return name if whole or len(name) <= _ACCOUNT_CHARS + 2 else name[:_ACCOUNT_CHARS]


def short_key(key: str) -> str:
    """Abbreviate a key: `F phr` for `F phrygian`, `B maj` for `B`, which beside a tempo would be a unit."""
    tonic, _, mode = key.partition(" ")
    if not mode and not key.endswith("m"):
        mode = message("row.major")
    return f"{tonic} {mode[:3]}" if tonic and mode else key


def first_line(prompt: str) -> str:
    """Return a prompt on one line."""
    return " ".join(prompt.split())


def edit_of(job: Job) -> str:
    """Return what an edit does and to which song, `mute Drums of 13`; empty for other jobs. Numbers are left out."""
    what = edit_words(job.options)
    return message("row.edit", what=what, id=job.parent or "?") if what else ""


def _time(job: Job, wait: WaitReason | None, now: float) -> str:
    if job.status is Status.DONE:
        return span(job.duration_s) if job.duration_s is not None else ""
    if job.status in _RUNNING:
        since = job.accepted_at if job.accepted_at is not None else job.sent_at
        return span(now - since) if since is not None else ""
    if wait is not None and (until := _deadline(wait)) is not None:
        return countdown(until, now)
    if wait is not None and wait.cause is WaitCause.WARMING:
        return span(now - wait.since)
    return ""


def _detail(job: Job, wait: WaitReason | None) -> str:
    if job.status is Status.DONE:
        return " ".join(part for part in (f"{job.bpm:3.0f}" if job.bpm else "", short_key(job.key)) if part)
    if job.status is Status.MAKING and job.trouble is not None:
        return _trouble(job)
    if job.status in (Status.QUEUED, Status.MAKING, Status.FETCHING):
        return _cause_word(wait) if wait is not None else ""
    if job.status is Status.HELD:
        return _cause_word(wait) if wait is not None else _trouble(job)
    if job.status in (Status.REFUSED, Status.FAILED):
        return _trouble(job)
    if job.status is Status.MAYBE_SENT:
        return message("row.checking")
    return ""


def _cause_word(wait: WaitReason) -> str:
    """Return a wait cause in at most two words."""
    if wait.cause is WaitCause.BROKEN and wait.account:
        if ":" in wait.account:
            return wait.account
        return message("row.account", account=short_account(wait.account))
    return message(f"cause.{wait.cause.name.lower()}")


def _trouble(job: Job) -> str:
    if job.status is Status.REFUSED:
        return message("row.edit_it")
    trouble = job.trouble or (FailureKind.USER if job.status is Status.HELD else FailureKind.SERVER)
    return message(f"trouble.{trouble.name.lower()}")
