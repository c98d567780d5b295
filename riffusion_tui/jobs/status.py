"""The statuses of a job and the table of transitions between them.

    queued ──► sending ──► making ──► fetching ──► done
       ▲          │  ╲        │           │
       ├──────────┤   ╲       ▼           ▼
       │ 429, not │    ╲    failed      failed
       │ connected│     ▼
       │          │   maybe sent ──► making | queued (the user chose to send again) | failed | cancelled
       ▼          ▼
     held       refused | failed

A job that is being made or fetched goes back to *queued* if the service lost its song and a retry is free.

Waiting is not a status: a queued job *waits* while a gate is closed or its account is full.
`riffusion_tui.jobs.wait_reason` determines the cause, the start and the end of the wait.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Status of a job. The store and `--json` use these values."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    MAYBE_SENT = "maybe_sent"
    MAKING = "making"
    FETCHING = "fetching"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


_NEXT: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SENDING, Status.HELD, Status.CANCELLED, Status.FAILED}),
    Status.HELD: frozenset({Status.QUEUED, Status.CANCELLED}),
    Status.SENDING: frozenset({Status.QUEUED, Status.MAKING, Status.MAYBE_SENT, Status.REFUSED, Status.FAILED}),
    Status.MAYBE_SENT: frozenset({Status.MAKING, Status.FETCHING, Status.QUEUED, Status.FAILED, Status.CANCELLED}),
    Status.MAKING: frozenset({Status.QUEUED, Status.FETCHING, Status.REFUSED, Status.FAILED, Status.CANCELLED}),
    Status.FETCHING: frozenset({Status.QUEUED, Status.DONE, Status.FAILED, Status.CANCELLED}),
    Status.DONE: frozenset({Status.FETCHING}),
    Status.REFUSED: frozenset({Status.QUEUED}),
    Status.FAILED: frozenset({Status.QUEUED, Status.MAKING, Status.FETCHING}),
    Status.CANCELLED: frozenset({Status.QUEUED, Status.FETCHING}),
}

ENDED = frozenset({Status.DONE, Status.REFUSED, Status.FAILED, Status.CANCELLED})
"""Final, unless the user acts."""

UNSENT = frozenset({Status.QUEUED, Status.HELD})
"""In the queue."""

UNDER_WAY = frozenset({Status.SENDING, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING})
"""A request was sent, or may have been."""

TAKES_SLOT = frozenset({Status.SENDING, Status.MAYBE_SENT, Status.MAKING})
"""These occupy one of an account's slots."""

NEEDS_ATTENTION = frozenset({Status.MAYBE_SENT, Status.REFUSED, Status.FAILED})
"""These need attention. A held job doesn't: what holds it is solved once for all such jobs."""


def may_become(now: Status, then: Status) -> bool:
    """Whether a job may go from `now` to `then`; keeping its status is always allowed."""
    return now == then or then in _NEXT[now]


_IN_SENTENCES = {
    Status.SENDING: "being sent",
    Status.MAYBE_SENT: "maybe sent",
    Status.MAKING: "being made",
    Status.FETCHING: "being downloaded",
}


def in_sentence(status: Status) -> str:
    """Return a status as it follows "is": a job that is *making* is being made."""
    return _IN_SENTENCES.get(status, status.value)


def predicate(status: Status) -> str:
    """Return a status as it follows a job: it *is being made*, or it *failed*."""
    return status.value if status is Status.FAILED else f"is {in_sentence(status)}"
