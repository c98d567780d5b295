"""A service that starts on first use, so that the screen paints before HTTP client and studio load."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.clean import error_message
from riffusion_tui.secret import Secret

if TYPE_CHECKING:
    from riffusion_tui.services.base import (
        Accepted,
        AccountInfo,
        CreateRequest,
        PolledJob,
        PollResult,
        RemoteSong,
        Service,
        ServiceError,
        Workload,
        WrittenLyrics,
    )
    from riffusion_tui.services.capabilities import Capabilities
    from riffusion_tui.services.inspection import Inspection


class LazyService:
    """Implements `Service`; see the protocol for its methods.

    Args:
        name: the service's.
        capabilities: the service's.
        bring_up: context manager that starts and stops it; entered and left by the same task, as task groups require.
    """

    def __init__(
        self, name: str, capabilities: Capabilities, bring_up: Callable[[], AbstractAsyncContextManager[Service]]
    ) -> None:
        self._name = name
        self._capabilities = capabilities
        self._bring_up = bring_up
        self._ready: asyncio.Future[Service] | None = None
        self._closing = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self.listener: Callable[[], None] | None = None
        """Called when a song has ended, if the service runs in this process."""

    def song_ended(self) -> None:
        """Notify the listener that a song has ended."""
        if self.listener is not None:
            self.listener()

    @property
    def name(self) -> str:
        """The service's."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """The capabilities in the service's profile; once started, its own."""
        ready = self._ready
        if ready is None or not ready.done() or ready.cancelled() or ready.exception() is not None:
            return self._capabilities
        return ready.result().capabilities

    async def fetch_capabilities(self) -> None:
        """Ask the servers for their features."""
        await (await self._service()).fetch_capabilities()

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt."""
        return await (await self._service()).create(request)

    async def warm_up(self, account: str | None) -> None:
        """Let the account load its models."""
        await (await self._service()).warm_up(account)

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        """Fetch the state of many jobs; a failed start is reported like any other error."""
        from riffusion_tui.services.base import PollResult, ServiceError

        try:
            service = await self._service()
        except ServiceError as error:
            return PollResult(troubles=((None, error),))
        return await service.poll(jobs)

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        """List an account's songs."""
        return await (await self._service()).songs(account, limit=limit, offset=offset)

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song."""
        return await (await self._service()).song(account, remote_id)

    async def workload(self) -> Workload:
        """Fetch running jobs and free slots."""
        return await (await self._service()).workload()

    async def cancel(self, remote_id: str) -> None:
        """Stop tracking a job."""
        await (await self._service()).cancel(remote_id)

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the accounts."""
        return await (await self._service()).accounts()

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Add or repair an account."""
        return await (await self._service()).repair_account(credential, max_jobs, user_id)

    async def remove_account(self, user_id: str) -> None:
        """Remove an account."""
        await (await self._service()).remove_account(user_id)

    async def download(
        self, song: RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        """Write a song's audio to a file."""
        await (await self._service()).download(song, to, progress, format)

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Write lyrics."""
        return await (await self._service()).write_lyrics(prompt, lyrics)

    async def inspect(self) -> tuple[Inspection, ...]:
        """Describe its servers."""
        return await (await self._service()).inspect()

    async def aclose(self) -> None:
        """Close the service if it was started; the next call starts it again (for example with a new token)."""
        keeper, self._keeper, self._ready = self._keeper, None, None
        if keeper is not None:
            self._closing.set()
            await keeper

    async def _service(self) -> Service:
        if self._ready is None or (self._ready.done() and self._ready.exception() is not None):
            self._ready = asyncio.get_running_loop().create_future()
            self._closing = asyncio.Event()
            self._keeper = asyncio.create_task(self._keep(self._ready, self._closing), name="service")
        return await asyncio.shield(self._ready)

    async def _keep(self, ready: asyncio.Future[Service], closing: asyncio.Event) -> None:
        from riffusion_tui.config.errors import SecretError
        from riffusion_tui.services.base import NotSent, NotStarted, ServiceError, Unauthorized

        try:
            async with self._bring_up() as service:
                ready.set_result(service)
                await closing.wait()
        except ServiceError as error:
            _fail(ready, error)
        except SecretError as error:
            _fail(ready, Unauthorized(str(error)))
        except OSError as error:
            _fail(ready, NotStarted(f"{self._name} can't be started: {error_message(error).rstrip('.')}."))
        finally:
            # Other errors propagate when this task is awaited; callers must not wait forever.
            _fail(ready, NotSent(f"{self._name} could not be started."))


def _fail(ready: asyncio.Future[Service], error: ServiceError) -> None:
    if not ready.done():
        ready.set_exception(error)
        ready.exception()  # mark it as retrieved: waiters may be gone
