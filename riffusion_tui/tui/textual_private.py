"""Everything that uses private names of Textual, each with the reason why no public name works.

`tests/architecture/test_private_names.py` keeps them here and few. `tests/tui/test_textual_private.py` fails if a new
Textual changes one; `@override` has mypy report a method whose base is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

# What a terminal sends: Textual publishes neither its parser nor its tables of keys.
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._compositor import ChopsUpdate, Compositor
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from riffusion_tui.tui.display.textual_app import App

if TYPE_CHECKING:
    from rich.console import RenderableType

    # Python 3.11's typing has none; type checkers know typing_extensions, so it need not be installed for this.
    from typing_extensions import override
else:

    def override(method: Any) -> Any:
        """Do nothing: the mark is for type checkers."""
        return method


__all__ = [
    "ANSI_SEQUENCES_KEYS",
    "FUNCTIONAL_KEYS",
    "QuietApp",
    "XTermParser",
    "draw_lean",
    "run_binding",
    "with_own_components",
]

ReturnType = TypeVar("ReturnType")
WidgetClass = TypeVar("WidgetClass", bound=type[Widget])


class QuietApp(App[ReturnType]):
    """Exits after an uncaught error without printing it, since Textual's traceback shows local variables."""

    def note_error(self) -> None:
        """Record the error that is being handled."""

    @override
    def _fatal_error(self) -> None:
        # The only place between an error in a handler and Textual's traceback.
        self.note_error()
        # `exit` waits for messages to be handled, which the error may have ended.
        self._close_messages_no_wait()


async def run_binding(app: App[Any], key: str) -> bool:
    """Run the focused widget's binding for `key`; return whether it has one."""
    # `active_bindings` is public, and works out the state of every binding, at each key.
    return await app._check_bindings(key)


def with_own_components(widget: WidgetClass) -> WidgetClass:
    """Give a class only its own `COMPONENT_CLASSES`, without those of its bases; a decorator."""
    # `inherit_component_classes` is documented, but a widget's class doesn't accept it.
    widget._inherit_component_classes = False
    return widget


def draw_lean(screen: Screen[Any]) -> LeanCompositor:
    """Make a new screen draw only the visible cells of a repaint; return what draws it."""
    # A screen makes its compositor itself.
    made = screen._compositor = LeanCompositor()
    return made


class LeanCompositor(Compositor):
    """Draws only the visible cells of a repaint: Textual draws everything that its regions could touch.

    A countdown changes a row of the list and the status bar each second. Their union spans almost the whole screen, so
    Textual would draw every widget on it, even those hidden behind others.
    """

    held = False
    """Whether nothing is drawn yet."""
    _touched: Sequence[Region] | None = None
    """The regions being repainted; None if everything is."""

    @override
    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """Draw what has changed, or everything; nothing while held."""
        return None if self.held else super().render_update(full, screen_stack, simplify)

    @override
    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw the regions that have changed."""
        # The regions are nowhere else. One cell more on the right: Textual also sends the piece of a line that begins
        # where a region ends.
        self._touched = [region.grow((0, 1, 0, 0)) for region in self._dirty_regions]
        try:
            return super().render_partial_update()
        finally:
            self._touched = None

    @override
    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Draw each widget, front to back, in the rows that have needed and visible cells of it."""
        # The only place that decides which widgets are drawn: 0.3 ms of a key's 1.5.
        screen = self.size.region
        wanted = [0] * screen.height
        """The cells of each row that aren't drawn yet, one bit each."""
        for region in [screen] if self._touched is None else self._touched:
            part = region.intersection(screen)
            for y in part.line_range:
                wanted[y] |= _bits(part)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip).intersection(screen)
            bits = _bits(seen)
            rows = [y for y in seen.line_range if wanted[y] & bits]
            if rows:
                part = Region(seen.x, rows[0], seen.width, rows[-1] + 1 - rows[0])
                yield region, part, widget.render_lines(part.translate(-region.offset))
                for y in rows:
                    wanted[y] &= ~bits


def _bits(region: Region) -> int:
    return ((1 << region.width) - 1) << region.x
