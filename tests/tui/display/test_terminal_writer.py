"""The thread that writes to the terminal writes in order, and ends if the terminal is gone."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest

from riffusion_tui.tui.display.terminal_writer import TerminalWriter


@pytest.fixture
def line() -> Iterator[tuple[int, TextIO]]:
    """The reading end of a terminal, and a file to write to it."""
    far, near = pty.openpty()
    os.set_inheritable(near, False)
    with os.fdopen(near, "w", encoding="utf-8") as file:
        yield far, file


def test_texts_are_written_in_order_before_it_stops(line: tuple[int, TextIO]) -> None:
    far, file = line
    writer = TerminalWriter(file)
    for number in range(50):
        writer.write(f"{number} ")
    assert writer.queued() == 50
    writer.start()
    writer.stop()
    assert os.read(far, 4096).decode().split() == [str(number) for number in range(50)]
    os.close(far)


def test_what_the_encoding_lacks_keeps_its_width() -> None:
    far, near = pty.openpty()
    with os.fdopen(near, "w", encoding="latin-1", errors="backslashreplace") as file:
        writer = TerminalWriter(file)
        writer.start()
        writer.write("│caf\u00e9 \u2764 夜♪│")
        writer.stop()
        assert os.read(far, 4096).decode("latin-1") == "?caf\u00e9 ? ????"
    os.close(far)


def test_a_lost_terminal_does_not_block_the_writer(line: tuple[int, TextIO]) -> None:
    far, file = line
    writer = TerminalWriter(file)
    writer.start()
    os.close(far)
    for _ in range(50):
        writer.write("x" * 100)
    writer.stop()
    assert not writer.is_alive()
    file.flush()  # the rest is discarded, so that the program can end
