"""Find the escape sequences among the bytes from a terminal, regardless of time.

A state machine like https://vt100.net/emu/dec_ansi_parser, but for input: what terminals send, see
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html. It accepts arbitrary bytes and always recovers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from riffusion_tui.tui.input.piece_builder import PieceBuilder
from riffusion_tui.tui.input.terminal_sequences import CONTROLS

_MAX_SEQUENCE = 256
"""Maximum length of a sequence in bytes; a longer one is not a key."""
_ITERM = b"TERM2"
"""iTerm2 reports its version as `ESC [ ITERM2 3.5.0n`; `ESC [ I` alone is a focus report."""
_STRINGS = b"]P_^X"
"""Bytes that start a string after ESC: OSC, DCS, APC, PM, SOS."""


class SequenceParser:
    """Passes characters and complete sequences on to a `PieceBuilder`; each state is a method for the next byte."""

    def __init__(self, builder: PieceBuilder) -> None:
        self.held = bytearray()
        """An unfinished sequence, starting with its ESC; or the start of `TERM2` after what may be a focus report."""
        self._builder = builder
        self._state: Callable[[int], None] = self._ground
        self._is_8_bit = False
        self._coordinates = 0
        """How many bytes of an X10 mouse report are missing."""

    def add(self, byte: int) -> None:
        """Add a byte."""
        self._state(byte)

    def begin(self) -> None:
        """Begin a sequence, as after its ESC."""
        self.held += b"\x1b"
        self._state = self._escaped

    def drop(self) -> None:
        """Forget an unfinished sequence."""
        self.held.clear()
        self._state = self._ground

    def abandon(self) -> None:
        """Forget an unfinished sequence, but read what may be text."""
        text = b"" if self.held.startswith(b"\x1b") else bytes(self.held)
        self.drop()
        for byte in text:
            self._ground(byte)

    @property
    def may_be_typed(self) -> bool:
        """Whether an unfinished sequence may be ESC and a character, typed one after the other."""
        return len(self.held) == 2 and self._state != self._focused

    def is_completed_by(self, data: bytes) -> bool:
        """Whether `data` validly completes the unfinished sequence."""
        if self._state == self._string_escaped:
            return data.startswith(b"\\")
        if self._state == self._string:
            return any(end in data for end in (b"\x07", b"\x1b\\", b"\x9c"))
        if self._state == self._old_mouse:
            return len(data) >= self._coordinates
        ended = re.match(rb"[0-?]*[ -/]*[@-~]", data)
        return ended is not None and len(self.held) > 2

    # -- states

    def _ground(self, byte: int) -> None:
        if self._builder.is_inside_character:
            if 0x80 <= byte < 0xC0:
                self._builder.text(byte)
                return
            self._builder.end_character()
        if byte == 0x1B:
            self.begin()
            self._is_8_bit = False
        elif byte in CONTROLS:
            self.begin()
            self._is_8_bit = True
            self._escaped(byte - 0x40)
        else:
            self._builder.text(byte)

    def _escaped(self, byte: int) -> None:
        if byte == 0x1B:
            self._builder.escape()
            return
        self.held.append(byte)
        if byte == 0x5B:
            self._state = self._csi
        elif byte == 0x4F:
            self._state = self._ss3
        elif byte in _STRINGS:
            self._state = self._string
        elif byte == 0x5C:  # the end of an abandoned string
            self.drop()
        elif byte >= 0x80:
            self.drop()
            self._ground(byte)
        else:
            text = self.held.decode("ascii")
            self.drop()
            self._builder.two_bytes(text)

    def _csi(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        first = len(self.held) == 2
        self._keep(byte)
        if first and byte == 0x4D:
            self._coordinates = 3
            self._state = self._old_mouse
        elif first and byte == 0x5B:  # ESC [ [ A: F1 on Linux's console
            return
        elif 0x40 <= byte < 0x7F and self._complete() == "\x1b[I":
            self._state = self._focused

    def _ss3(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        self._keep(byte)
        if 0x40 <= byte < 0x7F:
            self._complete()

    def _old_mouse(self, byte: int) -> None:
        """Skip button, column and row of an X10 mouse report, which may be any bytes."""
        if 0 < byte < 0x20:
            self._interrupted(byte)
            return
        self._coordinates -= 1
        if not self._coordinates:
            self._drop_report()

    def _string(self, byte: int) -> None:
        if byte == 0x1B:
            self._state = self._string_escaped
        elif byte == 0x03:
            self._interrupted(byte)
        elif byte < 0x20 or (byte == 0x9C and self.held[-1] < 0x80):  # its end, or a byte that no reply contains
            self._drop_report()
        else:
            self.held[2:] = bytes([byte])  # 0x9C may belong to a UTF-8 character

    def _string_escaped(self, byte: int) -> None:
        self._drop_report()
        if byte != 0x5C:
            self.begin()
            self._escaped(byte)

    def _focused(self, byte: int) -> None:
        """Read the rest of iTerm2's version, or text, after what looked like a focus report."""
        if byte != _ITERM[len(self.held)]:
            self.abandon()
            self._ground(byte)
            return
        self.held.append(byte)
        if self.held == _ITERM:
            self.held[:0] = b"\x1b[I"
            self._state = self._version

    def _version(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        ends = byte == 0x6E and not self.held.endswith(b"-")  # not the n of "3.5.20231111-nightly"
        self._keep(byte)
        if ends:
            self._drop_report()

    # -- steps that states share

    def _interrupted(self, byte: int) -> bool:
        """Abandon a sequence at an invalid byte, and read that byte separately."""
        if 0x20 <= byte < 0x7F:
            return False
        self.drop()
        if byte not in (0x18, 0x1A):
            self._ground(byte)
        return True

    def _keep(self, byte: int) -> None:
        if len(self.held) < _MAX_SEQUENCE:
            self.held.append(byte)

    def _complete(self) -> str:
        text = self.held.decode("ascii")
        self.drop()
        self._builder.sequence(text, is_8_bit=self._is_8_bit)
        return text

    def _drop_report(self) -> None:
        self.drop()
        self._builder.has_reported = True
