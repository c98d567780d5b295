"""Bytes as short texts that JSON carries and clients keep: compressed, in base64, cut to length."""

from __future__ import annotations

import base64
import zlib

CHUNK = 1900
"""Characters of a text: clients may cut longer ones."""


def packed(data: bytes) -> list[str]:
    """Return `data` as texts of at most `CHUNK` characters; joined, they are base64 of zlib."""
    text = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
    return [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
