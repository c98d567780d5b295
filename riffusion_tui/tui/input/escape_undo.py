"""Undo an escape key that turns out to be the start of a terminal's report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message import Message

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen


class EscapeTakenBack(Message, bubble=False):
    """The last escape key was the start of a terminal's report, whose rest came late."""


class EscapeUndo:
    """Undoes the last escape key, which may turn out to be the start of a terminal's report."""

    def __init__(self) -> None:
        self._screen: Screen[Any] | None = None
        self._undo: Callable[[], None] | None = None

    def note(self, app: App[Any], event: events.Event) -> None:
        """Record the state before an escape key is processed."""
        if isinstance(event, events.Key) and event.key == "escape" and app.screen_stack:
            before = getattr(app.screen, "before_escape", None)
            self._screen, self._undo = app.screen, before() if before is not None else None

    def undo(self, app: App[Any]) -> None:
        """Restore what the key changed, unless it closed a screen."""
        if self._undo is not None and app.screen is self._screen:
            self._undo()
        self._screen = self._undo = None
