"""uvicorn's HTTP protocol with limits on connections, slow headers and unread responses."""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.h11_impl import H11Protocol

from riffusion_tui.studio.http.gate import KNOWN

CONNECTIONS = 128
"""Well below the 256 open files per process that some systems allow."""
HEADERS_S = 10.0
"""Timeout for a request's headers, in seconds; also the keep-alive timeout."""
WRITE_S = 60.0
"""How long a client may leave a response unread, in seconds."""
_FULL = json.dumps({"error": "Too many connections to this studio", "code": 503}).encode()


class BoundedProtocol(H11Protocol):
    """Closes slow connections and refuses excess ones."""

    _made_at = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a server's protocol
        """Accept a connection, or refuse it if there are too many."""
        super().connection_made(transport)
        self._made_at = self.loop.time()
        if len(self.connections) > CONNECTIONS and not self._make_room():
            transport.write(
                b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_FULL), _FULL)
            )
            transport.close()
            return
        self._arm()

    def _make_room(self) -> bool:
        """Close the oldest idle connection that never presented a token; return False if all have."""
        strangers = [one for one in self.connections if isinstance(one, BoundedProtocol) and one._is_idle_stranger()]
        oldest = min((one for one in strangers if one is not self), key=lambda one: one._made_at, default=None)
        if oldest is None:
            return False
        oldest.transport.abort()
        return True

    def _is_idle_stranger(self) -> bool:
        idle = self.cycle is None or self.cycle.response_complete
        return idle and not (self.cycle and self.cycle.scope.get(KNOWN)) and not self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop a connection."""
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read data; the timer runs until a request is complete."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._disarm()

    def on_response_complete(self) -> None:
        """Wait for the next request, with a timeout."""
        self._disarm()
        super().on_response_complete()
        if self.cycle is None or self.cycle.response_complete:
            self._arm()
        else:  # a pipelined request is running: no timeout
            self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        """Start a timeout: the client isn't reading."""
        self.flow.pause_writing()
        if self._write_deadline is None:
            self._write_deadline = self.loop.call_later(WRITE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop the timeout: the client reads again."""
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
