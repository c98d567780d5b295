"""Process keys in the order in which they were pressed.

In Textual a key with a binding bubbles from the focused widget to the app before it has an effect, while the next
character is inserted immediately. If keys arrive together, as on a slow connection, `^U` deletes text typed after it,
and keys after a focus change go to the old pane. Here the focused widget runs its own binding, and the app passes on a
key only after the previous one is finished.
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

_PATIENCE_S = 0.25
"""Timeout for a key, in seconds: one key must never block all others."""


class OrderedKeys(MessagePump):
    """Mixin for focusable widgets; must be the first base class."""

    types = False
    """Whether characters are text here."""
    one_line = False
    """Whether enter ends the text here."""

    def focus(self, scroll_visible: bool = True) -> Self:
        """Focus immediately, not via the message queue: the next key may be waiting."""
        widget = cast("Widget", self)  # a second Widget base class would override the first one's style sheet
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
    """Wait until the focused widget has processed its keys, and those around it what it sent them.

    Enter in a field sends its text to the dialog, which then closes: the next key is for the screen below.
    """
    there = app.focused or app.screen
    around = there.ancestors_with_self if is_one_line(app) else [there]
    try:
        async with asyncio.timeout(_PATIENCE_S):
            for each in around:
                if not each.is_running:
                    return
                done = asyncio.Event()
                each.call_later(done.set)
                await done.wait()
                if each is there.screen:
                    return
    except TimeoutError:
        return


def takes_text(app: App[Any]) -> bool:
    """Whether typed characters are text, not commands."""
    return bool(app.screen_stack) and bool(getattr(app.focused, "types", False))


def is_one_line(app: App[Any]) -> bool:
    """Whether the focused field is submitted by enter."""
    return bool(app.screen_stack) and bool(getattr(app.focused, "one_line", False))
