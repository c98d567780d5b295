"""Dialogs: pick a choice, enter a line, confirm. Await them in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from riffusion_tui.tui.display.mixin import DifferentialDisplay
from riffusion_tui.tui.glyphs import Glyphs
from riffusion_tui.tui.state.choice import Choice

if TYPE_CHECKING:
    from riffusion_tui.tui.screens.picker import Picked


class Questions(DifferentialDisplay[int]):
    """App mixin with dialogs."""

    glyphs: Glyphs

    async def pick(self, title: str, choices: Sequence[Choice], *, chosen: str = "") -> str | None:
        """Let the user pick one of `choices`; return its id, or None."""
        from riffusion_tui.tui.screens.picker import Picker

        picked = await self.push_screen_wait(Picker(title, choices, ellipsis=self.glyphs.ellipsis, chosen=chosen))
        return picked.id if picked is not None else None

    async def pick_or_remove(self, title: str, choices: Sequence[Choice]) -> Picked | None:
        """Let the user pick one of `choices`, to use or to remove it."""
        from riffusion_tui.tui.screens.picker import Picker

        return await self.push_screen_wait(Picker(title, choices, ellipsis=self.glyphs.ellipsis, removable=True))

    async def ask(
        self, title: str, text: str, *, value: str = "", secret: bool = False, keep: bool = False
    ) -> str | None:
        """Ask for a line of text; return it, or None. See `Ask`."""
        from riffusion_tui.tui.screens.ask import Ask

        return await self.push_screen_wait(Ask(title, text, value=value, secret=secret, keep=keep))

    async def confirm(self, title: str, text: str) -> bool:
        """Ask yes or no; no is the default."""
        from riffusion_tui.tui.screens.ask import Confirm

        return await self.push_screen_wait(Confirm(title, text))
