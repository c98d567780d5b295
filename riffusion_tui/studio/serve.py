"""Serve the studio on a port with uvicorn: on loopback by default, always with a token."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import uvicorn
from h11 import LocalProtocolError

from riffusion_tui.child_environment import whole_environment
from riffusion_tui.clean import clean_line
from riffusion_tui.secret import Secret
from riffusion_tui.studio.errors import MAX_HEADERS
from riffusion_tui.studio.http.access_control import LOOPBACK, PortRules
from riffusion_tui.studio.http.bounded_protocol import HEADERS_S, BoundedProtocol
from riffusion_tui.studio.server import Studio
from riffusion_tui.studio.studio_settings import StudioSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TOKEN_VARIABLE = "RIFFUSION_TUI_STUDIO_TOKEN"  # noqa: S105 (a variable's name)
_CLOSING_S = 3
_log = logging.getLogger("riffusion_tui.studio")


class NotListening(OSError):
    """The address is in use or doesn't belong to this machine."""


def serve(
    settings: StudioSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    allowed_hosts: tuple[str, ...] = (),
) -> None:
    """Serve the API on a port until SIGINT or SIGTERM.

    The first line on standard output is the URL (`http://127.0.0.1:8123`); the log goes to standard error.

    Args:
        settings: without a token in them, `RIFFUSION_TUI_STUDIO_TOKEN` or the data folder's token file is used.
        host: address to listen on.
        port: port number; 0 picks a free one.
        allowed_hosts: allowed Host headers besides loopback and `host`.

    Raises:
        NotListening: the address is in use or doesn't belong to this machine.
        OSError: the folder can't be written, or a newer version of this program did (`NewerFile`).
        Unsafe: a secret's file is readable by others.
    """
    given = whole_environment().get(_TOKEN_VARIABLE, "").strip()
    if settings.token is None and given:
        settings = replace(settings, token=Secret(given))
    _log_to_stderr()
    with _listen(host, port) as listening:
        asyncio.run(_serve(settings, listening, host, allowed_hosts))


async def _serve(settings: StudioSettings, listening: socket.socket, host: str, allowed_hosts: tuple[str, ...]) -> None:
    async with Studio(settings) as studio:
        names = LOOPBACK | {_in_url(host).lower(), *(name.lower() for name in allowed_hosts)}
        config = uvicorn.Config(
            _AccessLog(studio.gated(PortRules(frozenset(names)))),
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=int(HEADERS_S),
            timeout_graceful_shutdown=_CLOSING_S,
            h11_max_incomplete_event_size=MAX_HEADERS,
        )
        server = _Server(config, f"http://{_in_url(host)}:{listening.getsockname()[1]}")
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Respect nohup: keep SIGHUP ignored if it is.
            if signal.getsignal(name) != signal.SIG_IGN:
                loop.add_signal_handler(name, server.stop)
        if not settings.token:
            _log.info("the token is in %s", studio.token_file)
        await server.serve(sockets=[listening])


class _Server(uvicorn.Server):
    """Prints its URL once it listens, and leaves signals to the caller, which has to close the studio."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._address, flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


class _AccessLog:
    """Logs each request, without its query (which may have a signature) and headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.monotonic(), 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            # uvicorn itself refuses a malformed body, possibly while the app is about to respond.
            with suppress(LocalProtocolError):
                await self._app(scope, receive, send_and_note)
        finally:
            spent = (time.monotonic() - began) * 1000
            _log.info("%s %s %s %.0f ms", scope["method"], clean_line(scope["path"], 200), status, spent)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only if the socket names its protocol; without it, each response waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise NotListening(error.errno, error.strerror or str(error)) from None
    return listening


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name, level in (("riffusion_tui.studio", logging.INFO), ("uvicorn.error", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
