"""Decide what the bytes and sequences from the terminal mean: characters, keys, pastes, or replies to drop."""

from __future__ import annotations

from collections.abc import Container

from riffusion_tui.tui.input.pastes import PASTE, Paste
from riffusion_tui.tui.input.pieces import Piece, PieceKind
from riffusion_tui.tui.input.terminal_sequences import KITTY, supported
from riffusion_tui.tui.input.terminal_text import ByteDecoder


class PieceBuilder:
    """Collects pieces, and what else the parsed input says."""

    def __init__(self, keys: Container[str], functional: Container[str]) -> None:
        """Create a builder.

        Args:
            keys: the escape sequences of keys.
            functional: the numbers and final bytes of keys in kitty's protocol.
        """
        self.paste: Paste | None = None
        """The paste whose start bracket came last, until it is complete."""
        self.has_reported = False
        """Whether a report came that another one is likely to follow."""
        self.escape_is_sequence = False
        """Whether the escape key was sent in kitty's protocol, so that a lone ESC can hardly be a key."""
        self._keys = keys
        self._functional = functional
        self._text = ByteDecoder()
        self._pieces: list[Piece] = []

    @property
    def is_inside_character(self) -> bool:
        """Whether a character is unfinished."""
        return self._text.is_inside

    def text(self, byte: int) -> None:
        """Add a byte of text."""
        self._give_text(self._text.add(byte))

    def end_character(self) -> None:
        """Read an unfinished character as Latin-1."""
        self._give_text(self._text.finish())

    def escape(self) -> None:
        """Add the escape key."""
        self.give(PieceKind.ESCAPE, "\x1b")

    def is_key(self, text: str) -> bool:
        """Whether a sequence is a key's."""
        return text in self._keys

    def two_bytes(self, text: str) -> None:
        """Add a sequence of ESC and a character: a key, or the character typed with alt."""
        if self.is_key(text):
            self.give(PieceKind.SEQUENCE, text)
        else:
            self.give(PieceKind.ALT, text[1])

    def sequence(self, text: str, *, is_8_bit: bool) -> None:
        """Add a complete sequence; `is_8_bit` says whether it began with a single byte instead of ESC and a byte."""
        if text == PASTE:
            self.paste = Paste(is_8_bit=is_8_bit)
        elif known := supported(text, self._keys, self._functional):
            self.give(PieceKind.SEQUENCE, known)
        kitty = KITTY.fullmatch(text)
        if kitty is not None and (kitty["code"], kitty["end"]) == ("27", "u"):
            self.escape_is_sequence = True
        if kitty is None and not self.is_key(text) and not text.endswith("R"):  # a cursor position: often, and alone
            self.has_reported = True

    def pasted(self, text: str) -> None:
        """Add text from a paste."""
        if text:
            self.give(PieceKind.PASTE, text)

    def end_paste(self, paste: Paste) -> None:
        """Add the rest of a paste."""
        self.pasted(paste.take())
        self.paste = None

    def take(self) -> list[Piece]:
        """Return the complete pieces, and forget them."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def give(self, kind: PieceKind, text: str) -> None:
        """Add a piece."""
        self._pieces.append(Piece(kind, text))

    def _give_text(self, text: str) -> None:
        for character in text:
            self.give(PieceKind.TEXT, character)
