"""What the rest of the screen may use of the app: state, keys, messages. `RiffusionApp` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.tui.appearance.themed_app import ThemedApp

if TYPE_CHECKING:
    from riffusion_tui.tui.bindings.keys import Keys
    from riffusion_tui.tui.state.prompt.draft import Draft
    from riffusion_tui.tui.state.shaded_lines import Lines
    from riffusion_tui.tui.state.view_model import ViewModel
    from riffusion_tui.tui.terminal import Terminal


class BaseApp(ThemedApp):
    """State and messages of the app, for all that stands below its screens."""

    keys: Keys
    model: ViewModel
    draft: Draft
    terminal: Terminal

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message."""
        raise NotImplementedError

    def show_error(self, text: str, title: str = "") -> None:
        """Show an error; if it does not fit in the message line, in a dialog with this title, else a general one."""
        raise NotImplementedError

    def show_lines(self, title: str, lines: Lines) -> None:
        """Show a text in a dialog."""
        raise NotImplementedError

    def report(self, error: BaseException) -> None:
        """Show an error and what to do about it."""
        raise NotImplementedError

    def show_changes(self) -> None:
        """Immediately show a command's changes to the store, the list or the draft."""
        raise NotImplementedError

    def read_all(self) -> None:
        """Load all jobs now, for a command on all of them."""
        raise NotImplementedError

    def player_moved(self) -> None:
        """Show what plays and where the player is."""
        raise NotImplementedError

    def hint(self, id: str) -> str:
        """Return what to press now for a command on the screen that is shown; empty if there are no such keys."""
        raise NotImplementedError
