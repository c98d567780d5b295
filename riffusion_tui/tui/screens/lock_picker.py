"""Choose which properties of a song the next one keeps: tempo, key, seed, form, band, lyrics."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from riffusion_tui.dispatch.requests.song_locks import Lock
from riffusion_tui.jobs.lock_names import LOCKS
from riffusion_tui.tui.appearance.text_cells import cut
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import HELP_KEY, Modal
from riffusion_tui.tui.state.prompt.lock_texts import value_text
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.widgets.lines_view import LinesView

_LETTERS = {name: name[0] for name in LOCKS}
_NAME = 8
"""Cells of a property's name."""


class LockPicker(OrderedKeys, Modal[tuple[str, ...] | None]):
    """Returns the names of the locked properties, or None if cancelled. Initially all are locked."""

    HELP = "dialog.locks"
    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss"]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-low")]
    BINDINGS = [
        HELP_KEY,
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("enter", "use", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("space", "lock", show=False),
        Binding("a", "lock_all", show=False),
        *(Binding(letter, f"lock('{name}')", show=False) for name, letter in _LETTERS.items()),
    ]

    def __init__(self, title: str, locks: Sequence[Lock], lost: Sequence[str], *, ellipsis: str = "…") -> None:
        super().__init__()
        self._title = title
        self._locks = {lock.name: lock for lock in locks}
        self._lost = ", ".join(lost)
        self._ellipsis = ellipsis
        self._row = 0
        self.locked = set(self._locks)
        self._view = LinesView()
        self._view.can_focus = False  # the arrows choose a row here

    def compose(self) -> ComposeResult:
        """What locking does, and a row for each property."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = self.keys_line(message("locks.keys"))
            yield Static(Content(message("locks.text")), markup=False)
            if self._lost:
                yield Static(Content(message("locks.lost", edits=self._lost)), markup=False)
            yield self._view

    def on_mount(self) -> None:
        """Show the rows."""
        self._view.styles.height = len(self._locks)

    def on_resize(self) -> None:
        """Cut the values at the new width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        lines: Lines = []
        room = self._view.content_region.width - _NAME - 10
        for row, lock in enumerate(self._locks.values()):
            here, locked = row == self._row, lock.name in self.locked
            value = cut(value_text(lock.name, lock.value), max(1, room), self._ellipsis)
            lines.append(
                [
                    (f"{'>' if here else ' '} [{'x' if locked else ' '}] ", "focus" if here else "dim"),
                    (f"{_LETTERS[lock.name]} ", "focus"),
                    (lock.name.ljust(_NAME), "ink" if locked else "dim"),
                    (value, "soft" if locked else "faint"),
                ]
            )
        self._view.put([], lines)

    def on_click(self, event: events.Click) -> None:
        """Lock or unlock the property that was clicked."""
        at = event.get_content_offset(self._view)
        if at is not None and at.y + self._view.scroll_offset.y < len(self._locks):
            self._row = at.y + self._view.scroll_offset.y
            self.action_lock()

    def action_step(self, rows: int) -> None:
        """Move to another row."""
        self._row = (self._row + rows) % len(self._locks)
        self._show()

    def action_lock(self, name: str = "") -> None:
        """Lock or unlock the row, or the property called `name`."""
        names = list(self._locks)
        if name and name not in names:
            return
        self._row = names.index(name) if name else self._row
        self.locked ^= {names[self._row]}
        self._show()

    def action_lock_all(self) -> None:
        """Lock everything; if everything is locked, unlock everything."""
        self.locked = set() if self.locked == set(self._locks) else set(self._locks)
        self._show()

    def action_use(self) -> None:
        """Return what is locked."""
        self.dismiss(tuple(name for name in self._locks if name in self.locked))
