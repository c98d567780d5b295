"""uvicorn's HTTP protocol, with a limit on all a client can hold open: connections, headers, answers left unread."""

from __future__ import annotations

import asyncio
import json

from uvicorn.protocols.http.h11_impl import H11Protocol

from riffusion_tui.studio.http.gate import KNOWN

CONNECTIONS = 128
"""Well below the 256 files that some systems let a process open."""
HEADERS_S = 10.0
"""Seconds in which a request's line and headers must have arrived; also how long an idle connection is kept."""
WRITE_S = 60.0
"""Seconds for which a client may leave an answer unread."""
_FULL = json.dumps({"error": "Too many connections to this studio", "code": 503}).encode()


class BoundedProtocol(H11Protocol):
    """Closes what is too slow and refuses what is too much."""

    _made_at = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it if there are too many."""
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
        """Close the oldest connection that waits for a request and never showed a token; False if there is none."""
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
        super().on_response_complete()
        if self.cycle is None or self.cycle.response_complete:
            self._arm()
        else:  # a request that was sent ahead is under way: no time runs
            self._unset_keepalive_if_required()

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
