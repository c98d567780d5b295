"""Shared by the tests of the ACE-Step client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from riffusion_tui.secret import Secret
from riffusion_tui.services.acestep.client import AceStepService
from riffusion_tui.services.base import PolledJob, RemoteSong
from tests.acestep_server import AceServer, acestep_server
from tests.services.kit import QUICK, request

KEY = "ace-canary-key"
PATIENT = replace(QUICK, silence_s=5, call_s=5, slow_s=5)


@asynccontextmanager
async def client(*servers: AceServer, key: str = "", **options: Any) -> AsyncIterator[AceStepService]:
    keys = {server.url: Secret(key) for server in servers} if key else {}
    service = AceStepService([server.url for server in servers], keys, **({"limits": PATIENT} | options))
    try:
        yield service
    finally:
        await service.aclose()


@asynccontextmanager
async def one(key: str = "", **behavior: Any) -> AsyncIterator[tuple[AceStepService, AceServer]]:
    async with acestep_server(**({"song_s": 0.0} | behavior)) as server, client(server, key=key) as service:
        yield service, server


async def released(service: AceStepService, prompt: str = "calm piano", **options: Any) -> PolledJob:
    accepted = await service.create(request(prompt, **options))
    return PolledJob(accepted.remote_ids[0], accepted.account)


async def song_of(service: AceStepService, prompt: str = "calm piano", **options: Any) -> RemoteSong:
    """Generate a song that is finished at once."""
    (song,) = (await service.poll([await released(service, prompt, **options)])).songs
    return song
