"""Client for ACE-Step 1.5's HTTP API: one or more servers, each treated as an account.

Source: https://github.com/ace-step/ACE-Step-1.5 (docs/en/API.md and its code), and acestep-cpp-api. All calls
raise `riffusion_tui.services.base.ServiceError` and never retry. They are free of charge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import httpx

from riffusion_tui.clean import clean_line
from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.services.acestep import fields, profile, tags
from riffusion_tui.services.acestep.host import Host
from riffusion_tui.services.acestep.host_api import FormatRefused, HostApi
from riffusion_tui.services.base import (
    Accepted,
    AccountBroken,
    AccountInfo,
    BadRequest,
    Capabilities,
    Capacity,
    CreateRequest,
    NotFound,
    NotSent,
    PolledJob,
    PollResult,
    RateLimited,
    RemoteSong,
    ServerFault,
    Service,
    ServiceError,
    Unanswered,
    Unreadable,
    WarmingUp,
    Workload,
    WrittenLyrics,
    lyrics_prompt,
)
from riffusion_tui.services.capabilities import ServiceSetup
from riffusion_tui.services.http import DEFAULT_LIMITS, TransferLimits
from riffusion_tui.services.inspection import Inspection
from riffusion_tui.services.tls import Misconfigured

MAX_JOBS = 2
"""Default number of concurrent tasks per server: the running one and the next."""
_Ask = Callable[[Host], Awaitable[None]]
_SILENT = (NotSent, Unanswered, ServerFault)
"""Errors of a server that can't be used now: it doesn't respond, or a proxy responds instead."""
_MAX_SHOWN = 200
"""Maximum characters of a server's models in `doctor`."""
_FORGOTTEN = "The server no longer knows the task: it was restarted, or the task is too old."


class AceStepService:
    """Several servers as one service. Implements `riffusion_tui.services.base.Service`.

    Args:
        addresses: the servers' URLs, at least one.
        keys: address → key, for servers that require one.
        transport: replaces the network, for tests.
        clock: the time source.
        limits: size and time limits; loading a model has its own.
        format: the file format for jobs that specify none.
        max_jobs: maximum concurrent tasks per server.
        keep_key: called with (address, key) when a server's key changes.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        keys: Mapping[str, Secret] | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        limits: TransferLimits = DEFAULT_LIMITS,
        format: str = profile.FORMATS[0],
        max_jobs: int = MAX_JOBS,
        keep_key: Callable[[str, Secret], None] = lambda address, key: None,
    ) -> None:
        known, clock = keys or {}, clock or SystemClock()
        apis = [HostApi(one, known.get(one), clock=clock, limits=limits, transport=transport) for one in addresses]
        hosts = [Host(api, clock) for api in apis]
        self._hosts = {host.name: host for host in hosts}
        self._format = format if format in profile.FORMATS else profile.FORMATS[0]
        self._max_jobs = max_jobs
        self._keep_key = keep_key

    @property
    def name(self) -> str:
        """Short name, used in settings, jobs and the top line."""
        return profile.ACESTEP.name

    @property
    def capabilities(self) -> Capabilities:
        """Features according to the servers' latest responses: only models and edits that all servers have."""
        hosts = self._hosts.values()
        models = [host.models for host in hosts if host.models]
        shared = tuple(name for name in models[0] if all(name in other for other in models)) if models else ()
        return profile.CAPABILITIES._replace(
            models=shared,
            edits=profile.edits_for(frozenset.intersection(*(host.tasks for host in hosts))),
            lyrics=any(host.language_model for host in hosts),
        )

    async def fetch_capabilities(self) -> None:
        """Ask the servers for their models."""
        await self.accounts()

    async def create(self, request: CreateRequest) -> Accepted:
        """Send one prompt, or an edit with the file of its source song.

        Raises:
            WarmingUp: the server must load its models first; nothing was sent.
        """
        host = self._host(request.account)
        try:
            await host.check_ready()
            source = Path(request.options.source) if request.options.source else None
            task_id = await self._release(host, request, source)
        except NotSent as error:
            raise self._unreachable(host, error) from None
        return Accepted((f"{task_id}@{host.name}",), host.name)

    async def _release(self, host: Host, request: CreateRequest, source: Path | None) -> str:
        """Send a task; in another format if the server refuses one that the job doesn't insist on."""
        options = request.options
        model = await host.model_for(options.operation or "text2music", options.model)
        request = replace(request, options=options._replace(model=model))
        body = fields.creation(request, host.format or self._format, host.models)
        try:
            return await host.release(body, source, request.confirm)
        except FormatRefused:
            if "format" in dict(request.options.extra) or host.format:
                raise
        task_id = await host.release({**body, "audio_format": profile.COMMON_FORMAT}, source, request.confirm)
        host.format = profile.COMMON_FORMAT
        return task_id

    async def warm_up(self, account: str | None) -> None:
        """Load a server's models and wait: minutes, or longer if it downloads them first."""
        host = self._host(account)
        try:
            await host.load()
            await host.look()  # until now the edits and models of its disk were unknown
        except _SILENT as error:
            raise self._unreachable(host, error) from None

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        """Poll all tasks of each server in one call."""
        by_host: dict[str, list[str]] = {}
        lost: list[tuple[str, ServiceError]] = []
        for job in jobs:
            task_id, _, host = job.remote_id.partition("@")
            if host in self._hosts:
                by_host.setdefault(host, []).append(task_id)
            else:
                lost.append((job.remote_id, NotFound(f"{host or 'Its server'} is not in acestep.url; add it.")))
        parts = await asyncio.gather(*(self._poll(self._hosts[name], ids) for name, ids in by_host.items()))
        return PollResult(
            tuple(song for part in parts for song in part.songs),
            (*lost, *(one for part in parts for one in part.lost)),
            tuple(trouble for part in parts for trouble in part.troubles),
        )

    async def _poll(self, host: Host, task_ids: Sequence[str]) -> PollResult:
        try:
            songs, forgotten = await host.query(task_ids)
        except _SILENT as error:
            return PollResult(troubles=((host.name, self._unreachable(host, error)),))
        except ServiceError as error:
            return PollResult(troubles=((host.name, error),))
        return PollResult(songs, tuple((f"{one}@{host.name}", NotFound(_FORGOTTEN)) for one in forgotten))

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        """Return nothing: servers can't list songs."""
        return ()

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song; None if its server doesn't know it."""
        task_id, _, name = remote_id.partition("@")
        if name not in self._hosts:
            return None
        songs, _ = await self._hosts[name].query([task_id])
        return next(iter(songs), None)

    async def workload(self) -> Workload:
        """Fetch free slots. Servers don't list tasks, so tasks of other clients count only once the queue is full."""
        await self._each(Host.look_at_queue)
        full = {host.name: self._max_jobs if host.queue.full else 0 for host in self._hosts.values()}
        capacity = tuple(Capacity(name, self._max_jobs, busy) for name, busy in full.items())
        return Workload((), capacity)

    async def cancel(self, remote_id: str) -> None:
        """Do nothing: tasks can't be cancelled, so the server finishes it."""

    async def accounts(self) -> tuple[AccountInfo, ...]:
        """List the servers, each with its error, if any."""
        troubles = await self._each(Host.look)
        return tuple(AccountInfo(name, self._max_jobs, troubles.get(name, "")) for name in self._hosts)

    async def _each(self, ask: _Ask) -> dict[str, str]:
        """Call every server; return the errors of those that can't be used. Loading a model is not an error.

        Raises:
            ServiceError: no server could be reached.
        """
        hosts = list(self._hosts.values())
        answers = await asyncio.gather(*(_error_of(host, ask) for host in hosts))
        silent = [error for error in answers if isinstance(error, (*_SILENT, Unreadable, Misconfigured))]
        if len(silent) == len(hosts):
            raise silent[0]
        bad = [(host, error) for host, error in zip(hosts, answers, strict=True) if _is_bad(error)]
        return {host.name: str(error) for host, error in bad}

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        """Set a server's key, or without one, check the current key.

        Raises:
            BadRequest: the server isn't configured, or `max_jobs` differs; both are settings.
        """
        if user_id not in self._hosts:
            raise BadRequest("Add a server with: riffusion-tui settings set acestep.url ADDRESS,ADDRESS")
        if credential is None and max_jobs != self._max_jobs:
            raise BadRequest("For all servers: riffusion-tui settings set acestep.max_jobs N")
        host = self._hosts[user_id]
        if credential is not None:
            await host.api.set_key(credential)
            self._keep_key(host.api.address, credential)
        error = await _error_of(host, Host.look)
        return AccountInfo(host.name, self._max_jobs, str(error) if error else "")

    async def remove_account(self, user_id: str) -> None:
        """Refuse: the list of servers is a setting."""
        raise BadRequest("Remove its address from the setting acestep.url.")

    async def download(
        self, song: RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        """Download the song's file to `to`, in the format it was made in."""
        host = self._hosts.get(song.remote_id.partition("@")[2])
        if host is None:
            raise NotFound(f"{song.account} is not in acestep.url; add it.")
        made = song.download_url.rpartition(".")[2]
        if format is not None and not format.startswith(made):
            raise NotFound(f"The song is only available as {made}: its server can't convert it.")
        try:
            await host.api.fetch(song.download_url, to, progress)
        except NotSent as error:
            raise self._unreachable(host, error) from None
        await asyncio.to_thread(tags.write_tags, to, tags.tags_of(song))

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Write lyrics for `prompt`, or rewrite `lyrics`, with a server's language model."""
        host = next((host for host in self._hosts.values() if host.language_model), None)
        if host is None:
            raise BadRequest("No server has a language model loaded. Write the lyrics yourself.")
        return await host.write_lyrics(lyrics_prompt(prompt, lyrics))

    async def inspect(self) -> tuple[Inspection, ...]:
        """Describe each server for `doctor`."""
        found: list[Inspection] = []
        for host in self._hosts.values():
            error = await _error_of(host, Host.look)
            if error is None:
                found += _inspections(host)
            else:
                found.append(Inspection("server", "bad", f"{host.name}: {error}"))
        return tuple(found)

    async def aclose(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(host.aclose() for host in self._hosts.values()))

    def _host(self, account: str | None) -> Host:
        found = self._hosts.get(account) if account else next(iter(self._hosts.values()))
        if found is None:
            raise BadRequest(f"Unknown server {account}; use one of: {', '.join(self._hosts)}.")
        return found

    def _unreachable(self, host: Host, error: ServiceError) -> ServiceError:
        """Attribute an error to the server, or to the whole service if it is the only server."""
        return error if len(self._hosts) == 1 else AccountBroken(str(error), account=host.name)


def _is_bad(error: ServiceError | None) -> bool:
    return error is not None and not isinstance(error, RateLimited)


async def _error_of(host: Host, ask: _Ask) -> ServiceError | None:
    """Call a server; return its error, or None if it works or is loading."""
    try:
        await ask(host)
    except WarmingUp:
        return None
    except ServiceError as error:
        return error
    return None


def _named(host: Host) -> str:
    return clean_line(", ".join(host.models) or host.model or "default model", _MAX_SHOWN)


def _inspections(host: Host) -> list[Inspection]:
    found = [Inspection("server", "good", f"{host.name} answers: ACE-Step API {host.version or '(no version)'}")]
    if host.api.key_in_the_clear:
        found.append(Inspection("key", "warn", f"{host.name}: the key is sent unencrypted; use https:// or ssh -L"))
    if host.initialized is False:
        found.append(
            Inspection("model", "warn", f"{host.name}: not loaded; the first song loads it, which takes minutes")
        )
    else:
        found.append(Inspection("model", "good", f"{host.name}: {_named(host)}"))
    written = f"{host.language_model} writes lyrics" if host.language_model else "none; it can't write lyrics"
    found.append(Inspection("language", "good", f"{host.name}: {written}"))
    found.append(Inspection("formats", "good", f"{host.name}: flac, wav; mp3 and opus if ffmpeg is installed there"))
    waiting = f"{host.queue.waiting} of {host.queue.limit} waiting"
    average = f"; a song takes {host.queue.average_s:.0f} s on average" if host.queue.average_s else ""
    found.append(Inspection("queue", "good", f"{host.name}: {waiting}{average}"))
    return found


def open_client(setup: ServiceSetup) -> Service:
    """Create a client from `setup`."""
    return AceStepService(
        setup.addresses,
        setup.tokens,
        clock=setup.clock,
        format=setup.format,
        max_jobs=setup.max_jobs or MAX_JOBS,
        keep_key=setup.keep_token,
    )
