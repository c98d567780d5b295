"""Dispatchers on one folder in virtual time that can be stopped and continued, as SIGSTOP and SIGCONT do."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from riffusion_tui.dispatch import Dispatcher
from riffusion_tui.file_lock import FileLock
from riffusion_tui.services import base
from riffusion_tui.services.base import Accepted, CreateRequest, Service
from riffusion_tui.store import Store
from tests.dispatch.bench import Bench
from tests.dispatch.virtual import VirtualClock
from tests.dispatch.world import World


class StoppableClock(VirtualClock):
    """A clock whose sleeps don't end while the process is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = asyncio.Event()
        self.runs.set()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.runs.wait()


@dataclass
class StoppableLine:
    """A process's connection to the service: while stopped, it sends nothing and reads no response."""

    world: World
    clock: StoppableClock

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.world, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **fields: Any) -> Any:
            await self.clock.runs.wait()
            try:
                answer, error = await found(*args, **fields), None
            except base.ServiceError as raised:
                answer, error = None, raised
            await self.clock.runs.wait()
            if error is not None:
                raise error
            return answer

        return call

    async def create(self, request: CreateRequest) -> Accepted:
        await asyncio.sleep(0.5)  # connecting
        await self.clock.runs.wait()
        assert request.confirm is not None
        request.confirm()
        answer: Accepted = await self.__getattr__("create")(request)
        return answer


class StoppableProcess:
    """A dispatcher with its own store connection and lock."""

    def __init__(self, b: Bench, number: int, service: Service | None = None) -> None:
        self.clock = StoppableClock()
        self.store = Store.open(b.store.path, self.clock)
        self.store._run("PRAGMA synchronous = OFF")
        self.lock = FileLock(b.folder / "dispatch.lock")
        line: Service = StoppableLine(b.world, self.clock)
        self.dispatcher = Dispatcher(
            self.store,
            service or line,
            clock=self.clock,
            rng=random.Random(number),
            folder=b.folder / "songs",
            lock=self.lock,
        )

    async def __aenter__(self) -> StoppableProcess:
        await self.dispatcher.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.go_on()
        await self.dispatcher.__aexit__(None, None, None)
        self.store.close()

    def stop(self) -> None:
        self.clock.runs.clear()

    def go_on(self) -> None:
        self.clock.runs.set()
