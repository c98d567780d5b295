"""A slow line: forwards TCP to a port of this machine, with limited bandwidth and a delay.

    python -m tests.benchmarks.line.relay PORT BYTES_A_SECOND ROUND_TRIP_S

Prints the port on which it listens. Only the server's output is throttled; each direction takes half the round trip.
"""

from __future__ import annotations

import asyncio
import socket
import sys

_PIECE = 256
_TAKEN_AHEAD = 8192
"""Bytes that the kernel buffers before the sender notices that the line is full; Linux doubles it."""


class Way:
    """One direction of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rate: float, delay_s: float) -> None:
        self._reader = reader
        self._writer = writer
        self._rate = rate
        self._delay_s = delay_s
        self._flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def carry(self) -> None:
        """Carry bytes until one end closes."""
        arriving = asyncio.create_task(self._arrive())
        try:
            await self._leave()
            await arriving
        finally:
            arriving.cancel()
            self._writer.close()

    async def _leave(self) -> None:
        """Accept a piece, and no other until it is transferred."""
        loop = asyncio.get_running_loop()
        free = loop.time()
        while piece := await self._reader.read(_PIECE if self._rate else 65_536):
            if self._rate:
                free = max(free, loop.time()) + len(piece) / self._rate
                await asyncio.sleep(free - loop.time())
            self._flying.put_nowait((loop.time() + self._delay_s, piece))
        self._flying.put_nowait((loop.time() + self._delay_s, b""))

    async def _arrive(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, piece = await self._flying.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                return
            self._writer.write(piece)
            await self._writer.drain()


async def _connection(
    near_reader: asyncio.StreamReader, near_writer: asyncio.StreamWriter, port: int, rate: float, delay_s: float
) -> None:
    far = socket.socket()
    far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _TAKEN_AHEAD)
    far.setblocking(False)
    await asyncio.get_running_loop().sock_connect(far, ("127.0.0.1", port))
    far_reader, far_writer = await asyncio.open_connection(sock=far, limit=_PIECE)
    for writer in (near_writer, far_writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    down = Way(far_reader, near_writer, rate, delay_s)
    up = Way(near_reader, far_writer, 0.0, delay_s)
    ways = [asyncio.create_task(way.carry()) for way in (down, up)]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)


async def relay(port: int, rate: float, round_trip_s: float) -> None:
    """Serve forever."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _connection(reader, writer, port, rate, round_trip_s / 2)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(relay(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
