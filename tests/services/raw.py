"""A server that sends exactly the given bytes over a real socket, and records the requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Handler = Callable[["Received", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Received:
    """A request as received."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def reply(status: int, body: Any = b"", **headers: str) -> bytes:
    """Build a response; a body that is not bytes is sent as JSON. `_` in a header's name becomes `-`."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    given = {"Content-Type": kind, "Content-Length": str(len(data)), "Connection": "close"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + data


@dataclass
class Raw:
    """The server sends one of `answers` per request; the last one repeats."""

    answers: list[bytes] = field(default_factory=list)
    handler: Handler | None = None
    received: list[Received] = field(default_factory=list)
    port: int = 0
    connections: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = field(default_factory=dict)
    """The task that serves each connection there was."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections[writer] = asyncio.current_task()
        try:
            request = await _read(reader)
            self.received.append(request)
            if self.handler is not None:
                await self.handler(request, writer)
            else:
                writer.write(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def close(self) -> None:
        """Close every connection, even with unsent data, so that no socket outlives the test."""
        for _ in range(5):  # loop iterations between accepting a connection and serving it
            await asyncio.sleep(0)
        for writer, task in self.connections.items():
            writer.transport.abort()
            if task is not None:
                task.cancel()
        await asyncio.gather(*filter(None, self.connections.values()), return_exceptions=True)
        await asyncio.sleep(0)  # for the loop to close the sockets


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, target, headers, body)


@asynccontextmanager
async def raw_server(*answers: bytes, handler: Handler | None = None) -> AsyncIterator[Raw]:
    """Serve `answers`, or what `handler` writes, on a free port of this machine."""
    raw = Raw(list(answers), handler)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        await raw.close()
