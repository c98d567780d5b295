"""Reproducible randomness: a generator for each decision, seeded by the song and the decision's name.

So decisions are independent: another melody does not change the drums.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Makes a `random.Random` for each named decision of one song."""

    def __init__(self, prompt: str, seed: int) -> None:
        self._stem = f"{seed}\0{prompt}"

    def of(self, *names: object) -> random.Random:
        """Return the generator of a decision, always from its start."""
        text = "\0".join((self._stem, *map(str, names)))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return random.Random(int.from_bytes(digest[:8], "big"))

    def pick(self, choices: Sequence[T], *names: object) -> T:
        """Return one of `choices`, always the same for the same names."""
        return choices[self.of(*names).randrange(len(choices))]
