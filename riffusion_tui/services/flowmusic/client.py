"""Client for the Flow Music API v1, the vendor's successor to Riffusion.

Source: https://useapi.net/docs/api-flowmusic-v1. Protocol, transport and error handling are
shared with `riffusion_tui.services.riffusion`; fields and records differ. All calls raise
`riffusion_tui.services.base.ServiceError` and never retry. Making a song costs credits; listing, polling, lyrics and
accounts are free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.services import json_values
from riffusion_tui.services.address import segment
from riffusion_tui.services.base import (
    Accepted,
    AccountBroken,
    AccountBusy,
    AccountInfo,
    AddressGone,
    AddressUnreachable,
    BadRequest,
    Capabilities,
    CreateRequest,
    Expired,
    Forbidden,
    NotFound,
    NotSent,
    OtherSongs,
    PolledJob,
    PollResult,
    RemoteSong,
    RunningJob,
    Service,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
    Workload,
    WrittenLyrics,
    lyrics_prompt,
)
from riffusion_tui.services.capabilities import ServiceSetup
from riffusion_tui.services.download import fetch
from riffusion_tui.services.flowmusic import fields, profile, records
from riffusion_tui.services.flowmusic.clips import Clips
from riffusion_tui.services.http import DEFAULT_LIMITS, Api, TransferLimits
from riffusion_tui.services.inspection import AlwaysReady
from riffusion_tui.services.responses import check, reading_acceptance

NAME = "flowmusic"
PATH = "v1/flowmusic"
_MAX_LYRICS_PROMPT = 2_000
"""Maximum characters; https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music-lyrics"""
_ACCOUNTS_FOR_S = 60.0
"""Cache lifetime of the list of accounts, in seconds; `GET jobs` doesn't list idle accounts."""
_CONCURRENCY = 4
"""Maximum concurrent calls for single jobs or accounts."""


class FlowMusicService(AlwaysReady):
    """One API, one token. Implements `riffusion_tui.services.base.Service`.

    Args:
        address: the API's base URL; `/v1/flowmusic` is appended unless it ends in it.
        token: the bearer token, sent only to that address's origin.
        transport: replaces the network, for tests.
        clock: the time source.
        limits: size and time limits.
        insecure: allow http:// to another machine.
        name: the service's name in settings and jobs.
    """

    def __init__(
        self,
        address: str,
        token: Secret,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        limits: TransferLimits = DEFAULT_LIMITS,
        insecure: bool = False,
        name: str = NAME,
    ) -> None:
        self._clock = clock or SystemClock()
        self._api = Api(address, PATH, token, transport=transport, clock=self._clock, limits=limits, insecure=insecure)
        self._name = name
        self._turns = asyncio.Semaphore(_CONCURRENCY)
        self._refs: dict[str, str | None] = {}
        self._known: tuple[AccountInfo, ...] = ()
        self._known_until: float | None = None
        self._clips = Clips(self._api)

    @property
    def name(self) -> str:
        """Short name, used in settings, jobs and the top line."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return profile.CAPABILITIES

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt or one edit; returns before the song is made.

        Stems are the exception: the service makes them during the call, which takes up to two minutes.
        """
        if request.options.operation:
            path, body = fields.EDIT, fields.edit(request, await self._clips.to_edit(request.options.source or ""))
        else:
            path, body = fields.MUSIC, fields.creation(request)
        answer = await self._api.call("POST", path, fields=body, slow=True, confirm=request.confirm)
        with reading_acceptance(answer):
            try:
                data = check(answer)
            except AccountBusy as error:
                error.account = error.account or request.account
                raise
            accepted = records.accepted(data)
        self._refs[accepted.remote_ids[0]] = request.ref
        songs = records.finished_songs(data, accepted)
        self._clips.keep(songs)
        return replace(accepted, songs=songs)

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        """List running jobs in one call, then fetch the others one by one; a single job is fetched directly."""
        songs: list[RemoteSong] = []
        left = list(jobs)
        if len(left) > 1:
            try:
                listed = records.running(check(await self._api.call("GET", "jobs")))
            except ServiceError as error:
                return PollResult(troubles=((None, error),))
            runs = {one.remote_id: one for one in listed}
            songs = [_running(runs[job.remote_id]) for job in left if job.remote_id in runs]
            left = [job for job in left if job.remote_id not in runs]
        answers = await asyncio.gather(*(self._poll_one(job) for job in left))
        found = [answer for answer in answers if isinstance(answer, RemoteSong)]
        lost = [answer for answer in answers if isinstance(answer, tuple)]
        troubles = {(account, type(error)): (account, error) for account, error in _troubles(left, answers)}
        return PollResult((*songs, *found), tuple(lost), tuple(troubles.values()))

    async def _poll_one(self, job: PolledJob) -> RemoteSong | tuple[str, ServiceError] | ServiceError:
        async with self._turns:
            try:
                song = await self.song(job.account, job.remote_id)
            except (Forbidden, Expired, OtherSongs) as error:
                return (job.remote_id, error)
            except ServiceError as error:
                return error
        return song or (job.remote_id, NotFound("The service no longer has the job; it keeps jobs for seven days."))

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        """List an account's clips, newest first."""
        return await self._clips.songs(account, limit, offset)

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song: from its job, or if that has expired, from the list of its account's clips."""
        return await self._clips.song(account, remote_id)

    async def workload(self) -> Workload:
        """Fetch the running jobs and free slots of all accounts.

        `GET jobs` doesn't include `replyRef`, which identifies requests whose response was lost. It is known for jobs
        created here, and fetched once for each other job.
        """
        data = check(await self._api.call("GET", "jobs"))
        listed = records.running(data)
        self._refs |= {job.remote_id: job.ref for job in listed if job.ref}
        unknown = [job for job in listed if job.remote_id not in self._refs]
        await asyncio.gather(*(self._fetch_ref(job) for job in unknown))
        self._refs = {job.remote_id: self._refs[job.remote_id] for job in listed if job.remote_id in self._refs}
        running = tuple(
            RunningJob(job.remote_id, job.account, job.started_at, self._refs.get(job.remote_id)) for job in listed
        )
        return Workload(running, records.capacity(data, await self._accounts()))

    async def _fetch_ref(self, job: RunningJob) -> None:
        async with self._turns:
            try:
                song = await self.song(job.account, job.remote_id)
            except (Unauthorized, NotSent):
                raise
            except ServiceError:
                return  # fetched again with the next poll
        self._refs[job.remote_id] = song.ref if song else None

    async def cancel(self, remote_id: str) -> None:
        """Free a job's slot. Its credits are spent anyway, and the song may still be made."""
        job, clip = records.split(remote_id)
        if not clip:
            check(await self._api.call("DELETE", f"jobs/{segment(job)}"))

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the accounts; working ones with their current credits."""
        listed = records.accounts(check(await self._api.call("GET", "accounts")))
        found = tuple(await asyncio.gather(*(self._with_credits(one) for one in listed)))
        self._keep_accounts(found)
        return found

    async def _with_credits(self, account: AccountInfo) -> AccountInfo:
        if account.error or account.credits is not None:
            return account
        async with self._turns:
            try:
                return await self.account(account.user_id)
            except (Unauthorized, NotSent):
                raise
            except ServiceError:
                return account

    async def account(self, email: str) -> AccountInfo:
        """Fetch one account, including its current credits."""
        return records.account(json_values.record(check(await self._api.call("GET", f"accounts/{segment(email)}"))))

    async def _accounts(self) -> tuple[AccountInfo, ...]:
        if self._known_until is None or self._clock.steady() >= self._known_until:
            self._keep_accounts(records.accounts(check(await self._api.call("GET", "accounts"))))
        return self._known

    def _keep_accounts(self, found: tuple[AccountInfo, ...]) -> None:
        self._known, self._known_until = found, self._clock.steady() + _ACCOUNTS_FOR_S

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Add or repair an account with a refresh token; without one, change the `maxJobs` of `user_id`.

        Raises:
            BadRequest: both refresh token and account are missing, or `max_jobs` is out of range.
        """
        if not 1 <= max_jobs <= profile.CAPABILITIES.max_jobs:
            raise BadRequest(f"maxJobs must be a whole number from 1 to {profile.CAPABILITIES.max_jobs}.")
        if credential:
            body: dict[str, Secret | str | int] = {"refresh_token": credential, "maxJobs": max_jobs}
        elif user_id:
            body = {"email": user_id, "maxJobs": max_jobs}
        else:
            raise BadRequest("Adding an account requires its refresh token.")
        self._known_until = None
        answer = check(await self._api.call("POST", "accounts", fields=body, slow=True))
        return await self._with_credits(records.repaired(answer, user_id, max_jobs))

    async def remove_account(self, user_id: str) -> None:
        """Remove an account from the service's configuration."""
        self._known_until = None
        check(await self._api.call("DELETE", f"accounts/{segment(user_id)}"))

    async def download(
        self, song: RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        """Download the song's audio to `to`: m4a and wav from their public URLs, without the token; mp3 from the API.

        Without a format, the first available of the three is used: public URLs may expire.
        """
        public = {"m4a": song.download_url, "wav": json_values.text(song.raw, "wav_url")}
        there = {name: address for name, address in public.items() if address and format in (None, name)}
        gone: ServiceError | None = None
        for address in there.values():
            try:
                await fetch(self._api, self._api.address(address), to, progress, public=True)
            except AddressGone as error:
                gone = error
            else:
                return
        if format not in (None, "mp3"):
            if isinstance(gone, AddressUnreachable):
                raise gone
            raise NotFound(f"This song is not available as {format}.") from gone
        clip = records.clip_of(song.raw) or records.split(song.remote_id)[1] or song.remote_id
        await fetch(self._api, self._api.base.join("music/download"), to, progress, {"id": clip, "format": "mp3"})

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Write lyrics for `prompt`, or rewrite `lyrics`; this costs no credits.

        Raises:
            BadRequest: prompt and lyrics together are too long.
        """
        concept = lyrics_prompt(prompt, lyrics)
        if len(concept) > _MAX_LYRICS_PROMPT:
            raise BadRequest(f"The prompt has {len(concept):,} characters; at most {_MAX_LYRICS_PROMPT:,} are allowed.")
        data = check(await self._api.call("POST", "music/lyrics", fields={"prompt": concept}, slow=True))
        if written := json_values.text(data, "lyrics"):
            return WrittenLyrics(written)
        raise Unreadable("The service wrote no lyrics.")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()


def _troubles(jobs: Iterable[PolledJob], answers: Iterable[object]) -> Iterable[tuple[str | None, ServiceError]]:
    """Attribute each error to an account (the one it names or the job's) or, with None, to the whole service."""
    for job, answer in zip(jobs, answers, strict=True):
        if isinstance(answer, ServiceError):
            global_error = isinstance(answer, Unauthorized | NotSent | Unanswered)
            named = answer.account if isinstance(answer, AccountBroken) else None
            yield (None if global_error else named or job.account), answer


def _running(job: RunningJob) -> RemoteSong:
    return RemoteSong(
        job.remote_id, job.account, finished=False, failed=False, status="pending", created_at=job.started_at
    )


def open_client(setup: ServiceSetup) -> Service:
    """Create a client from `setup`; without a token, every call raises `Unauthorized`."""
    (address,) = setup.addresses
    token = setup.tokens.get(address, Secret(""))
    return FlowMusicService(address, token, clock=setup.clock, insecure=setup.insecure)
