"""What the app expects of every screen that covers the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.screen import Screen, ScreenResultType

from riffusion_tui.tui.commands import CommandScope

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.state.view_model import Change


class ModelChanged(Message, bubble=False):
    """The store, the list or the draft changed; a screen takes from `change` what it shows."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class AppScreen(Screen[ScreenResultType]):
    """A screen with commands of its own and a place for short messages."""

    PLACES: ClassVar[tuple[CommandScope, ...]] = ()
    """The scopes whose commands apply on it, the nearest first."""

    def __init__(self, app: RiffusionApp, *, id: str) -> None:
        super().__init__(id=id)
        self._owner = app

    def places(self) -> tuple[CommandScope, ...]:
        """Return the scopes whose commands apply now."""
        return self.PLACES

    def say(self, text: str, shade: str = "soft") -> None:
        """Show a short message for a few seconds."""
        raise NotImplementedError

    def fits(self, text: str) -> bool:
        """Return whether the place for messages shows all of `text`."""
        return True

    def player_moved(self) -> None:
        """The player went on; most screens show nothing of it."""

    def action_back(self) -> None:
        """Return to the screen below."""
        self.dismiss(None)
