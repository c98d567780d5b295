"""A studio in this process, with a small real engine in threads, and an HTTP client that reaches it without a port."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from riffusion_tui.studio.server import Studio
from riffusion_tui.studio.studio_settings import StudioSettings

TONE = "tests.studio.tone:ToneEngine"
BASE = "/v1/riffusion"


class RunningStudio:
    """An open studio and a client of it."""

    def __init__(self, studio: Studio, client: httpx.AsyncClient) -> None:
        self.studio = studio
        self.client = client

    async def create(self, prompt: str = "a tone", **fields: Any) -> httpx.Response:
        return await self.client.post(f"{BASE}/music/create-prompt", json={"prompt": prompt, **fields})

    async def made(self, prompt: str = "a tone", **fields: Any) -> dict[str, Any]:
        """Make a song and return its record when it has ended."""
        answer = await self.create(prompt, **fields)
        assert answer.status_code == 200, answer.text
        return await self.ended(answer.json()["job_id"], answer.json()["user_id"])

    async def ended(self, job_id: str, user_id: str) -> dict[str, Any]:
        for _ in range(1000):
            record = await self.song(job_id, user_id)
            if record["status"] in ("completed", "failed"):
                return record
            await asyncio.sleep(0.02)
        raise AssertionError(f"{job_id} did not end")

    async def begun(self, job_id: str, user_id: str) -> None:
        """Wait until the engine has started."""
        for _ in range(500):
            if (await self.song(job_id, user_id)).get("progress", 0) > 0:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{job_id} did not begin")

    async def song(self, job_id: str, user_id: str) -> dict[str, Any]:
        answer = await self.client.get(f"{BASE}/music/", params={"id": job_id, "user_id": user_id})
        assert answer.status_code == 200, answer.text
        record: dict[str, Any] = answer.json()[0]
        return record

    async def post_account(self, **fields: Any) -> dict[str, Any]:
        answer = await self.client.post(f"{BASE}/accounts", json=fields)
        assert answer.status_code == 201, answer.text
        account: dict[str, Any] = answer.json()
        return account

    async def only_account(self) -> str:
        accounts = (await self.client.get(f"{BASE}/accounts")).json()
        (user_id,) = accounts
        return str(user_id)


def client_of(studio: Studio, token: str | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(studio.app),
        base_url="http://studio",
        headers={"Authorization": f"Bearer {token or studio.token.reveal()}"},
    )


Opening = Callable[..., AbstractAsyncContextManager[RunningStudio]]


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    """Open a studio in the test's folder with changed settings."""
    rng = random.Random(1)

    @asynccontextmanager
    async def opened(*, processes: bool = False, **changes: Any) -> AsyncIterator[RunningStudio]:
        settings = StudioSettings(**{"data_dir": tmp_path / "studio", "engine": TONE, "max_jobs": 10, **changes})
        executor = None if processes else ThreadPoolExecutor
        async with Studio(settings, rng=rng, executor=executor) as studio, client_of(studio) as client:
            yield RunningStudio(studio, client)

    return opened


@pytest.fixture
async def running(opening: Opening) -> AsyncIterator[RunningStudio]:
    async with opening() as running:
        yield running
