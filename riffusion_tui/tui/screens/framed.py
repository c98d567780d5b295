"""Base class of the screens that show framed lines, what plays, and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from riffusion_tui.tui.screens.app_screen import AppScreen
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from riffusion_tui.tui.playing.playing_app import PlayingApp


class FramedScreen(AppScreen[None]):
    """A view in a frame; the first of `SCOPES` is the scope of its keys."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/detail.tcss"]

    def __init__(self, app: PlayingApp, view: LinesView, *, id: str) -> None:
        super().__init__(app, id=id)
        self._pane = Vertical(classes="pane")
        self._view = view
        self._foot = Footer(app.keys, self.SCOPES[0])

    def compose(self) -> ComposeResult:
        """Compose the framed view, what plays, and the keys."""
        with self._pane:
            yield self._view
        yield self.playing_line
        yield self._foot

    def on_mount(self) -> None:
        """Show the lines; a screen's own `on_mount` is called before."""
        self._view.focus()
        self.call_after_refresh(self.show)

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message beside the keys."""
        self._foot.show_message(text, self._owner.glyphs.ellipsis)

    def show(self) -> None:
        """Draw the lines."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Redraw at the new width: now, as far as it is known, and after the layout if the frame changed too."""
        drawn_at = self._view.content_region.width
        self.show()

        def again() -> None:
            if self._view.content_region.width != drawn_at:
                self.show()

        self.call_after_refresh(again)
