"""Shared by the tests of the clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from riffusion_tui.jobs.model import Options
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import CreateRequest
from riffusion_tui.services.http import TransferLimits
from riffusion_tui.services.riffusion.client import RiffusionService
from tests.services.raw import Raw, raw_server

TOKEN = "user:1234-canary-abcdef"
QUICK = TransferLimits(
    connect_s=2, silence_s=0.4, call_s=0.8, slow_s=0.8, download_s=2, body=64 * 2**10, download=2**20
)
"""Bounds that a test can reach."""


def request(prompt: str = "jazzy k-pop song about a distant lover", **options: Any) -> CreateRequest:
    account = options.pop("account", None)
    return CreateRequest(prompt, Options(**options), "ref-1", account)


@asynccontextmanager
async def riffusion(url: str, **options: Any) -> AsyncIterator[RiffusionService]:
    service = RiffusionService(url, Secret(TOKEN), **({"limits": QUICK} | options))
    try:
        yield service
    finally:
        await service.aclose()


@asynccontextmanager
async def answering(*answers: bytes, **options: Any) -> AsyncIterator[tuple[RiffusionService, Raw]]:
    """Start a server with these responses, and a client for it."""
    async with raw_server(*answers) as raw, riffusion(raw.url, **options) as service:
        yield service, raw
