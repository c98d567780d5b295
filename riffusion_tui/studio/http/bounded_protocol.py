"""uvicorn's HTTP protocol, with a limit on all a client can hold open: connections, headers, answers left unread."""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 128
"""Well below the 256 files that some systems let a process open."""
HEADERS_S = 10.0
"""Seconds in which a request's line and headers must have arrived; also how long an idle connection is kept."""
WRITE_S = 60.0
"""Seconds for which a client may leave an answer unread."""
_FULL = json.dumps({"error": "Too many connections to this studio", "code": 503}).encode()


class BoundedProtocol(H11Protocol):
    """Closes what is too slow and refuses what is too much."""

    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            transport.write(
                b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_FULL), _FULL)
            )
            transport.close()
            return
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; as long as no request is whole, the time runs."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._disarm()

    def on_response_complete(self) -> None:
        """Wait for the next request, but not for ever."""
        self._disarm()
        self._arm()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not read: give it some time."""
        self.flow.pause_writing()
        if self._write_deadline is None:
            self._write_deadline = self.loop.call_later(WRITE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        self.flow.resume_writing()
        if self._write_deadline is not None:
            self._write_deadline.cancel()
            self._write_deadline = None

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(HEADERS_S, self.transport.abort)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
