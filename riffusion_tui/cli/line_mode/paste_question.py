"""Asks what pasted lines are: one prompt, or a prompt each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from riffusion_tui.cli.printing.output import put


class PasteQuestion:
    """Keeps pasted lines until it is known what they are: the last one may still be typed."""

    def __init__(self, queue: Callable[[list[str]], Awaitable[None]]) -> None:
        self._queue = queue
        self._lines: list[str] = []

    def __bool__(self) -> bool:
        """Whether there are lines that are neither queued nor dropped yet."""
        return bool(self._lines)

    def add(self, text: str) -> None:
        """Keep further lines, and ask what all of them are."""
        self._lines += text.split("\n")
        put(
            f"{len(list(filter(None, self._lines)))} lines were pasted. Press enter to queue them as one prompt; "
            ":each queues a song per line, :none nothing."
        )

    async def queue_as_one(self) -> None:
        """Queue the lines as one prompt."""
        await self._queue(["\n".join(self._taken())])

    async def queue_each(self) -> None:
        """Queue a song per line."""
        await self._queue([line for line in self._taken() if line.strip()])

    def drop(self) -> None:
        """Queue nothing."""
        self._taken()
        put("Nothing was queued.")

    def _taken(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines
