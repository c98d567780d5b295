"""Split terminal input into complete tokens: characters, keys, pastes.

Terminals also send replies to queries (colors, version, cursor position), often late, and often split by a slow
connection. Each sequence is collected completely, and only keys, mouse reports and supported mode reports are passed
on. The reader accepts arbitrary bytes and always recovers.

Sequences: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html and https://vt100.net/emu/dec_ansi_parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from enum import Enum
from typing import NamedTuple

from riffusion_tui.tui.terminal_sequences import KITTY, LEAVES_PASTE, REPORTS, TAIL

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
_MOST = 256
"""Maximum length of a sequence in bytes; a longer one is not a key."""

_PASTE, _PASTE_END = b"\x1b[200~", b"\x1b[201~"
_STRINGS = b"]P_^X"
"""Bytes that start a string after ESC: OSC, DCS, APC, PM, SOS."""


class PieceKind(Enum):
    """What a piece is."""

    TEXT = "text"
    """A character, or a control character sent by a key."""
    ESCAPE = "escape"
    """The escape key."""
    ALT = "alt"
    """A character typed with alt."""
    SEQUENCE = "sequence"
    """An escape sequence for a key or a supported report."""
    PASTE = "paste"
    TAKEN_BACK = "taken back"
    """The last escape key was the first byte of the sequence that follows."""


class Piece(NamedTuple):
    """A complete token from the terminal."""

    kind: PieceKind
    text: str


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
        self._began = self._last = self._ticked = 0.0
        self._watched_s = 0.0
        """How long nothing has come while this reader was looking."""
        self._escape_at: float | None = None
        """When the last byte, an ESC, was read as the escape key."""
        self._reported_at = -_RECENT_S
        self._escape_is_sequence = False
        """Whether the escape key was sent in kitty's protocol, so that a lone ESC can hardly be a key."""
        self._coordinates = 0

    @property
    def waits(self) -> bool:
        """Whether `tick` must be called soon, because the input depends on timing."""
        return bool(self._held or self._character or self._paste)

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Process input read at `now`; return the complete tokens."""
        out = self._out = []
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
        if self._watched_s < ESCAPE_S:
            return out
        if self._character:
            self._undecodable()
        if self._held and self._watched_s >= self._escape_s(now):
            self._pause(now)
        if self._paste and now - self._last >= STALE_S:
            self._flush_paste(self._paste, len(self._paste) - _partial_end(self._paste))
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
            typed = len(self._held) == 2 and len(data) == 1 and quiet >= ESCAPE_S / 2
            tail = len(self._held) <= 2 and is_tail
            if (stale or typed) and not tail and not self._completes(data):
                self._done()
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
            return b"\x07" in data or b"\x1b\\" in data
        if self._step == self._old_mouse:
            return len(data) >= self._coordinates
        ended = re.match(rb"[0-?]*[ -/]*[@-~]", data)
        return ended is not None and len(self._held) > 2

    # -- one byte each

    def _ground(self, byte: int) -> None:
        if self._character:
            self._continue_character(byte)
        elif byte == 0x1B:
            self._held.append(byte)
            self._step = self._escaped
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
        text, self._character = _latin(self._character), b""
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
        elif byte < 0x20:  # its end, or a byte that no reply contains
            self._reported_at = self._last
            self._done()

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
        elif known := self._known(text):
            self._give(PieceKind.SEQUENCE, known)
        kitty = KITTY.fullmatch(text)
        if kitty is not None and (kitty["code"], kitty["end"]) == ("27", "u"):
            self._escape_is_sequence = True
        if kitty is None and text not in self._keys and not text.endswith("R"):  # a cursor position: often, and alone
            self._reported_at = self._last

    def _known(self, text: str) -> str:
        """Return a sequence as Textual's parser expects it; empty if it is neither a key nor a supported report."""
        if text in self._keys or REPORTS.fullmatch(text):
            return text
        kitty = KITTY.fullmatch(text)
        if kitty is None or kitty["event"] == "3":
            return ""
        codes = [kitty["code"], *(kitty["text"] or "").split(":")]
        if kitty["end"] != "u" and f"{kitty['code']}{kitty['end']}" not in self._functional:
            return ""
        if not all(code == "" or _is_character(int(code)) for code in codes):
            return ""
        return f"\x1b[{kitty['code']};{kitty['bits'] or ''};{kitty['text'] or ''}{kitty['end']}"

    def _done(self) -> None:
        self._held.clear()
        self._step = self._ground

    # -- pastes

    def _pasted(self, paste: bytearray, data: bytes) -> bytes:
        """Process pasted text; return the rest after its end."""
        start = max(0, len(paste) - len(_PASTE_END))
        paste += data
        end = paste.find(_PASTE_END, start)
        if end < 0:
            return b""
        rest = bytes(paste[end + len(_PASTE_END) :])
        del paste[end:]
        self._flush_paste(paste, end)
        self._paste = None
        return rest

    def _flush_paste(self, paste: bytearray, size: int) -> None:
        text = _text(bytes(paste[:size]))
        del paste[:size]
        if text:
            self._give(PieceKind.PASTE, text)

    def _give(self, kind: PieceKind, text: str) -> None:
        self._out.append(Piece(kind, text))


def _partial_end(paste: bytearray) -> int:
    """Return how many bytes at the end of `paste` may be the start of its end bracket."""
    return next((size for size in range(len(_PASTE_END) - 1, 0, -1) if paste.endswith(_PASTE_END[:size])), 0)


def _is_character(code: int) -> bool:
    return code <= 0x10FFFF and not 0xD800 <= code < 0xE000


def _text(data: bytes) -> str:
    """Decode UTF-8; invalid bytes are read as Latin-1, which old terminals send."""
    out: list[str] = []
    while data:
        try:
            out.append(data.decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            out += [data[: error.start].decode("utf-8"), _latin(data[error.start : error.end])]
            data = data[error.end :]
    return "".join(out)


def _latin(data: bytes) -> str:
    return "".join(chr(byte) if byte >= 0xA0 else "\N{REPLACEMENT CHARACTER}" for byte in data)
