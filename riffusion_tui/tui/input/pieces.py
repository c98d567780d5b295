"""The tokens of which terminal input consists."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class PieceKind(Enum):
    """What a piece is."""

    TEXT = "text"
    """A character, or a control character sent by a key."""
    ESCAPE = "escape"
    """The escape key."""
    ALT = "alt"
    """A character typed with alt."""
    QUICK = "quick"
    """A character typed with alt, or right after the escape key."""
    SEQUENCE = "sequence"
    """An escape sequence for a key or a supported report."""
    PASTE = "paste"
    TAKEN_BACK = "taken back"
    """The last escape key was the first byte of the sequence that follows."""


class Piece(NamedTuple):
    """A complete token from the terminal."""

    kind: PieceKind
    text: str
