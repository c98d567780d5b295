"""Collect the text between the brackets of a paste."""

from __future__ import annotations

import re

from riffusion_tui.tui.input.terminal_text import decode

PASTE = "\x1b[200~"
"""The bracket before a paste."""
_END, _END_8_BIT = b"\x1b[201~", b"\x9b201~"
LEAVES_PASTE = re.compile(rb"\x03|\x1b|\x1b\[(?!20[01])\d\d?~|\x1bO[P-S]")
"""Keys that end a paste with a lost end bracket, if they arrive alone after a pause."""


class Paste:
    """A paste whose end has not come yet."""

    def __init__(self, *, is_8_bit: bool) -> None:
        """Begin a paste; `is_8_bit` says whether its brackets begin with a single byte instead of ESC `[`."""
        self._end = _END_8_BIT if is_8_bit else _END
        self._data = bytearray()

    @property
    def is_empty(self) -> bool:
        """Whether all text is taken."""
        return not self._data

    def add(self, data: bytes) -> bytes | None:
        """Add input; return what follows the end bracket, or None if that hasn't come."""
        start = max(0, len(self._data) - len(self._end))
        self._data += data
        end = self._data.find(self._end, start)
        if end < 0:
            return None
        rest = bytes(self._data[end + len(self._end) :])
        del self._data[end:]
        return rest

    def take(self) -> str:
        """Return the text, and forget it."""
        return self._take(len(self._data))

    def take_certain(self) -> str:
        """Return the text, and forget it, except for what may be the start of the end bracket."""
        sizes = range(len(self._end) - 1, 0, -1)
        partial = next((size for size in sizes if self._data.endswith(self._end[:size])), 0)
        return self._take(len(self._data) - partial)

    def _take(self, size: int) -> str:
        text = decode(bytes(self._data[:size]))
        del self._data[:size]
        return text
