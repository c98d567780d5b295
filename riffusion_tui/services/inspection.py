"""What a service tells `doctor` of itself, and the defaults of one that has nothing to tell and nothing to load."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Inspection(NamedTuple):
    """One thing that a service says of itself to `doctor`."""

    what: str
    """A word: `model`, `queue`."""
    state: Literal["good", "warn", "bad"]
    says: str
    """A sentence, with what to do unless all is well."""


class AlwaysReady:
    """What a service inherits that loads nothing before it makes songs, and tells `doctor` nothing of its own."""

    async def warm_up(self, account: str | None) -> None:
        """Return at once."""

    async def inspect(self) -> tuple[Inspection, ...]:
        """Return nothing."""
        return ()
