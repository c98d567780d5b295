"""The interface between the maker and its renderers, on this machine or in a cluster.

RenderFailure           an order was not rendered
├── Crashed             it killed its process
├── Stuck               it ran out of time, or didn't stop
└── RenderersGone       the renderers were lost; it can be run again
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from riffusion_tui.studio.queue.render_task import Outcome, RenderOrder

Work = Callable[[RenderOrder], Outcome]
"""A function of `riffusion_tui.studio.queue.render_task`."""


class RenderFailure(Exception):
    """An order was not rendered."""


class Crashed(RenderFailure):
    """The process that rendered the order died, and the order caused it."""


class Stuck(RenderFailure):
    """The order ran out of time, or was cancelled and didn't stop."""


class RenderersGone(RenderFailure):
    """The renderers were lost before the order was done, not because of it; it can be run again."""


class Renderers(Protocol):
    """Renders orders, each in another process.

    Progress and cancellation are small files in the order's folder (see `render_task`), so that every process of a
    studio reads and writes them in the same way.
    """

    async def count(self) -> int:
        """Return how many orders run at once, as of now; 0 if no renderer can be reached."""
        ...

    async def run(self, work: Work, order: RenderOrder, timeout_s: float) -> Outcome:
        """Return the outcome of `work(order)`; its files are in the order's folder.

        Args:
            work: the function to run.
            order: its argument; its folder exists.
            timeout_s: seconds after which the order is cancelled, and given up if it doesn't stop.

        Raises:
            Crashed: the order killed its process.
            Stuck: it ran out of time.
            RenderersGone: the renderers can no longer be reached.
        """
        ...

    async def close(self) -> None:
        """Stop every order now."""
        ...


def retrieve_exception(running: asyncio.Future[Any]) -> None:
    """Retrieve the exception; otherwise, if nothing awaits it, asyncio prints that it was never retrieved."""
    if not running.cancelled():
        running.exception()
