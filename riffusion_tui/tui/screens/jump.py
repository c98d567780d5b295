"""Jump mode: a letter on every pane and field that can have the focus; the letter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.base import Modal
from riffusion_tui.tui.text_cells import Part
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
"""Letters by the widget's id, where it has one that is easy to guess."""
_OTHERS = "fdsajklgheruiowptyqvbnmcxz"
"""For all else, in the order in which tab comes to it: what lies under the fingers first."""


def letters(ids: Iterable[str | None]) -> list[str]:
    """Give each of the widgets with these ids a letter of its own; those that are too many get none."""
    asked = list(ids)
    own = [_OWN.get(id or "", "") for id in asked]
    free = (letter for letter in _OTHERS if letter not in own)
    return [letter or next(free, "") for letter in own]


class Letter(PaintedLine):
    """A letter, where what it stands for begins."""

    def __init__(self, letter: str, x: int, y: int) -> None:
        super().__init__()
        self.letter = letter
        self.styles.offset = (x, y)

    def parts(self) -> Iterator[Part]:
        """The letter, with room on both sides."""
        yield f" {self.letter} ", self.ground("badge")


class JumpScreen(Modal[None]):
    """Lies over a screen for one key: a letter moves the focus, any other key leaves it where it is."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]

    def __init__(self, below: Screen[object], tell: Callable[[str], None]) -> None:
        """Take what it lies over, and what says how it is used."""
        super().__init__()
        self._tell = tell
        self._room = below.size
        there = below.focus_chain
        self._targets: dict[str, Widget] = dict(zip(letters(one.id for one in there), there, strict=True))

    def compose(self) -> ComposeResult:
        """Each letter over the first cells of its pane or field."""
        for letter, widget in self._targets.items():
            if letter:
                yield Letter(letter, widget.region.x, widget.region.y)

    def on_mount(self) -> None:
        """Say what is to be done."""
        self._tell(say("jump.how"))

    def on_key(self, event: events.Key) -> None:
        """Go where the letter says. The focus is there before the next key is read."""
        event.stop()
        target = self._targets.get(event.key)
        if self._done() and target is not None:
            target.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Everything stands elsewhere now."""
        if event.size != self._room:
            self._done()

    def _done(self) -> bool:
        """Go away, once: a terminal that is drawn larger sends many sizes, and the screen below must stay."""
        if not self.is_current:
            return False
        self.dismiss()
        self._tell("")
        return True
