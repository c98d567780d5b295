"""Base classes of the screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self, cast

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.style import Style

from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.key_names import written
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.textual_private import draw_lean
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.player_line import PlayerLine

if TYPE_CHECKING:
    from riffusion_tui.tui.playing.playing_app import PlayingApp
    from riffusion_tui.tui.state.view_model import Change


HELP_KEY = Binding("f1", "explain", show=False, priority=True, id="help")
"""Explains a dialog; it has the keys of the panes' help."""


_KEY = "key"
"""Name of a style's value: the key that a click stands for."""


class ModelChanged(Message, bubble=False):
    """The store, the list or the draft changed."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self.change = change


class WholeScreen(Screen[ScreenResultType]):
    """A screen that is first drawn when it is complete: Textual would redraw it for each widget that is added."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawing = draw_lean(self)
        self._drawing.held = True

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close the screen, once: a second key or click may arrive before it is gone, and would close the one below."""
        return super().dismiss(result) if self in self.app.screen_stack else AwaitComplete()

    def suit(self, size: Size) -> None:
        """Set the size classes before the first layout, so that nothing is styled twice."""
        self.add_class(*self._size_classes(size), update=False)

    def _size_classes(self, size: Size) -> list[str]:
        wanted = (size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS)
        return [_step(length, steps) for length, steps in wanted if steps]

    @on(events.Resize)
    def _laid_out(self, event: events.Resize) -> None:
        """Skip Textual's own handler if it would only repeat the layout that sent this event."""
        stack = self.app.screen_stack
        if all(one.outer_size == event.size for one in stack) and all(
            map(self.has_class, self._size_classes(event.size))
        ):
            event.prevent_default()
        if self._drawing.held:
            self.call_later(self._draw)

    def _draw(self) -> None:
        self._drawing.held = False
        self.refresh()


class AppScreen(WholeScreen[ScreenResultType]):
    """A screen with its own commands and an area for messages."""

    SCOPES: ClassVar[tuple[CommandScope, ...]] = ()
    """The scopes of its commands, most specific first."""

    def __init__(self, app: PlayingApp, *, id: str) -> None:
        super().__init__(id=id)
        if app.is_running:
            self.suit(app.size)
        self._owner = app
        self.playing_line = PlayerLine(app)
        """The player line; screens that show it yield it above their last line."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint; but not for regions that changed on the screen below: it can't be seen through this one.

        Textual asks for that, and would drop what changed on this screen at the same time.
        """
        return self if regions else super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    def scopes(self) -> tuple[CommandScope, ...]:
        """Return the scopes of the commands that apply now."""
        return self.SCOPES

    def hint(self, id: str) -> str:
        """Return what to press now for a command, e.g. `P`, or `esc P` while text is typed; empty if it has no key."""
        return self._owner.keys.hint(id, self.scopes())

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message for a few seconds."""
        raise NotImplementedError

    def fits(self, text: str) -> bool:
        """Whether the message area has room for all of `text`."""
        return width(text) <= self._owner.size.width - 2

    @property
    def hides_titles(self) -> bool:
        """Whether the title of what plays must not be shown: in a blind comparison."""
        return False

    def before_escape(self) -> Callable[[], None]:
        """Return a function that undoes what an escape key is about to do on this screen."""
        focused = self.focused
        return lambda: self.set_focus(focused)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def highlight_frames(self) -> None:
        """Highlight the frame around the focus.

        With `:focus-within`, Textual would style all that is in the old and the new frame again.
        """
        for pane in self.query(".pane"):
            is_active = pane.has_focus_within and not pane.has_focus
            if is_active != pane.has_class("-active"):
                pane.set_class(is_active, "-active", update=False)
                self.app.stylesheet.apply(pane)

    @on(events.ScreenSuspend)
    @on(events.ScreenResume)
    def _covered_or_not(self) -> None:
        for foot in self.query(Footer):
            foot.cover(covered=isinstance(self.app.screen, Modal))

    def player_moved(self) -> None:
        """The play position changed."""
        if self.playing_line.is_attached:
            self.playing_line.show()

    def action_back(self) -> None:
        """Return to the screen below."""
        self.dismiss(None)


class Modal(WholeScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen drawn over another one that stays visible."""

    HELP: ClassVar[str] = ""
    """Message that explains its keys, for dialogs that bind `HELP_KEY`."""

    def __init__(self) -> None:
        super().__init__()
        self.suit(self.app.size)

    def action_explain(self) -> None:
        """Show what its keys do."""
        from riffusion_tui.tui.state.help_lines import dialog_lines

        app = cast("PlayingApp", self.app)
        app.show_lines(message("dialog.title"), dialog_lines(self.HELP, app.keys))

    def keys_line(self, text: str) -> Content:
        """Return the line that lists a dialog's keys, such as `y yes · n no`; a click on one does what the key does."""
        parts = re.split(r"( [·-] )", text)
        return Content.assemble(*((part, Style.from_meta({_KEY: part.partition(" ")[0]})) for part in parts))

    @on(events.Click)
    async def _key_clicked(self, event: events.Click) -> None:
        """Run the binding of a key that was clicked, once: a second click may arrive when the dialog is closed."""
        key = event.style.meta.get(_KEY)
        for name, found in self.active_bindings.items() if key and self.is_current else ():
            if written(name) == key:
                await self.app.run_action(found.binding.action, found.node)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Repaint all of it even if only regions changed on the screen below.

        Textual asks for those regions only, and would drop what changed on this screen at the same time.
        """
        return super().refresh(repaint=repaint, layout=layout, recompose=recompose)


def _step(length: int, steps: list[tuple[int, str]]) -> str:
    """Return the class of the last breakpoint that `length` has reached."""
    return max(step for step in steps if step[0] <= length)[1]
