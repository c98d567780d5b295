"""The studio as one object: an ASGI app, and the maker behind it.

In process, without a port:

    async with Studio(StudioSettings(data_dir=folder)) as studio:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(studio.app), base_url="http://studio")

On a port: `riffusion_tui.studio.serve`.
"""

from __future__ import annotations

import random
from types import TracebackType
from typing import TYPE_CHECKING, Self

from riffusion_tui.jobs.clock import Clock, SystemClock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.settings import StudioSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from starlette.types import ASGIApp


class Studio:
    """Answers the contract and makes the songs. Open it with `async with`; closing it ends its renderers at once.

    Several studios, in one process or many, may be open on one folder: one of them makes the songs (a lock decides),
    all of them answer.
    """

    app: ASGIApp
    """Answers at any base address, e.g. `http://studio`; only a server on a port checks the Host header."""
    token: Secret
    """What the app wants as `Authorization: Bearer …`."""

    def __init__(
        self,
        settings: StudioSettings,
        *,
        clock: Clock | None = None,
        rng: random.Random | None = None,
        executor: Callable[[], Executor] | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._rng = rng or random.Random()
        self._executor = executor

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop making songs; what was unfinished is made at the next start."""
