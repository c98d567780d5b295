"""Dialogs and messages. Dialogs (pick a choice, enter a line, confirm) are awaited in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from riffusion_tui.clean import error_message
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.playing_app import PlayingApp
from riffusion_tui.tui.screens.app_screen import AppScreen
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.terminal import CopyResult
from riffusion_tui.tui.widgets.status_bar import MESSAGE_S

if TYPE_CHECKING:
    from riffusion_tui.tui.screens.picker import Picked
    from riffusion_tui.tui.state.shaded_lines import Lines
    from riffusion_tui.tui.widgets.status_bar import StatusBar


class DialogApp(PlayingApp):
    """Asks the user, shows messages and errors, copies texts."""

    status: StatusBar
    """The main screen's status bar."""
    knows_editor = False
    """Whether the user has been shown which editor is used although none is set, and how to leave it."""

    def screens(self) -> list[AppScreen[Any]]:
        """Return the full-window screens, bottom first."""
        return [screen for screen in self.screen_stack if isinstance(screen, AppScreen)]

    def hint(self, id: str) -> str:
        """Return what to press now for a command on the screen that is shown; empty if there are no such keys."""
        return self.screens()[-1].hint(id)

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

    async def ask_until(
        self, title: str, text: str, problem_of: Callable[[str], str], *, value: str = ""
    ) -> str | None:
        """Ask for a line until nothing is wrong with it; return it without spaces at its ends, or None if cancelled."""
        problem = ""
        while (line := await self.ask(title, f"{problem}\n{text}".lstrip(), value=value)) is not None:
            value = line.strip()
            if not (problem := problem_of(value)):
                return value
        return None

    async def confirm(self, title: str, text: str) -> bool:
        """Ask yes or no; no is the default."""
        from riffusion_tui.tui.screens.ask import Confirm

        return await self.push_screen_wait(Confirm(title, text))

    # -- messages

    def show_message(self, text: str, shade: str = "soft", stays_s: float = MESSAGE_S) -> None:
        """Show a short message on the topmost screen that can show it, and in the main screen's status bar."""
        self.status.show_message(text, shade, stays_s)
        if above := self._above():
            above.show_message(text, shade)

    def take_back_message(self, text: str) -> None:
        """Remove a message from the status bar if it is still shown."""
        self.status.take_back(text)

    def show_announcement(self, text: str, shade: str, stays_s: float = MESSAGE_S) -> None:
        """Show what happened by itself, without hiding the result of a command that was just given."""
        above = self._above()
        if above is not None and not self.status.shows_result:
            above.show_message(text, shade)
        self.status.show_announcement(text, shade, stays_s)

    def _above(self) -> AppScreen[Any] | None:
        """Return the screen that covers the main one, if any."""
        screens = self.screens()
        return screens[-1] if len(screens) > 1 else None

    def report(self, error: BaseException) -> None:
        """Show an error and what to do about it."""
        self.show_error(error_message(error))

    def show_error(self, text: str, title: str = "") -> None:
        """Show an error; if it does not fit in the message line, in a dialog with this title, else a general one."""
        line = " ".join(text.split("\n"))
        self.show_message(line, "held")
        if not self.screens()[-1].fits(text):
            lines: Lines = [[(line, "ink")] for line in text.split("\n")]
            self.show_lines(title or message("error.title"), lines, lambda: self.take_back_message(line))

    def show_lines(self, title: str, lines: Lines, then: Callable[[], None] = lambda: None) -> None:
        """Show a text in a dialog; call `then` when it is closed."""
        from riffusion_tui.tui.screens.ask import Reader

        self.push_screen(Reader(title, lines), lambda _: then())

    def copy_to_clipboard(self, text: str) -> None:
        """Copy the selection to the clipboard of the user's terminal."""
        self.terminal.copy(text)

    def copy_text(self, text: str, what: str) -> None:
        """Copy a text and show what happened to it."""
        if not text:
            self.show_message(message("copy.nothing"))
            return
        result = self.terminal.copy(text)
        self.show_message(message(f"copy.{result}", what=what), "held" if result is CopyResult.TOO_LONG else "done")
