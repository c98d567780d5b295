"""Reproducible randomness: a generator for each decision, seeded by the song and the decision's name.

So decisions are independent: another melody does not change the drums.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_PER_SECTION = frozenset(
    {
        "progression",
        "tune",
        "lead",
        "sung",
        "comp",
        "pad",
        "arp",
        "bass",
        "drums",
        "percussion",
        "counter",
        "human",
        "gesture",
    }
)
"""Decisions that another take of a section makes again; all others are the song's."""


class Dice:
    """Makes a `random.Random` for each named decision of one song.

    Args:
        prompt: the prompt that the song is drawn for.
        seed: the song's seed.
        again: the seed of another take of a section, for the decisions that are a section's own; None: the song's.
    """

    def __init__(self, prompt: str, seed: int, again: int | None = None) -> None:
        self._stem = f"{seed}\0{prompt}"
        self._again = self._stem if again is None else f"section {again}\0{self._stem}"

    def of(self, *names: object) -> random.Random:
        """Return the generator of a decision, always from its start."""
        stem = self._again if names and names[0] in _PER_SECTION else self._stem
        text = "\0".join((stem, *map(str, names)))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return random.Random(int.from_bytes(digest[:8], "big"))

    def pick(self, choices: Sequence[T], *names: object) -> T:
        """Return one of `choices`, always the same for the same names."""
        return choices[self.of(*names).randrange(len(choices))]
