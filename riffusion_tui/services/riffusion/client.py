"""Client for the Riffusion API v1 and compatible servers.

Source: https://useapi.net/docs/api-riffusion-v1. All calls raise `riffusion_tui.services.base.ServiceError` and
never retry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.services import json_values
from riffusion_tui.services.address import segment
from riffusion_tui.services.base import (
    Accepted,
    AccountInfo,
    BadRequest,
    Capabilities,
    Capacity,
    CreateRequest,
    Expired,
    Forbidden,
    NotFound,
    NotSent,
    OtherSongs,
    Oversized,
    PolledJob,
    PollResult,
    RemoteSong,
    RunningJob,
    ServerFault,
    Service,
    ServiceError,
    Unanswered,
    Unreadable,
    Workload,
    WrittenLyrics,
)
from riffusion_tui.services.capabilities import ServiceSetup
from riffusion_tui.services.download import fetch
from riffusion_tui.services.http import DEFAULT_LIMITS, Api, TransferLimits
from riffusion_tui.services.inspection import AlwaysReady
from riffusion_tui.services.responses import check, reading_acceptance
from riffusion_tui.services.riffusion import fields, profile, records

NAME = "riffusion"
PATH = "v1/riffusion"
_PAGE = 50


class RiffusionService(AlwaysReady):
    """One API, one token. Implements `riffusion_tui.services.base.Service`.

    Args:
        address: the API's base URL; `/v1/riffusion` is appended unless it ends in it.
        token: the bearer token, sent only to that address's origin.
        transport: replaces the network (`riffusion_tui.services.asgi_transport`).
        clock: the time source.
        form: send bodies as multipart/form-data instead of JSON; the API accepts both.
        limits: size and time limits.
        insecure: allow http:// to another machine.
        studio: the server is this project's studio, in this process. It extends the API with a seed, a length, locks,
            edits, more formats, and changing an account's `maxJobs` without a cookie. Elsewhere
            `fetch_capabilities` finds out; other servers get none of it.
        name: the service's name in settings and jobs.
    """

    def __init__(
        self,
        address: str,
        token: Secret,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        form: bool = False,
        limits: TransferLimits = DEFAULT_LIMITS,
        insecure: bool = False,
        studio: bool = False,
        name: str = NAME,
    ) -> None:
        self._api = Api(address, PATH, token, transport=transport, clock=clock, limits=limits, insecure=insecure)
        self._form = form
        self._name = name
        self._known = studio
        self._capabilities = profile.STUDIO_CAPABILITIES if studio else profile.CAPABILITIES

    @property
    def name(self) -> str:
        """Short name, used in settings, jobs and the top line."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; what a studio adds, only after `fetch_capabilities` or `workload`."""
        return self._capabilities

    async def fetch_capabilities(self) -> None:
        """Ask the server once whether it is a studio, and for its features."""
        if not self._known:
            try:
                await self.workload()
            except Unreadable:
                self._recognize(None)

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt: with create-compose if it has lyrics or other fields of that call, otherwise create-prompt.

        `NotSent` is raised only if no byte of it can have arrived. After `Unanswered` and `ServerFault` it may have
        been accepted; after every other error it was not.
        """
        if fields.extends_api(request):
            try:
                await self.fetch_capabilities()
            except (Unanswered, ServerFault) as error:
                raise NotSent(str(error)) from None
        path, body = fields.creation(request, self._capabilities)
        answer = await self._api.call("POST", path, fields=body, form=self._form, slow=True, confirm=request.confirm)
        with reading_acceptance(answer):
            return records.accepted(check(answer))

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        """Poll running jobs: one list per account, and one scheduler call if a job is in no list."""
        return await _Poll(self, jobs).run()

    async def songs(self, account: str | None, *, limit: int = _PAGE, offset: int = 0) -> tuple[RemoteSong, ...]:
        """List an account's songs, newest first; account may be None only if there is a single one."""
        return await self._music(account, offset=offset, limit=limit)

    async def _music(self, account: str | None, **query: str | int) -> tuple[RemoteSong, ...]:
        data = check(await self._api.call("GET", "music/", params={"user_id": account, **query}))
        # In a thread: waveforms and timed lyrics are nested JSON, megabytes of it in a long list.
        return await asyncio.to_thread(records.songs, data, account)

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song; None if the account's list doesn't contain it (yet)."""
        return records.about(await self.with_id(account, remote_id), remote_id)

    async def with_id(self, account: str | None, remote_id: str) -> tuple[RemoteSong, ...]:
        """Return what the server answers to a query for one song: that song, nothing, or others if it ignores ids."""
        try:
            return await self._music(account, id=remote_id)
        except NotFound:
            return ()

    async def scheduler(self) -> tuple[RunningJob, ...]:
        """Fetch the running jobs of all accounts."""
        return records.running(check(await self._api.call("GET", "scheduler")))

    async def workload(self) -> Workload:
        """Fetch running jobs and free slots in one call, or in two if the server doesn't support that call."""
        try:
            data = check(await self._api.call("GET", "scheduler/available"))
            found = records.workload(data)
            self._recognize(records.extensions(data))
            return found
        except NotFound:
            self._recognize(None)
            running, accounts = await self.scheduler(), await self.accounts()
        capacity = []
        for account in accounts:
            busy = sum(job.account == account.user_id for job in running)
            capacity.append(Capacity(account.user_id, account.max_jobs, busy))
        return Workload(running, tuple(capacity))

    def _recognize(self, extensions: Capabilities | None) -> None:
        """Store what the server reports; it may change with a restart."""
        self._known = True
        if not self._capabilities.local:
            self._capabilities = extensions or profile.CAPABILITIES

    async def cancel(self, remote_id: str) -> None:
        """Stop tracking a job. The song may still be made."""
        check(await self._api.call("DELETE", f"scheduler/{segment(remote_id)}"))

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the accounts; none configured (404) is an empty tuple, not an error."""
        try:
            return records.accounts(check(await self._api.call("GET", "accounts")))
        except NotFound:
            return ()

    async def account(self, user_id: str) -> AccountInfo:
        """Fetch one account."""
        return self._account(check(await self._api.call("GET", f"accounts/{segment(user_id)}")))

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Add or repair an account with its cookie. A cookie is sent once: sending it again would break its session.

        Raises:
            BadRequest: the cookie is missing; only a studio can change an account without one.
        """
        studio = self._capabilities is not profile.CAPABILITIES
        if not credential and not (studio and user_id):
            raise BadRequest("Adding, repairing or changing an account requires a new cookie.")
        body = {"cookie": credential or None, "maxJobs": max_jobs, "user_id": user_id if studio else None}
        return self._account(check(await self._api.call("POST", "accounts", fields=body, form=self._form)))

    async def remove_account(self, user_id: str) -> None:
        """Remove an account from the service's configuration."""
        check(await self._api.call("DELETE", f"accounts/{segment(user_id)}"))

    async def download(
        self, song: RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        """Download the song's audio to `to`: from its public URL if that has the format, else with music/download."""
        address = song.download_url
        if address and (format is None or _suffix(address) == format):
            url, params = self._api.address(address), None
        else:
            url = self._api.base.join("music/download")
            wanted = format or self._capabilities.formats[0]
            params = {"id": song.remote_id, "user_id": song.account or None, "download_format": wanted}
        try:
            await fetch(self._api, url, to, progress, params)
        except (NotFound, BadRequest, Unreadable) as error:
            if address or format is not None:
                raise
            message = "The service reports the song as completed, but its audio can't be downloaded:"
            raise type(error)(f"{message} {error}") from None

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Write lyrics for `prompt`, or rewrite `lyrics`."""
        body = {"prompt": prompt, "lyrics": lyrics or None}
        data = check(await self._api.call("POST", "music/generate-lyrics", fields=body, form=self._form, slow=True))
        if written := json_values.text(data, "lyrics"):
            return WrittenLyrics(written)
        raise Unreadable("The service wrote no lyrics.")

    async def remove_song(self, account: str | None, remote_id: str) -> None:
        """Delete a song at the service. The fields aren't documented, so those of GET music are used."""
        check(await self._api.call("DELETE", "music/", params={"user_id": account, "id": remote_id}))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    def _account(self, data: Any) -> AccountInfo:
        return records.account(json_values.record(data))


class _Poll:
    """One poll of running jobs."""

    def __init__(self, service: RiffusionService, jobs: Sequence[PolledJob]) -> None:
        self._service = service
        self._left = {job.remote_id: job for job in jobs}
        self._songs: list[RemoteSong] = []
        self._lost: list[tuple[str, ServiceError]] = []
        self._troubles: list[tuple[str | None, ServiceError]] = []

    async def run(self) -> PollResult:
        beyond: set[str | None] = set()
        for account in dict.fromkeys(job.account for job in self._left.values()):
            mine = [job for job in self._left.values() if job.account == account]
            limit = min(_PAGE, max(10, 2 * len(mine)))
            try:
                listed = await self._service.songs(account, limit=limit)
            except Oversized:
                await self._fetch_each(mine)
                continue
            except ServiceError as error:
                self._give_up(account, error)
                continue
            for job in mine:
                self._note(job, records.about(listed, job.remote_id))
            if len(listed) >= 10:
                beyond.add(account)
        if self._left:
            await self._read_scheduler()
        for job in [job for job in self._left.values() if job.account in beyond]:
            if job.remote_id in self._left:
                await self._fetch_one(job)
        return PollResult(tuple(self._songs), tuple(self._lost), tuple(self._troubles))

    async def _fetch_each(self, jobs: Sequence[PolledJob]) -> None:
        """Fetch songs one by one: a single record can make their list too large to read."""
        for job in jobs:
            try:
                self._note(job, await self._service.song(job.account, job.remote_id))
            except Oversized as error:
                self._lost.append((job.remote_id, error))
                del self._left[job.remote_id]
            except ServiceError as error:
                self._give_up(job.account, error)
                return

    async def _read_scheduler(self) -> None:
        try:
            running = await self._service.scheduler()
        except ServiceError as error:
            self._troubles.append((None, error))
            self._left.clear()
            return
        for entry in running:
            job = self._left.get(entry.remote_id)
            self._note(
                job, RemoteSong(entry.remote_id, entry.account, False, False, "running", ref=entry.ref) if job else None
            )

    async def _fetch_one(self, job: PolledJob) -> None:
        """Fetch a job by id, because it is older than the list."""
        try:
            found = await self._service.with_id(job.account, job.remote_id)
        except (Forbidden, Expired) as error:
            self._lost.append((job.remote_id, error))
        except ServiceError as error:
            self._give_up(job.account, error)
        else:
            song = records.about(found, job.remote_id)
            self._note(job, song)
            if song is None and found:
                words = f"The server was asked for the song {job.remote_id}, and answered with others."
                self._lost.append((job.remote_id, OtherSongs(words)))

    def _note(self, job: PolledJob | None, song: RemoteSong | None) -> None:
        if job is not None and song is not None:
            self._songs.append(song)
            del self._left[job.remote_id]

    def _give_up(self, account: str | None, error: ServiceError) -> None:
        self._troubles.append((account, error))
        self._left = {key: job for key, job in self._left.items() if job.account != account}


def _suffix(address: str) -> str:
    return address.partition("?")[0].rpartition(".")[2].lower()


def open_client(setup: ServiceSetup) -> Service:
    """Create a client from `setup`; without a token, every call raises `Unauthorized`."""
    (address,) = setup.addresses
    token = setup.tokens.get(address, Secret(""))
    return RiffusionService(address, token, clock=setup.clock, insecure=setup.insecure)
