"""Decompress responses (gzip, deflate) in pieces of bounded size."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_NONE = frozenset({"", "identity"})
_SUPPORTED = frozenset({"gzip", "x-gzip", "deflate"})
_PIECE = 64 * 2**10
_ANY_HEADER = zlib.MAX_WBITS | 32  # gzip's and zlib's
_NO_HEADER = -zlib.MAX_WBITS


class BadCompression(Exception):
    """The compression is unknown or invalid. `str(error)` continues "The response can't be read: "."""


class Decompressor:
    """Decompresses a body, chunk by chunk."""

    def __init__(self, encoding: str) -> None:
        """Begin. `encoding` is the value of `Content-Encoding`; one that isn't supported matters only with a body."""
        self._encoding = encoding.strip().lower()
        self.packed = self._encoding not in _NONE
        """Whether there is anything to decompress."""
        self._stream = zlib.decompressobj(_ANY_HEADER)
        self._started = False

    @property
    def cut_off(self) -> bool:
        """Whether the body ends before its compression does."""
        return self.packed and self._started and not self._stream.eof

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk contains, in pieces of at most 64 KiB if it is compressed. Raises `BadCompression`."""
        if not self.packed:
            yield chunk
            return
        if self._encoding not in _SUPPORTED:
            raise BadCompression("it has an unsupported compression")
        while chunk:
            if self._stream.eof:
                chunk = chunk.lstrip(b"\0")  # padding
                if not chunk:
                    return
                # Another member of the file.
                self._stream = zlib.decompressobj(_ANY_HEADER)
            piece = self._inflate(chunk)
            yield piece
            while not self._stream.eof and (len(piece) == _PIECE or self._stream.unconsumed_tail):
                piece = self._inflate(self._stream.unconsumed_tail)
                yield piece
            chunk = self._stream.unused_data

    def _inflate(self, chunk: bytes) -> bytes:
        is_first, self._started = not self._started, True
        try:
            return self._stream.decompress(chunk, _PIECE)
        except zlib.error:
            pass
        if is_first:
            self._stream = zlib.decompressobj(_NO_HEADER)  # some servers send deflate without a header
            try:
                return self._stream.decompress(chunk, _PIECE)
            except zlib.error:
                pass
        raise BadCompression("its compression is damaged")
