"""What a screen or a command can do, each in one call.

It works beside a dispatcher in the same process or another: what it does goes through the store, and only what needs
the service asks the service.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from riffusion_tui.jobs.batch import Asked
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Account, Job, Options
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import Service
from riffusion_tui.store import Store


class Where(StrEnum):
    """Where `Desk.move` puts jobs in the queue."""

    TOP = "top"
    UP = "up"
    DOWN = "down"
    BOTTOM = "bottom"


class DeskError(Exception):
    """It can't be done; `str(error)` says why and nothing was changed. Services raise their own `ServiceError`."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an action on several jobs did: those it changed, as they are now, and (id, why not) of the others."""

    jobs: tuple[Job, ...] = ()
    left: tuple[tuple[int, str], ...] = ()


class Desk:
    """The actions. Those that ask the service are coroutines and raise `ServiceError`; all raise `StoreError`."""

    def __init__(
        self,
        store: Store,
        service: Service,
        *,
        clock: Clock,
        rng: random.Random,
        token_setter: Callable[[Secret], Awaitable[None]] | None = None,
    ) -> None:
        """Take the parts.

        Args:
            store: the jobs.
            service: who makes the songs: new jobs are its.
            clock: time.
            rng: makes references and seeds.
            token_setter: keeps a new token and gives it to the service; None where there is no token to set.
        """
        raise NotImplementedError

    # -- making

    def submit(self, prompts: Sequence[Prompt | str], options: Options, takes: int = 1) -> tuple[Job, ...]:
        """Queue prompts as one batch; they are on the disk when this returns.

        Args:
            prompts: at least one, none empty; a `Prompt` that says its takes gets those.
            options: for all of them.
            takes: songs of each prompt that does not say.

        Raises:
            DeskError: an empty or too long prompt, or an option out of its range: nothing is queued.
        """
        raise NotImplementedError

    def submit_all(self, asked: Sequence[Asked]) -> tuple[Job, ...]:
        """Queue prompts with an own option set each (a batch file) as one batch. Raises `DeskError`."""
        raise NotImplementedError

    def again(
        self,
        ids: Sequence[int],
        *,
        prompt: str | None = None,
        options: Options | None = None,
        other_seed: bool = False,
    ) -> tuple[Job, ...]:
        """Queue a new job for each of `ids`, its child: as it was, or with another prompt, options, seed."""
        raise NotImplementedError

    def retry(self, ids: Sequence[int]) -> Acted:
        """Let failed, refused or cancelled jobs themselves go on: fetched again where the song is made, else queued."""
        raise NotImplementedError

    # -- the queue

    async def cancel(self, ids: Sequence[int]) -> Acted:
        """Cancel jobs. One that is being made frees its slot; the song may still be made at the service."""
        raise NotImplementedError

    def hold(self, ids: Sequence[int]) -> Acted:
        """Keep queued jobs from being sent until `release`."""
        raise NotImplementedError

    def release(self, ids: Sequence[int]) -> Acted:
        """Let held jobs go on."""
        raise NotImplementedError

    def move(self, ids: Sequence[int], where: Where) -> Acted:
        """Move queued or held jobs in the queue; they keep their order among each other."""
        raise NotImplementedError

    def edit_queued(self, id: int, prompt: str | None = None, options: Options | None = None) -> Job:
        """Change a job that is queued or held. Raises `DeskError` where it is not."""
        raise NotImplementedError

    def delete(self, ids: Sequence[int]) -> Acted:
        """Take jobs out of the list, files stay; those under way are left. `undo` brings them back."""
        raise NotImplementedError

    def undo(self) -> tuple[Job, ...]:
        """Bring back what the latest `delete` of this desk took; again for the one before it."""
        raise NotImplementedError

    def pause(self) -> None:
        """Send nothing more until `resume`; what is under way goes on."""
        raise NotImplementedError

    def resume(self) -> None:
        """Send again."""
        raise NotImplementedError

    def next_now(self) -> bool:
        """End every timed wait (cool-down, backoff) now; False if there was none."""
        raise NotImplementedError

    def settle(self, id: int, *, sent: bool) -> Job:
        """Decide a *maybe sent* job by hand: it was sent and is let go (cancelled), or it was not (queued again)."""
        raise NotImplementedError

    # -- the song

    def judge(self, id: int, verdict: str) -> Job:
        """Say `keep`, `reject` or nothing of a finished take."""
        raise NotImplementedError

    async def save_as(self, id: int, to: Path, format: str | None = None) -> Path:
        """Write a finished song to `to`, never over another file: a copy, or fetched anew in another format."""
        raise NotImplementedError

    # -- accounts and the token

    async def refresh_accounts(self) -> tuple[Account, ...]:
        """Ask the service for its accounts and what they run; keep and return them."""
        raise NotImplementedError

    async def mend_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> Account:
        """Add an account or mend one; the credential is sent once. Its jobs go on by themselves."""
        raise NotImplementedError

    async def remove_account(self, user_id: str) -> None:
        """Take an account out of the service's configuration."""
        raise NotImplementedError

    async def set_token(self, token: Secret) -> None:
        """Keep a new token; jobs that waited for it go on."""
        raise NotImplementedError

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> str:
        """Have the service write lyrics."""
        raise NotImplementedError
