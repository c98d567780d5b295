"""A service in memory that counts songs.

It replaces a real service: it fails on command, at a chosen moment, and then reports how often each prompt was made. It
implements the protocol of `services.base` and doesn't know the dispatcher.
"""

from __future__ import annotations

import asyncio
import io
import random
import wave
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from riffusion_tui.secret import Secret
from riffusion_tui.services.base import (
    Accepted,
    AccountBroken,
    AccountBusy,
    AccountInfo,
    Capabilities,
    Capacity,
    CreateRequest,
    NotFound,
    NotSent,
    PolledJob,
    PollResult,
    RemoteSong,
    RunningJob,
    ServerFault,
    ServiceError,
    Unanswered,
    Unauthorized,
    Workload,
    WrittenLyrics,
)
from riffusion_tui.services.inspection import AlwaysReady
from tests.dispatch.virtual import EPOCH


def sound(seconds: float = 0.05) -> bytes:
    """A short WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\2" * int(8000 * seconds))
    return buffer.getvalue()


SOUND = sound()


@dataclass
class Making:
    """A request that was accepted."""

    remote_id: str
    account: str
    request: CreateRequest
    began: float
    ends: float
    failed: bool = False
    gone: bool = False


@dataclass
class Slot:
    max_jobs: int
    broken: bool = False
    others: int = 0
    credits: float | None = None


@dataclass
class World(AlwaysReady):
    """The remote side. `faults[call]` are used one per call: an error to raise, or a word for `create`."""

    accounts_there: dict[str, Slot] = field(default_factory=lambda: {"a": Slot(2)})
    duration: Callable[[], float] = lambda: 60.0
    latency: float = 0.1
    made: list[Making] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    posts: list[tuple[float, str, str | None]] = field(default_factory=list)
    busy: int = 0
    faults: dict[str, list[ServiceError | str]] = field(default_factory=dict)
    token_ok: bool = True
    online: bool = True
    shows_refs: bool = True
    shows_prompts: bool = True
    shows_groups: bool = True
    pairs: str = ""
    concurrency: int = 0
    made_s: float | None = None
    sings: tuple[tuple[float, str], ...] = ()
    """Timed lines of every song."""
    body: Callable[[int], bytes] = lambda attempt: SOUND
    name: str = "world"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(formats=("wav",), lyrics=True, seed=True))
    names_broken: bool = True

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def per_prompt(self) -> Counter[str]:
        return Counter(one.request.prompt for one in self.made)

    def running(self, account: str) -> list[Making]:
        return [one for one in self.made if one.account == account and not one.gone and one.ends > self.now]

    async def _call(self, what: str) -> str:
        """Count a call; raise its fault, or return its fault word."""
        self.calls[what] += 1
        await asyncio.sleep(self.latency)
        if not self.online:
            raise NotSent("No connection.")
        if not self.token_ok:
            raise Unauthorized("Unauthorized")
        faults = self.faults.get(what)
        fault = faults.pop(0) if faults else ""
        if isinstance(fault, ServiceError):
            raise fault
        return fault

    async def create(self, request: CreateRequest) -> Accepted:
        self.posts.append((self.now, request.prompt, request.account))
        word = await self._call("create")
        if word == "cut before":
            raise Unanswered("The connection was cut.")
        account = request.account or next(iter(self.accounts_there), "only")
        slot = self.accounts_there.setdefault(account, Slot(1))
        if slot.broken:
            raise AccountBroken("Account has pending error.", account=account if self.names_broken else None)
        running = self.running(account)
        if len(running) + slot.others >= (request.options.max_jobs or slot.max_jobs):
            self.busy += 1
            raise AccountBusy(
                f"Account {account} is busy executing {len(running) + slot.others} jobs",
                account=account,
                running=(*self._entries(running), *_others(account, slot)),
            )
        ids = self._begin(account, request)
        if word == "cut after":
            raise Unanswered("The connection was cut.")
        if word == "fault after":
            raise ServerFault("It failed.")
        if word == "hang":
            await asyncio.sleep(3600)
        return Accepted(ids, account, tuple(song for one in ids if (song := self._find(one)) and song.finished))

    def _begin(self, account: str, request: CreateRequest) -> tuple[str, ...]:
        began = self.now
        making = Making(f"r{len(self.made)}", account, request, began, began + self.duration())
        self.made.append(making)
        return self._ids(making)

    def _ids(self, one: Making) -> tuple[str, ...]:
        return (one.remote_id, one.remote_id + "-b") if self.pairs == "ids" else (one.remote_id,)

    def _entries(self, running: Sequence[Making]) -> list[RunningJob]:
        return [
            RunningJob(id, one.account, EPOCH + one.began, one.request.ref if self.shows_refs else None)
            for one in running
            for id in self._ids(one)
        ]

    def _song(self, one: Making, remote_id: str | None = None) -> RemoteSong:
        ended = one.ends <= self.now
        song = RemoteSong(
            remote_id or one.remote_id,
            one.account,
            finished=ended and not one.failed,
            failed=ended and one.failed,
            status="completed" if ended else "running",
            prompt=one.request.prompt if self.shows_prompts else "",
            ref=one.request.ref if self.shows_refs else None,
            group=f"group of {one.remote_id}" if self.shows_groups else "",
            created_at=EPOCH + one.began,
            title=f"Song of {one.request.prompt}",
            duration_s=1.0,
            made_s=self.made_s if ended else None,
            plan={"bpm": 90, "key": "Am", "genre": "lofi"},
            timed_lyrics=self.sings,
        )
        if self.pairs == "siblings" and ended and remote_id is None:
            song = replace(song, siblings=(self._song(one, one.remote_id + "-b"),))
        return song

    def _find(self, remote_id: str) -> RemoteSong | None:
        for one in self.made:
            if remote_id.removesuffix("-b") == one.remote_id and not one.gone:
                return self._song(one, remote_id if remote_id.endswith("-b") else None)
        return None

    async def poll(self, jobs: Sequence[PolledJob]) -> PollResult:
        try:
            await self._call("poll")
        except ServiceError as error:
            return PollResult(troubles=((None, error),))
        troubles = tuple(
            (account, AccountBroken("Account has pending error.", account=account))
            for account in {job.account for job in jobs}
            if account and account in self.accounts_there and self.accounts_there[account].broken
        )
        silent = {account for account, _ in troubles}
        found = [self._find(job.remote_id) for job in jobs if job.account not in silent]
        return PollResult(songs=tuple(song for song in found if song), troubles=troubles)

    async def songs(self, account: str | None, *, limit: int = 50, offset: int = 0) -> tuple[RemoteSong, ...]:
        await self._call("songs")
        mine = [one for one in reversed(self.made) if account in (None, one.account) and not one.gone]
        listed = [self._song(one, None if id == one.remote_id else id) for one in mine for id in self._ids(one)]
        return tuple(listed[offset : offset + limit])

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        await self._call("song")
        return self._find(remote_id)

    async def workload(self) -> Workload:
        await self._call("workload")
        running: list[RunningJob] = []
        capacity = []
        for account, slot in self.accounts_there.items():
            mine = self.running(account)
            running += self._entries(mine)
            running += _others(account, slot)
            busy = len(mine) + slot.others
            capacity.append(Capacity(account, slot.max_jobs, busy))
        return Workload(tuple(running), tuple(capacity), self.concurrency)

    async def cancel(self, remote_id: str) -> None:
        await self._call("forget")
        for one in self.made:
            if one.remote_id == remote_id:
                one.gone = True
                return
        raise NotFound("No such job.")

    async def accounts(self) -> tuple[AccountInfo, ...]:
        await self._call("accounts")
        return tuple(
            AccountInfo(account, slot.max_jobs, "pending error" if slot.broken else "", slot.credits)
            for account, slot in self.accounts_there.items()
        )

    async def repair_account(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        await self._call("repair_account")
        account = user_id or f"new{len(self.accounts_there)}"
        self.accounts_there[account] = Slot(max_jobs)
        return AccountInfo(account, max_jobs)

    async def remove_account(self, user_id: str) -> None:
        await self._call("remove_account")
        del self.accounts_there[user_id]

    async def download(
        self, song: RemoteSong, to: Path, progress: Callable[[int, int | None], None], format: str | None = None
    ) -> None:
        await self._call("download")
        body = self.body(self.calls["download"])
        to.write_bytes(body)
        progress(len(body), len(body))

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        await self._call("write_lyrics")
        return WrittenLyrics(f"{lyrics or ''}la la {prompt}")

    async def aclose(self) -> None:
        """Nothing to close."""


def uniform(low: float, high: float, seed: int = 1) -> Callable[[], float]:
    """Durations drawn from a range."""
    rng = random.Random(seed)
    return lambda: rng.uniform(low, high)


def _others(account: str, slot: Slot) -> list[RunningJob]:
    """Return the jobs of another client."""
    return [RunningJob(f"other-{account}-{n}", account) for n in range(slot.others)]
