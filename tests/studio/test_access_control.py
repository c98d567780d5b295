"""The gate counts wrong tokens: guessing is infeasible, and callers with the token are not affected."""

from __future__ import annotations

from typing import Any

import httpx

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.http.access_control import WRONG_BURST, AccessControl, PortRules
from riffusion_tui.studio.http.signing import FILES


class Clock(SystemClock):
    time = 0.0

    def steady(self) -> float:
        return self.time


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_wrong_tokens_are_delayed_and_the_right_one_is_not() -> None:
    clock = Clock()
    transport = httpx.ASGITransport(AccessControl(app, Secret("the right one"), clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:

        async def status(token: str) -> int:
            return (await client.get("/", headers={"Authorization": f"Bearer {token}"})).status_code

        wrong = [await status(f"guess {number}") for number in range(int(WRONG_BURST) + 5)]
        assert wrong == [401] * int(WRONG_BURST) + [429] * 5
        assert await status("the right one") == 200
        clock.time += 1.0
        assert [await status("another guess"), await status("and another")] == [401, 429]


async def test_signed_urls_have_their_own_rate_limit() -> None:
    rules = PortRules(frozenset({"localhost"}), calls_per_s=1.0, burst=3.0)
    transport = httpx.ASGITransport(AccessControl(app, Secret("the right one"), Clock(), rules))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        strangers = [(await client.get(f"{FILES}/a/song.mp3?sig=guess")).status_code for _ in range(5)]
        assert strangers == [200] * 3 + [429] * 2
        token = {"Authorization": "Bearer the right one"}
        assert [(await client.get("/", headers=token)).status_code for _ in range(4)] == [200] * 3 + [429]
