"""Shared by the tests of the Flow Music client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from riffusion_tui.secret import Secret
from riffusion_tui.services.base import RemoteSong
from riffusion_tui.services.flowmusic.client import FlowMusicService
from tests.flowmusic_server import TOKEN, FlowAccount, FlowServer, flowmusic_server
from tests.services.kit import QUICK, request

ANN, BOB = "ann@example.com", "bob+2@example.com"


@asynccontextmanager
async def client(server: FlowServer, token: str = TOKEN, **options: Any) -> AsyncIterator[FlowMusicService]:
    service = FlowMusicService(server.url, Secret(token), limits=QUICK, **options)
    try:
        yield service
    finally:
        await service.aclose()


@asynccontextmanager
async def both(*accounts: FlowAccount, song_s: float = 0.0) -> AsyncIterator[tuple[FlowMusicService, FlowServer]]:
    async with flowmusic_server(*accounts, song_s=song_s) as server, client(server) as service:
        yield service, server


async def made(service: FlowMusicService, prompt: str = "lo-fi", **options: Any) -> RemoteSong:
    """Generate a song that is finished at once."""
    accepted = await service.create(request(prompt, **options))
    song = await service.song(accepted.account, accepted.remote_ids[0])
    assert song is not None
    assert song.finished
    return song
