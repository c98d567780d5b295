"""Split terminal input into complete tokens: characters, keys, pastes.

Terminals also send replies to queries (colors, version, cursor position), often late, and often split by a slow
connection. Each sequence is collected completely, and only keys, mouse reports and supported mode reports are passed
on. The reader accepts arbitrary bytes and always recovers.

Sequences: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html and https://vt100.net/emu/dec_ansi_parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from riffusion_tui.tui.input_pieces import Piece, PieceKind
from riffusion_tui.tui.terminal_sequences import (
    ANSWERS,
    CONTROLS,
    KITTY,
    LEAVES_PASTE,
    TAIL,
    TAIL_STARTS,
    latin,
    partial_end,
    supported,
    text_of,
)

ESCAPE_S = 0.1
"""Delay after which a lone ESC is the escape key, in seconds, if no reply is likely."""
REPLY_ESCAPE_S = 0.35
"""The same delay while a reply is likely: a query is unanswered, or a report just came.

A reply cut after its ESC is therefore no key if its rest follows within `REPLY_ESCAPE_S`, or `ESCAPE_S` if it came
unexpectedly. If the rest follows later, within `_TAIL_S`, the escape key is taken back.
"""
STALE_S = 2.0
"""Gap in seconds after which the next input must complete an unfinished sequence, or is read separately."""
LONGEST_S = 5.0
"""Maximum duration of a reply, in seconds, before input counts as keys again."""
_TAIL_S = 10.0
"""Time in which the rest of a reply may follow an ESC that was read as the escape key, in seconds."""
_RECENT_S = 0.5
"""Time after a report, in seconds, in which another one is likely: the mouse moves, or several queries are answered."""
_LATE_S = 0.025
"""Most that one `tick` adds to a pause, in seconds: a later one was delayed itself, and input may be waiting."""
_BYTE_S = 0.025
"""Longest gap in seconds before the second byte of such a rest, if a multiplexer passes on each byte by itself."""
_MOST = 256
"""Maximum length of a sequence in bytes; a longer one is not a key."""

_PASTE, _PASTE_END, _PASTE_END_8_BIT = b"\x1b[200~", b"\x1b[201~", b"\x9b201~"
_ITERM = b"TERM2"
"""iTerm2 reports its version as `ESC [ ITERM2 3.5.0n`; `ESC [ I` alone is a focus report."""
_STRINGS = b"]P_^X"
"""Bytes that start a string after ESC: OSC, DCS, APC, PM, SOS."""


class InputReader:
    """Converts bytes to tokens. Times are in seconds of a monotonic clock."""

    def __init__(self, keys: Container[str], functional: Container[str], awaits_reply: Callable[[float], bool]) -> None:
        """Create a reader.

        Args:
            keys: the escape sequences of keys.
            functional: the numbers and final bytes of keys in kitty's protocol.
            awaits_reply: whether a query is unanswered at a time.
        """
        self._keys = keys
        self._functional = functional
        self._awaits_reply = awaits_reply
        self._out: list[Piece] = []
        self._step: Callable[[int], None] = self._ground
        self._held = bytearray()
        """An unfinished sequence, starting with its ESC."""
        self._character = b""
        """An unfinished UTF-8 character."""
        self._paste: bytearray | None = None
        self._paste_end = _PASTE_END
        self._is_8_bit = False
        """Whether the last sequence began with a single byte instead of ESC and a byte."""
        self._began = self._last = self._ticked = 0.0
        self._watched_s = 0.0
        """How long nothing has come while this reader was looking."""
        self._escape_at: float | None = None
        """When the last byte, an ESC, was read as the escape key."""
        self._tail_start = b""
        """A byte after that ESC: the start of its rest, or a key."""
        self._reported_at = -_RECENT_S
        self._escape_is_sequence = False
        """Whether the escape key was sent in kitty's protocol, so that a lone ESC can hardly be a key."""
        self._coordinates = 0

    @property
    def waits(self) -> bool:
        """Whether `tick` must be called soon, because the input depends on timing."""
        return bool(self._held or self._character or self._paste or self._tail_start)

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Process input read at `now`; return the complete tokens."""
        out = self._out = []
        if ANSWERS.fullmatch(data) and bytes(self._held) in (b"", b"\x1b") and self._paste is None:
            return [Piece(PieceKind.SEQUENCE, answer) for answer in re.findall("[^R]+R", data.decode())]
        data, self._tail_start = self._tail_start + data, b""
        if self._escape_at is not None and not self._held and data in TAIL_STARTS and now - self._last >= _BYTE_S:
            self._tail_start, self._last, self._ticked, self._watched_s = data, now, now, 0.0
            return out
        self._begin(data, now)
        self._last = self._ticked = now
        self._watched_s = 0.0
        while data:
            data = self._bytes(data, now) if self._paste is None else self._pasted(self._paste, data)
        return out

    def _bytes(self, data: bytes, now: float) -> bytes:
        """Process bytes; return the rest after the start of a paste."""
        for at, byte in enumerate(data):
            if not self._held:
                self._began = now
            self._step(byte)
            if self._paste is not None:
                return data[at + 1 :]
        return b""

    def tick(self, now: float) -> list[Piece]:
        """Return tokens that are complete because nothing followed."""
        out = self._out = []
        self._watched_s += min(now - self._ticked, _LATE_S)
        self._ticked = now
        if self._tail_start and self._watched_s >= _BYTE_S:
            self._escape_at = None
            return self.feed(b"", now)
        if self._watched_s < ESCAPE_S:
            return out
        if self._character:
            self._undecodable()
        if self._held and self._watched_s >= self._escape_s(now):
            self._pause(now)
        if self._paste and now - self._last >= STALE_S:
            self._flush_paste(self._paste, len(self._paste) - partial_end(self._paste, self._paste_end))
        return out

    def overdue(self, data: bytes, now: float) -> list[Piece]:
        """Return the escape key if its ESC was alone for long enough and `data`, about to be fed, is no rest of it."""
        out = self._out = []
        if self._held == b"\x1b" and now - self._last >= ESCAPE_S and not self._is_tail(data):
            self._pause(now)
        return out

    # -- pauses between chunks

    def _escape_s(self, now: float) -> float:
        """Return how long the rest of a sequence is waited for."""
        recent = self._began - self._reported_at < _RECENT_S
        return REPLY_ESCAPE_S if recent or self._escape_is_sequence or self._awaits_reply(now) else ESCAPE_S

    def _pause(self, now: float) -> None:
        """Read a held sequence as a key if it is one without a rest."""
        text = self._held.decode("latin-1")
        if text == "\x1b":
            self._done()
            self._escape_at = now
            self._give(PieceKind.ESCAPE, text)
        elif text in self._keys:
            self._done()
            self._give(PieceKind.SEQUENCE, text)
        elif text[0] != "\x1b":
            self._abandon()

    def _begin(self, data: bytes, now: float) -> None:
        quiet = now - self._last
        if self._paste is not None:
            if quiet >= STALE_S and LEAVES_PASTE.fullmatch(data):
                self._flush_paste(self._paste, len(self._paste))
                self._paste = None
            return
        is_tail = self._is_tail(data)
        if self._held:
            stale = quiet >= STALE_S or now - self._began >= LONGEST_S
            typed = len(self._held) == 2 and self._step != self._focused and len(data) == 1 and quiet >= ESCAPE_S / 2
            tail = len(self._held) <= 2 and is_tail
            if (stale or typed) and not tail and not self._completes(data):
                self._abandon()
        elif self._escape_at is not None and now - self._escape_at < _TAIL_S and is_tail:
            self._give(PieceKind.TAKEN_BACK, "")
            self._held += b"\x1b"
            self._began, self._step = now, self._escaped
        self._escape_at = None

    def _is_tail(self, data: bytes) -> bool:
        return TAIL.match(bytes(self._held[1:]) + data) is not None

    def _completes(self, data: bytes) -> bool:
        """Whether a chunk validly completes the pending sequence."""
        if self._step == self._string_escaped:
            return data.startswith(b"\\")
        if self._step == self._string:
            return any(end in data for end in (b"\x07", b"\x1b\\", b"\x9c"))
        if self._step == self._old_mouse:
            return len(data) >= self._coordinates
        ended = re.match(rb"[0-?]*[ -/]*[@-~]", data)
        return ended is not None and len(self._held) > 2

    # -- one byte each

    def _ground(self, byte: int) -> None:
        if self._character:
            self._continue_character(byte)
        elif byte == 0x1B or byte in CONTROLS:
            self._held.append(0x1B)
            self._step = self._escaped
            self._is_8_bit = byte != 0x1B
            if self._is_8_bit:
                self._escaped(byte - 0x40)
        elif byte < 0x80:
            self._give(PieceKind.TEXT, chr(byte))
        else:
            self._character = bytes([byte])
            self._decode()

    def _continue_character(self, byte: int) -> None:
        if 0x80 <= byte < 0xC0:
            self._character += bytes([byte])
            self._decode()
        else:
            self._undecodable()
            self._ground(byte)

    def _decode(self) -> None:
        try:
            text = self._character.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                self._undecodable()
            return
        self._character = b""
        self._give(PieceKind.TEXT, text)

    def _undecodable(self) -> None:
        text, self._character = latin(self._character), b""
        for character in text:
            self._give(PieceKind.TEXT, character)

    def _escaped(self, byte: int) -> None:
        if byte == 0x1B:
            self._give(PieceKind.ESCAPE, "\x1b")
            return
        self._held.append(byte)
        if byte == 0x5B:
            self._step = self._csi
        elif byte == 0x4F:
            self._step = self._ss3
        elif byte in _STRINGS:
            self._step = self._string
        elif byte == 0x5C:  # the end of an abandoned string
            self._done()
        elif byte >= 0x80:
            self._done()
            self._ground(byte)
        else:
            text = self._held.decode("ascii")
            known = text in self._keys
            self._give(PieceKind.SEQUENCE if known else PieceKind.ALT, text if known else text[1])
            self._done()

    def _csi(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        first = len(self._held) == 2
        self._keep(byte)
        if first and byte == 0x4D:
            self._coordinates = 3
            self._step = self._old_mouse
        elif not (first and byte == 0x5B) and 0x40 <= byte < 0x7F:  # ESC [ [ A: F1 on Linux's console
            self._sequence()

    def _ss3(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        self._keep(byte)
        if 0x40 <= byte < 0x7F:
            self._sequence()

    def _old_mouse(self, byte: int) -> None:
        """Skip button, column and row of an X10 mouse report, which may be any bytes."""
        if 0 < byte < 0x20:
            self._interrupted(byte)
            return
        self._coordinates -= 1
        if not self._coordinates:
            self._reported_at = self._last
            self._done()

    def _string(self, byte: int) -> None:
        if byte == 0x1B:
            self._step = self._string_escaped
        elif byte == 0x03:
            self._interrupted(byte)
        elif byte < 0x20 or (byte == 0x9C and self._held[-1] < 0x80):  # its end, or a byte that no reply contains
            self._reported_at = self._last
            self._done()
        else:
            self._held[2:] = bytes([byte])  # 0x9C may belong to a UTF-8 character

    def _string_escaped(self, byte: int) -> None:
        self._reported_at = self._last
        self._done()
        if byte != 0x5C:
            self._held += b"\x1b"
            self._step = self._escaped
            self._escaped(byte)

    def _interrupted(self, byte: int) -> bool:
        """Abandon a sequence at an invalid byte, and read that byte separately."""
        if 0x20 <= byte < 0x7F:
            return False
        self._done()
        if byte not in (0x18, 0x1A):
            self._ground(byte)
        return True

    def _keep(self, byte: int) -> None:
        if len(self._held) < _MOST:
            self._held.append(byte)

    def _sequence(self) -> None:
        text = self._held.decode("ascii")
        self._done()
        if text == _PASTE.decode():
            self._paste = bytearray()
            self._paste_end = _PASTE_END_8_BIT if self._is_8_bit else _PASTE_END
        elif known := supported(text, self._keys, self._functional):
            self._give(PieceKind.SEQUENCE, known)
        kitty = KITTY.fullmatch(text)
        if kitty is not None and (kitty["code"], kitty["end"]) == ("27", "u"):
            self._escape_is_sequence = True
        if kitty is None and text not in self._keys and not text.endswith("R"):  # a cursor position: often, and alone
            self._reported_at = self._last
        if text == "\x1b[I":
            self._step = self._focused

    def _focused(self, byte: int) -> None:
        """Read the rest of iTerm2's version, or text, after what looked like a focus report."""
        if byte != _ITERM[len(self._held)]:
            self._abandon()
            self._ground(byte)
            return
        self._held.append(byte)
        if self._held == _ITERM:
            self._held[:0] = b"\x1b[I"
            self._step = self._version

    def _version(self, byte: int) -> None:
        if self._interrupted(byte):
            return
        ends = byte == 0x6E and not self._held.endswith(b"-")  # not the n of "3.5.20231111-nightly"
        self._keep(byte)
        if ends:
            self._reported_at = self._last
            self._done()

    def _abandon(self) -> None:
        """Drop an unfinished sequence, but read what may be text."""
        text = b"" if self._held.startswith(b"\x1b") else bytes(self._held)
        self._done()
        for byte in text:
            self._ground(byte)

    def _done(self) -> None:
        self._held.clear()
        self._step = self._ground

    # -- pastes

    def _pasted(self, paste: bytearray, data: bytes) -> bytes:
        """Process pasted text; return the rest after its end."""
        start = max(0, len(paste) - len(self._paste_end))
        paste += data
        end = paste.find(self._paste_end, start)
        if end < 0:
            return b""
        rest = bytes(paste[end + len(self._paste_end) :])
        del paste[end:]
        self._flush_paste(paste, end)
        self._paste = None
        return rest

    def _flush_paste(self, paste: bytearray, size: int) -> None:
        text = text_of(bytes(paste[:size]))
        del paste[:size]
        if text:
            self._give(PieceKind.PASTE, text)

    def _give(self, kind: PieceKind, text: str) -> None:
        self._out.append(Piece(kind, text))
