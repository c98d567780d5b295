"""uvicorn's HTTP protocol with limits on connections, long or slow headers and unread responses."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from riffusion_tui.studio.errors import HeadersTooLong
from riffusion_tui.studio.http.access_control import KNOWN

CONNECTIONS = 128
"""Well below the 256 open files per process that some systems allow."""
HEADERS_S = 10.0
"""Timeout for a request's headers, in seconds; also the keep-alive timeout."""
WRITE_S = 60.0
"""How long a client may leave a response unread, in seconds."""
DISCARDS_S = 30.0
"""How long what a client still sends after the response is read and discarded, in seconds."""
_FULL = json.dumps({"error": "Too many connections to this studio", "code": 503}).encode()


class _Transport(asyncio.Transport):
    """A connection's transport; to close it, it asks the protocol."""

    def __init__(self, inner: asyncio.Transport, protocol: BoundedProtocol) -> None:
        super().__init__()
        self.inner = inner
        self.lingers = False
        """Whether it is as good as closed: the client is only allowed to finish sending."""
        self._protocol = protocol

    def close(self) -> None:
        self._protocol.close()

    def abort(self) -> None:
        self.inner.abort()

    def is_closing(self) -> bool:
        return self.lingers or self.inner.is_closing()

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        self.inner.write(data)

    def pause_reading(self) -> None:
        self.inner.pause_reading()

    def resume_reading(self) -> None:
        self.inner.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.inner.get_extra_info(name, default)


class BoundedProtocol(H11Protocol):
    """Closes slow connections and refuses excess ones.

    If a response is complete before its request, the rest of that is read and discarded. Closing the connection would
    reset it, and a client that is still sending would never read the response.
    """

    transport: _Transport
    _made_at = 0.0
    _discards_until = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a server's protocol
        """Accept a connection, or refuse it if there are too many."""
        super().connection_made(_Transport(transport, self))
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
        return idle and not (self.cycle and self.cycle.scope.get(KNOWN)) and not self.transport.inner.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop a connection."""
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read data; the timer runs until a request is complete."""
        if not self.transport.lingers:
            super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._disarm()
        elif self._is_sending() and self.loop.time() < self._discards_until:
            self._disarm()
            self._arm()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn closes the connection
        """Keep the connection of a client that only says that it sends no more, until it has its response."""
        waits = self.cycle is not None and not self.cycle.response_complete
        if not waits or self.conn.their_state is h11.SEND_BODY:
            return False
        self.cycle.keep_alive = False
        return True

    def _is_sending(self) -> bool:
        """Whether the client is still sending a request that was answered."""
        return self.transport.lingers or self.conn.their_state is h11.SEND_BODY

    def close(self) -> None:
        """Close the connection, at once or when the client has sent its request."""
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._linger()
        else:
            self.transport.inner.close()

    def _linger(self) -> None:
        self.transport.lingers = True
        self.transport.inner.write_eof()
        self.flow.resume_reading()
        self._discards_until = self.loop.time() + DISCARDS_S
        self._disarm()
        self._arm()

    def shutdown(self) -> None:
        """Close the connection when its response is complete, without waiting for the rest of the request."""
        super().shutdown()
        if self.transport.lingers:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse a malformed request, or one with too long headers."""
        error = sys.exc_info()[1]  # uvicorn calls this while it handles the parser's error
        if not isinstance(error, h11.RemoteProtocolError) or error.error_status_hint != HeadersTooLong.status:
            super().send_400_response(msg)
            return
        body = json.dumps(HeadersTooLong().body()).encode()
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        self._linger()

    def on_response_complete(self) -> None:
        """Wait for the next request, with a timeout."""
        self._disarm()
        self._discards_until = self.loop.time() + DISCARDS_S
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
