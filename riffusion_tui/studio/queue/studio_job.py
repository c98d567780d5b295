"""The studio's own values. Frozen: a change is a new value. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a job stands; the values are the `status` of a song's record.

    Only `completed` is documented; `queued` and `generating_audio` were seen elsewhere, `failed` is the studio's word.
    """

    QUEUED = "queued"
    MAKING = "generating_audio"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AccountSession:
    """What an account's cookie asked for; a plain cookie asks for nothing. See `test_cookies`."""

    songs_left: int | None = None
    """Songs until the session expires; None: it does not."""
    limited: int = 0
    """Prompts that still meet the generator's rate limit."""
    fails: bool = False
    """Every song of it fails."""


@dataclass(frozen=True, slots=True)
class StudioAccount:
    """An engine with slots."""

    user_id: str
    max_jobs: int
    created_at: float
    cookie_mark: str | None = None
    session: AccountSession = field(default_factory=AccountSession)
    error: str | None = None
    engine: str = "sketch"


@dataclass(frozen=True, slots=True)
class StudioJob:
    """One request and, later, its song."""

    id: str
    user_id: str
    state: State
    request: dict[str, Any]
    """What the engine is asked: prompt, seed, instrumental, length_s, title, lyrics, lyrics_strength, prompts."""
    base: str
    """Address the request was sent to, without a slash at the end; its own links begin with it."""
    created_at: float
    tracked: bool = True
    reply_url: str | None = None
    reply_ref: str | None = None
    ended_at: float | None = None
    error: str | None = None
    made: dict[str, Any] = field(default_factory=dict)
