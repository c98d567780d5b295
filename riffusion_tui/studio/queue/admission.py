"""Accept or refuse a prompt. Everything happens in one transaction, so slots are counted exactly.

Errors are checked in the vendor's order: first the account (400, then 429 busy or 596), then the generator (429, 422).
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from riffusion_tui.studio.errors import Busy, Moderated, PendingError, UpstreamBusy
from riffusion_tui.studio.queue.account_rules import select
from riffusion_tui.studio.queue.cookie_directives import EXPIRED
from riffusion_tui.studio.queue.studio_job import StudioAccount, StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.studio_settings import UpstreamRate


class UpstreamLimit:
    """The generator's rate limit: a number of prompts per sliding window, or None for no limit."""

    def __init__(self, rate: UpstreamRate | None) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()

    def take(self, now: float) -> None:
        """Count a prompt at `now` (steady seconds). Raises `UpstreamBusy` if the window is full."""
        if self._rate is None:
            return
        while self._taken and self._taken[0] <= now - self._rate.window_s:
            self._taken.popleft()
        if len(self._taken) >= self._rate.requests:
            raise UpstreamBusy
        self._taken.append(now)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Checks besides the accounts' slots."""

    limit: UpstreamLimit
    flagged: Callable[[str], bool]
    """Whether a text contains a phrase from the moderation list."""
    rng: random.Random
    steady: float
    """Monotonic time in seconds, for the rate limit."""


def accept(store: StudioStore, job: StudioJob, max_jobs: int | None, rules: Acceptance) -> StudioJob:
    """Queue `job` on its account, or on any account with a free slot; return it with the account set.

    Args:
        store: the studio's database.
        job: the new job; `user_id` is empty if the request names no account.
        max_jobs: the request's `maxJobs`, which overrides the account's.
        rules: further checks.

    Raises:
        InvalidRequest: the account doesn't exist.
        Busy: no usable account has a free slot.
        PendingError: the session of the account, or of every account, expired.
        UpstreamBusy: the generator's rate limit is reached.
        Moderated: the prompt is refused.
    """
    try:
        with store.transaction():
            account = _choose(store, job, max_jobs, rules.rng)
            account = _use_session(account)
            rules.limit.take(rules.steady)
            if any(rules.flagged(text) for text in _texts(job.request)):
                raise Moderated
            taken = replace(job, user_id=account.user_id, request={**job.request, "fails": account.session.fails})
            store.put_account(account)
            store.add_job(taken)
    except _SessionChange as change:
        # The refusal rolled the transaction back, so save the changed session in a new one.
        with store.transaction():
            store.put_account(change.account)
        raise change.answer from None
    return taken


class _SessionChange(Exception):
    """The prompt is refused, and the account's session changes."""

    def __init__(self, account: StudioAccount, answer: Exception) -> None:
        super().__init__()
        self.account = account
        self.answer = answer


def _use_session(account: StudioAccount) -> StudioAccount:
    session = account.session
    if session.songs_left == 0:
        raise _SessionChange(replace(account, error=EXPIRED), PendingError())
    if session.limited > 0:
        limited = replace(session, limited=session.limited - 1)
        raise _SessionChange(replace(account, session=limited), UpstreamBusy())
    if session.songs_left is not None:
        return replace(account, session=replace(session, songs_left=session.songs_left - 1))
    return account


def _choose(store: StudioStore, job: StudioJob, max_jobs: int | None, rng: random.Random) -> StudioAccount:
    accounts = store.accounts()
    requested = select(accounts, job.user_id or None, needed=False)
    usable = [account for account in ([requested] if requested else accounts) if not account.error]
    if not usable:
        raise PendingError
    counts = store.running_counts()
    free = [account for account in usable if counts.get(account.user_id, 0) < (max_jobs or account.max_jobs)]
    if free:
        return rng.choice(free)
    full = rng.choice(usable)
    running: dict[str, list[StudioJob]] = {account.user_id: [] for account in usable}
    for other in store.tracked():
        running.get(other.user_id, []).append(other)
    raise Busy(full.user_id, len(running[full.user_id]), {user: _running(jobs) for user, jobs in running.items()})


def _running(jobs: Sequence[StudioJob]) -> list[dict[str, Any]]:
    return [
        {"user_id": job.user_id, "job_id": job.id, "started": int(job.created_at * 1000), **reply(job)} for job in jobs
    ]


def reply(job: StudioJob) -> dict[str, str]:
    """Return `replyUrl` and `replyRef`, each only if the request had it."""
    given = {"replyUrl": job.reply_url, "replyRef": job.reply_ref}
    return {name: value for name, value in given.items() if value is not None}


def _texts(request: dict[str, Any]) -> list[str]:
    texts = [request["prompt"], request.get("title"), request.get("lyrics")]
    texts += [prompt["text"] for prompt in request.get("prompts", ())]
    texts += [edit["prompt"] for edit in request.get("edits", ())]
    return [text for text in texts if text]
