"""Decode UTF-8 from a terminal; invalid bytes are read as Latin-1, which old terminals send."""

from __future__ import annotations

import codecs

_ERRORS = "riffusion_tui.latin_1"


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid bytes as Latin-1, with a replacement character for each control byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    invalid = error.object[error.start : error.end]
    return "".join(chr(byte) if byte >= 0xA0 else "\N{REPLACEMENT CHARACTER}" for byte in invalid), error.end


codecs.register_error(_ERRORS, _as_latin_1)


def decode(data: bytes) -> str:
    """Decode a text."""
    return data.decode("utf-8", _ERRORS)


class ByteDecoder:
    """Decodes a text whose bytes come one by one."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(_ERRORS)

    @property
    def is_inside(self) -> bool:
        """Whether a character is unfinished."""
        return bool(self._decoder.getstate()[0])

    def add(self, byte: int) -> str:
        """Add a byte; return the characters that are complete."""
        return self._decoder.decode(bytes([byte]))

    def finish(self) -> str:
        """Return what an unfinished character is without its rest."""
        return self._decoder.decode(b"", final=True)
