"""Serves an app on a real socket, and can close a connection instead of responding."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp

from tests.waiting import until


class Dropped(Response):
    """Closes the connection instead of responding."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["transport_to_close"].close()


class CutOff(Response):
    """Closes the connection in the middle of its body."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        scope["transport_to_close"].close()


class _Hold:
    """Lets an app close its own connection; uvicorn hides the transport otherwise."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["transport_to_close"] = send.__self__.transport
        await self._app(scope, receive, send)


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            _Hold(app), lifespan="off", ws="none", log_level="critical", http="h11", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await until(lambda: server.started, every_s=0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
