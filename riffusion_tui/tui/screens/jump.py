"""Jump mode: labels every focusable pane and field with a letter that jumps to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from riffusion_tui.tui.appearance.text_cells import Part
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import Modal
from riffusion_tui.tui.widgets.painted import PaintedLine

_OWN = {
    "editor": "p",
    "options": "o",
    "jobs-view": "j",
    "filter": "f",
    "song": "s",
    "accounts-view": "a",
    "cookie": "c",
}
"""Widget id → mnemonic letter."""
_OTHERS = "fdsajklgheruiowptyqvbnmcxz"
"""Letters for all other widgets, in tab order; home row first."""


def letters(ids: Iterable[str | None]) -> list[str]:
    """Assign a letter to each widget id; ids beyond the available letters get none."""
    all_ids = list(ids)
    own = [_OWN.get(id or "", "") for id in all_ids]
    free = (letter for letter in _OTHERS if letter not in own)
    return [letter or next(free, "") for letter in own]


class Letter(PaintedLine):
    """A letter at its widget's top left corner."""

    def __init__(self, letter: str, x: int, y: int) -> None:
        super().__init__()
        self.letter = letter
        self.styles.offset = (x, y)

    def parts(self) -> Iterator[Part]:
        """Return the letter with padding."""
        yield f" {self.letter} ", self.ground("badge")


class JumpScreen(Modal[None]):
    """An overlay for one key: a letter moves the focus, any other key cancels."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]

    def __init__(self, below: Screen[object], show_message: Callable[[str], None]) -> None:
        """Create the overlay for a screen; it shows how to use it with `show_message`."""
        super().__init__()
        self._show_message = show_message
        self._room = below.size
        there = below.focus_chain
        self._targets: dict[str, Widget] = dict(zip(letters(one.id for one in there), there, strict=True))

    def compose(self) -> ComposeResult:
        """Compose the letters over their panes and fields."""
        for letter, widget in self._targets.items():
            if letter:
                yield Letter(letter, widget.region.x, widget.region.y)

    def on_mount(self) -> None:
        """Show how to use it."""
        self._show_message(message("jump.how"))

    def on_key(self, event: events.Key) -> None:
        """Focus the letter's widget, before the next key is read."""
        event.stop()
        target = self._targets.get(event.key)
        if self._done() and target is not None:
            target.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Close, since all positions have changed."""
        if event.size != self._room:
            self._done()

    def _done(self) -> bool:
        """Close once: resizing a terminal sends many events, and the screen below must stay open."""
        if not self.is_current:
            return False
        self.dismiss()
        self._show_message("")
        return True
