"""The statuses of a job and the table of transitions between them.

    queued ──► sending ──► making ──► fetching ──► done
       ▲          │  ╲        │           │
       ├──────────┤   ╲       ▼           ▼
       │ 429, not │    ╲    failed      failed
       │ connected│     ▼
       │          │   maybe sent ──► making | queued (a person says: send again) | failed | cancelled
       ▼          ▼
     held       refused | failed

A job that is being made or fetched goes back to *queued* if the service lost its song and making it again costs
nothing.

Waiting is not a status of its own: a queued job *waits* when a gate or an account stands in its way, and
`riffusion_tui.jobs.wait_reason` works out which, since when, and until when.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a job stands. The values are what the store keeps and `--json` prints."""

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
"""Nothing happens to these any more unless a person asks for it."""

UNDER_WAY = frozenset({Status.SENDING, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING})
"""A request for these has left, or may have."""

TAKES_SLOT = frozenset({Status.SENDING, Status.MAYBE_SENT, Status.MAKING})
"""These fill one of an account's slots."""

NEEDS_PERSON = frozenset({Status.MAYBE_SENT, Status.REFUSED, Status.FAILED})
"""`n` jumps to these; a held job is mended where its account is."""


def may_become(now: Status, then: Status) -> bool:
    """Say whether a job may go from `now` to `then`; staying as it is is always allowed."""
    return now == then or then in _NEXT[now]
