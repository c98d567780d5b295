"""Keys in the order in which they were pressed.

In Textual a key that is a binding travels from the focused widget up to the app before it does anything, while the
next letter is typed at once. When keys arrive together, as they do on a slow line, `^U` deletes what was typed after
it, and what follows a key that moves the focus lands in the pane that was left. Here the focused widget runs its
binding itself, and the app passes on a key only when the one before it has done its work.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, cast

from textual import events
from textual.message_pump import MessagePump

from riffusion_tui.tui.textual_private import run_binding

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

PATIENCE_S = 0.25
"""Seconds after which the next key goes on whatever the last one does: a key must never stop all others."""


class OrderedKeys(MessagePump):
    """What can have the focus derives from this first."""

    types = False
    """Whether letters are text here."""
    one_line = False
    """Whether enter ends the text here."""

    def focus(self, scroll_visible: bool = True) -> Self:
        """Take the focus now, not when the app comes to it: the next key may be waiting."""
        widget = cast("Widget", self)  # a second Widget base would take the style sheet of the first
        widget.screen.set_focus(widget, scroll_visible)
        return self

    async def on_key(self, event: events.Key) -> None:
        """Run the key's binding, if it has one and is not typed."""
        if self.types and event.is_printable:
            return
        app: App[Any] = self.app
        if await run_binding(app, event.key):
            event.stop()
            event.prevent_default()


async def done_with_key(app: App[Any]) -> None:
    """Wait until what has the focus has worked off its keys."""
    there = app.focused or app.screen
    if not there.is_running:
        return
    done = asyncio.Event()
    there.call_later(done.set)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await done.wait()
    except TimeoutError:
        return


def takes_text(app: App[Any]) -> bool:
    """Whether what is typed now is text, and no command."""
    return bool(app.screen_stack) and bool(getattr(app.focused, "types", False))


def is_one_line(app: App[Any]) -> bool:
    """Whether what is typed now goes to a field that enter ends."""
    return bool(app.screen_stack) and bool(getattr(app.focused, "one_line", False))
