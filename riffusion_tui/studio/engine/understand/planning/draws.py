"""The randomness of a plan."""

from __future__ import annotations

import hashlib
from random import Random


class Draws:
    """A random generator for each field, so that stating one field does not change the others."""

    def __init__(self, prompt: str, seed: int) -> None:
        self._root = f"{seed}\0{prompt}"

    def of(self, field: str) -> Random:
        """Return the generator of a field."""
        digest = hashlib.sha256(f"{field}\0{self._root}".encode("utf-8", "replace")).digest()
        return Random(int.from_bytes(digest[:8], "big"))
