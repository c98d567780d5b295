"""A service's report for `doctor`, and defaults for services without one and without models to load."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Inspection(NamedTuple):
    """One line of a service's report for `doctor`."""

    what: str
    """The topic in one word: `model`, `queue`."""
    state: Literal["good", "warn", "bad"]
    message: str
    """A sentence; if something is wrong, with what to do."""


class AlwaysReady:
    """Base class for services that load no models, whose features are fixed, and that report nothing to `doctor`."""

    async def fetch_capabilities(self) -> None:
        """Return immediately."""

    async def warm_up(self, account: str | None) -> None:
        """Return immediately."""

    async def inspect(self) -> tuple[Inspection, ...]:
        """Return nothing."""
        return ()
