"""The studio's jobs and accounts as immutable values. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from riffusion_tui.studio.engine.song_request import ENGINE_VERSION
from riffusion_tui.studio.errors import InvalidRequest


class State(StrEnum):
    """The state of a job; the values are the `status` in a song's record.

    Only `completed` is documented; `queued` and `generating_audio` appear in examples, `failed` is the studio's own.
    """

    QUEUED = "queued"
    MAKING = "generating_audio"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AccountSession:
    """What a test cookie requested (see `cookie_directives`); a plain cookie requests nothing."""

    songs_left: int | None = None
    """Songs until the session expires; None: never."""
    limited: int = 0
    """Number of further prompts that get the generator's 429."""
    fails: bool = False
    """All its songs fail."""


@dataclass(frozen=True, slots=True)
class StudioAccount:
    """An account: an engine with slots."""

    user_id: str
    max_jobs: int
    created_at: float
    cookie_mark: str | None = None
    session: AccountSession = field(default_factory=AccountSession)
    error: str | None = None
    engine: str = "sketch"


@dataclass(frozen=True, slots=True)
class StudioJob:
    """A request and, when it is finished, its song."""

    id: str
    user_id: str
    state: State
    request: dict[str, Any]
    """The engine's request: prompt, seed, instrumental, length_s, title, lyrics, lyrics_strength, prompts, locks and
    edits. `parent` is the id of the song that an edit starts from."""
    base: str
    """Address the request was sent to, without a slash at the end; its own links begin with it."""
    created_at: float
    tracked: bool = True
    reply_url: str | None = None
    reply_ref: str | None = None
    ended_at: float | None = None
    error: str | None = None
    made: dict[str, Any] = field(default_factory=dict)

    def check_engine_version(self, then: str) -> None:
        """Raise `InvalidRequest` if another version of the engine made the song: this one would make another song.

        Args:
            then: what the user wants to do with the song, for the message.
        """
        version = self.made.get("engine_version")
        if self.made.get("engine") == "sketch" and version != ENGINE_VERSION:
            raise InvalidRequest(
                f"This song was made by engine version {version or 1}, and version {ENGINE_VERSION} would make a"
                f" different one: generate it again, then {then}"
            )
