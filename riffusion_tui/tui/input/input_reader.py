"""Split terminal input into complete pieces: characters, keys, pastes. Pauses decide where one ends.

Terminals also send replies to queries (colors, version, cursor position), often late, and often split by a slow
connection. Each sequence is collected completely, and only keys, mouse reports and supported mode reports are passed
on. How long nothing followed decides whether an ESC is the escape key, and whether a sequence was cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from riffusion_tui.tui.input.pastes import LEAVES_PASTE, Paste
from riffusion_tui.tui.input.piece_builder import PieceBuilder
from riffusion_tui.tui.input.pieces import Piece, PieceKind
from riffusion_tui.tui.input.sequence_parser import SequenceParser
from riffusion_tui.tui.input.terminal_sequences import ANSWERS, QUICK, TAIL, TAIL_STARTS

ESCAPE_S = 0.1
"""Delay after which a lone ESC is the escape key, in seconds, if no reply is likely."""
REPLY_ESCAPE_S = 0.35
"""The same delay while a reply is likely: a query is unanswered, or a report just came.

A reply cut after its ESC is therefore no key if its rest follows within `REPLY_ESCAPE_S`, or `ESCAPE_S` if it came
unexpectedly. If the rest follows later, within `_TAIL_S`, the escape key is taken back.
"""
STALE_S = 2.0
"""Gap in seconds after which the next input must complete an unfinished sequence, or is read separately."""
_MAX_STRING_S = 5.0
"""Maximum duration of a reply, in seconds, before input counts as keys again."""
_TAIL_S = 10.0
"""Time in which the rest of a reply may follow an ESC that was read as the escape key, in seconds."""
_RECENT_S = 0.5
"""Time after a report, in seconds, in which another one is likely: the mouse moves, or several queries are answered."""
_MAX_TICK_S = 0.025
"""Most that one `tick` adds to a pause, in seconds: a later one was delayed itself, and input may be waiting."""
_MAX_BYTE_GAP_S = 0.025
"""Longest gap in seconds before the second byte of such a rest, if a multiplexer passes on each byte by itself."""
_ALONE_S = 0.03
"""Pause in seconds before and after ESC and a letter that were typed, not pasted: more than one `tick` adds."""


class InputReader:
    """Converts bytes to pieces. Times are in seconds of a monotonic clock."""

    def __init__(self, keys: Container[str], functional: Container[str], awaits_reply: Callable[[float], bool]) -> None:
        """Create a reader.

        Args:
            keys: the escape sequences of keys.
            functional: the numbers and final bytes of keys in kitty's protocol.
            awaits_reply: whether a query is unanswered at a time.
        """
        self._awaits_reply = awaits_reply
        self._builder = PieceBuilder(keys, functional)
        self._parser = SequenceParser(self._builder)
        self._began = self._last = self._ticked = 0.0
        self._watched_s = 0.0
        """How long nothing has come while this reader was looking."""
        self._escape_at: float | None = None
        """When the last byte, an ESC, was read as the escape key."""
        self._tail_start = b""
        """A byte after that ESC: the start of its rest, or a key."""
        self._quick = b""
        """A letter with its ESC, or after the one that the parser holds, until it is certain that nothing follows."""
        self._is_escape_alone = False
        """Whether the ESC that the parser holds was read alone, after a pause."""
        self._reported_at = -_RECENT_S

    @property
    def waits(self) -> bool:
        """Whether `tick` must be called soon, because the input depends on timing."""
        builder = self._builder
        pastes = builder.paste is not None and not builder.paste.is_empty
        return bool(self._parser.held or builder.is_inside_character or pastes or self._tail_start or self._quick)

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Process input read at `now`; return the complete pieces."""
        builder = self._builder
        if ANSWERS.fullmatch(data) and bytes(self._parser.held) in (b"", b"\x1b") and builder.paste is None:
            return [Piece(PieceKind.SEQUENCE, answer) for answer in re.findall("[^R]+R", data.decode())]
        is_apart = now - self._last >= _ALONE_S and not self.waits and builder.paste is None
        is_quick = self._is_quick(data, is_apart=is_apart)
        self._is_escape_alone = is_apart and data == b"\x1b"
        data, self._tail_start, self._quick = self._tail_start + self._quick + data, b"", b""
        if is_quick or self._may_begin_tail(data, now):
            self._tail_start, self._quick = (b"", data) if is_quick else (data, b"")
            self._last, self._ticked, self._watched_s = now, now, 0.0
            return []
        self._begin(data, now)
        self._last = self._ticked = now
        self._watched_s = 0.0
        while data:
            data = self._read(data, now) if builder.paste is None else self._read_paste(builder.paste, data)
        return builder.take()

    def tick(self, now: float) -> list[Piece]:
        """Return pieces that are complete because nothing followed."""
        self._watched_s += min(now - self._ticked, _MAX_TICK_S)
        self._ticked = now
        if self._tail_start and self._watched_s >= _MAX_BYTE_GAP_S:
            self._escape_at = None
            return self.feed(b"", now)
        if self._quick and self._watched_s >= _ALONE_S:
            self._parser.drop()
            self._builder.give(PieceKind.QUICK, self._quick[-1:].decode())
            self._quick, self._escape_at = b"", None
        if self._watched_s < ESCAPE_S:
            return self._builder.take()
        if self._builder.is_inside_character:
            self._builder.end_character()
        if self._parser.held and self._watched_s >= self._escape_s(now):
            self._pause(now)
        if self._builder.paste is not None and now - self._last >= STALE_S:
            self._builder.pasted(self._builder.paste.take_certain())
        return self._builder.take()

    def overdue(self, data: bytes, now: float) -> list[Piece]:
        """Return the escape key if its ESC was alone for long enough and `data`, about to be fed, is no rest of it."""
        is_alone = self._parser.held == b"\x1b" and not self._quick
        if is_alone and now - self._last >= ESCAPE_S and not self._is_tail(data):
            self._pause(now)
        return self._builder.take()

    # -- bytes

    def _read(self, data: bytes, now: float) -> bytes:
        """Process bytes; return the rest after the start of a paste."""
        size = len(data)
        for at, byte in enumerate(data):
            if not self._parser.held:
                self._began = now
            self._parser.add(byte)
            if self._builder.paste is not None:
                size = at + 1
                break
        if self._builder.has_reported:
            self._builder.has_reported, self._reported_at = False, now
        return data[size:]

    def _read_paste(self, paste: Paste, data: bytes) -> bytes:
        """Process pasted text; return the rest after its end."""
        rest = paste.add(data)
        if rest is None:
            return b""
        self._builder.end_paste(paste)
        return rest

    # -- pauses

    def _escape_s(self, now: float) -> float:
        """Return how long the rest of a sequence is waited for."""
        recent = self._began - self._reported_at < _RECENT_S
        likely = recent or self._builder.escape_is_sequence or self._awaits_reply(now)
        return REPLY_ESCAPE_S if likely else ESCAPE_S

    def _pause(self, now: float) -> None:
        """Read an unfinished sequence as a key if it is one without a rest."""
        text = self._parser.held.decode("latin-1")
        if text == "\x1b":
            self._parser.drop()
            self._escape_at = now
            self._builder.escape()
        elif self._builder.is_key(text):
            self._parser.drop()
            self._builder.give(PieceKind.SEQUENCE, text)
        elif text[0] != "\x1b":
            self._parser.abandon()

    def _begin(self, data: bytes, now: float) -> None:
        """Decide whether `data` continues what is unfinished."""
        paste, quiet = self._builder.paste, now - self._last
        if paste is not None:
            if quiet >= STALE_S and LEAVES_PASTE.fullmatch(data):
                self._builder.end_paste(paste)
            return
        is_tail = self._is_tail(data)
        if self._parser.held:
            stale = quiet >= STALE_S or now - self._began >= _MAX_STRING_S
            typed = self._parser.may_be_typed and len(data) == 1 and quiet >= ESCAPE_S / 2
            tail = len(self._parser.held) <= 2 and is_tail
            if (stale or typed) and not tail and not self._parser.is_completed_by(data):
                self._parser.abandon()
        elif self._escape_at is not None and now - self._escape_at < _TAIL_S and is_tail:
            self._builder.give(PieceKind.TAKEN_BACK, "")
            self._parser.begin()
            self._began = now
        self._escape_at = None

    def _may_begin_tail(self, data: bytes, now: float) -> bool:
        """Whether `data` is a single byte that may continue the ESC that was read as the escape key, or be a key."""
        unfinished = self._escape_at is not None and not self._parser.held
        return unfinished and data in TAIL_STARTS and now - self._last >= _MAX_BYTE_GAP_S

    def _is_quick(self, data: bytes, *, is_apart: bool) -> bool:
        """Whether `data` may be the escape key and a letter, or the letter after an ESC: both arrived alone."""
        sent = bytes(self._parser.held) + data if self._is_escape_alone else data if is_apart else b""
        return QUICK.fullmatch(sent) is not None and not self._builder.is_key(sent.decode())

    def _is_tail(self, data: bytes) -> bool:
        return TAIL.match(bytes(self._parser.held[1:]) + data) is not None
