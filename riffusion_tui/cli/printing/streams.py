r"""Standard streams that never raise, even if closed, full, or unable to encode or decode a character.

A closed descriptor (`jobs >&-`) is opened on /dev/null, so that no other file gets its number. Characters missing in
the terminal's encoding are written as `\xe9`; bytes that can't be decoded are read as surrogates. Output that can't be
written is dropped and reported by `lost`.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _TolerantFile(io.FileIO):
    """A file descriptor for writing; on an error, the output is dropped and the reason recorded."""

    def __init__(self, descriptor: int, *, ends_with_reader: bool, was_closed: bool) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._ends_with_reader = ends_with_reader
        self.was_closed = was_closed
        self.lost: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or drop the data on an error. Raises `BrokenPipeError` if the program should end with its reader."""
        if self.was_closed:
            self.lost = OSError(errno.EBADF, CLOSED)
        try:
            return super().write(data)
        except BrokenPipeError:
            if self._ends_with_reader:
                raise
        except OSError as error:
            self.lost = error
        return memoryview(data).nbytes


CLOSED = "it is closed"
_REPLACED_STREAMS: list[_TolerantFile] = []


def prepare_streams() -> None:
    """Replace the process's standard streams. Call this once, before opening any file."""
    closed = []
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
        closed.append(descriptor)
    os.close(descriptor)
    if sys.stdin is None:
        # Final in typeshed, and open until the process ends.
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # most locales raise at bytes that aren't text
    sys.stdout = _tolerant(sys.stdout, 1, was_closed=1 in closed)
    sys.stderr = _tolerant(sys.stderr, 2, was_closed=2 in closed)
    sys.__stdout__ = sys.__stdout__ or sys.stdout  # type: ignore[misc,assignment]  # Final in typeshed; None if it was closed
    sys.__stderr__ = sys.__stderr__ or sys.stderr  # type: ignore[misc,assignment]  # Final in typeshed; None if it was closed


def lost() -> str:
    """Return why standard output could not be written; empty if it could."""
    return next((file.lost.strerror or "it can't be written" for file in _REPLACED_STREAMS if file.lost), "")


def is_closed() -> bool:
    """Whether standard output was closed when the program started."""
    return any(file.was_closed for file in _REPLACED_STREAMS)


def accept_closed() -> None:
    """Accept a closed standard output: cron or systemd may start a program without one."""
    for file in _REPLACED_STREAMS:
        file.was_closed = False


def _tolerant(stream: TextIO | None, descriptor: int, *, was_closed: bool) -> TextIO:
    if stream is not None:
        stream.flush()
    file = _TolerantFile(descriptor, ends_with_reader=descriptor == 1, was_closed=was_closed)
    if descriptor == 1:
        _REPLACED_STREAMS.append(file)
    encoding = stream.encoding if stream is not None else "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(file), encoding=encoding, errors="backslashreplace", line_buffering=file.isatty()
    )
