r"""Standard output and error that never stop the program: closed, full, or unable to show a character.

A descriptor that was closed (`work >&-`) is opened on /dev/null, so that no file takes its number. What the
terminal's encoding lacks is written as `\xe9`. What can't be written is dropped; `lost` says so at the end.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


class _TolerantFile(io.FileIO):
    """A descriptor to write to; what does not go is dropped, and why is kept."""

    def __init__(self, descriptor: int, *, ends_with_reader: bool) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._ends_with_reader = ends_with_reader
        self.lost: OSError | None = None

    def write(self, data: object, /) -> int:
        """Write, or drop. Raises `BrokenPipeError` where the reader's end is the program's end."""
        try:
            return super().write(data)  # type: ignore[arg-type]  # whatever a buffer hands down
        except BrokenPipeError:
            if self._ends_with_reader:
                raise
        except OSError as error:
            self.lost = error
        return memoryview(data).nbytes  # type: ignore[arg-type]


_OUTPUT: list[_TolerantFile] = []


def prepare_streams() -> None:
    """Make the process's own standard streams tolerant, once, before anything else is opened."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stdin is None:
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = _tolerant(sys.stdout, 1)
    sys.stderr = _tolerant(sys.stderr, 2)
    sys.__stdout__ = sys.__stdout__ or sys.stdout  # type: ignore[misc,assignment]
    sys.__stderr__ = sys.__stderr__ or sys.stderr  # type: ignore[misc,assignment]


def lost() -> str:
    """Return why standard output could not be written; empty if it could."""
    return next((file.lost.strerror or "it can't be written" for file in _OUTPUT if file.lost), "")


def _tolerant(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is not None:
        stream.flush()
    file = _TolerantFile(descriptor, ends_with_reader=descriptor == 1)
    if descriptor == 1:
        _OUTPUT.append(file)
    encoding = stream.encoding if stream is not None else "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(file), encoding=encoding, errors="backslashreplace", line_buffering=file.isatty()
    )
