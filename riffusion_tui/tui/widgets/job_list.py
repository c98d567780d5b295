"""The job list, drawn with the line API: only visible rows cost anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, line
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.key_order import OrderedKeys
from riffusion_tui.tui.bindings.keys import STEPS, bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import row_of, ticks
from riffusion_tui.tui.state.job_list.sorted_ids import Shift
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.state.welcome import welcome
from riffusion_tui.tui.widgets.job_columns import columns_of
from riffusion_tui.tui.widgets.job_row_painter import JobRowPainter
from riffusion_tui.tui.widgets.lines_view import wrapped_lines
from riffusion_tui.tui.widgets.painted import Painted


class JobsView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """The rows of the jobs that pass the filter."""

    BINDINGS = [
        *bindings(CommandScope.JOB, CommandScope.JOBS, CommandScope.LISTS),
        *STEPS,
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "end(-1)", show=False),
        Binding("end,G", "end(1)", show=False),
    ]

    class Selected(Message):
        """The selection changed."""

    class Opened(Message):
        """The selected row was clicked."""

    def __init__(self, model: ViewModel, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="jobs-view")
        self._model = model
        self._hint = hint
        self._painter = JobRowPainter(model, glyphs, self.shade)
        self._announced: int | None = None
        self._playing: tuple[int, bool] | None = None
        self._staying: tuple[int | None, int] | None = None
        """The selected job and its row, while a command may move the job out of sight."""
        self._welcomes = False

    def welcomes(self, *, here: bool) -> None:
        """Set whether this list shows the welcome text."""
        if self._welcomes is not here:
            self._welcomes = here
            self.refresh()

    # -- changes

    def changed(self, shift: Shift, *, all_rows: bool = False) -> None:
        """Repaint the rows changed by an update."""
        rows = len(self._model.list)
        if self.virtual_size != Size(self.size.width, rows):
            self.virtual_size = Size(self.size.width, rows)
        if all_rows or not rows:
            self.refresh()
        elif shift.moved_from is not None:
            top = max(shift.moved_from - 1, self.scroll_offset.y)  # the row above may end its batch's rail now
            self.refresh_lines(top, self.size.height)
        else:
            for row in shift.rows:
                self._repaint(row)
        self.settle()

    def tick(self) -> None:
        """Repaint the visible rows with a running time."""
        top = self.scroll_offset.y
        for row in range(top, min(len(self._model.list), top + self.size.height)):
            job = self._model.list.at(row)
            if ticks(job, self._model.wait(job)):
                self._repaint(row)

    def show_playing(self) -> None:
        """Repaint the rows of the song that plays now and of the one before."""
        before, self._playing = self._playing, self._model.playing
        if before != self._playing:
            for one in (before, self._playing):
                if one is not None and (row := self._model.list.row_of(one[0])) is not None:
                    self._repaint(row)

    def _repaint(self, row: int) -> None:
        if 0 <= row - self.scroll_offset.y < self.size.height:
            self.refresh_lines(row)

    def stay(self) -> None:
        """Keep the view still at the next change: a selected job that leaves it gives its row to the next one."""
        jobs = self._model.list
        self._staying = jobs.selected, jobs.row_of(jobs.selected) or 0

    def _stayed(self) -> None:
        if self._staying is None:
            return
        (id, before), self._staying = self._staying, None
        jobs, row = self._model.list, self._model.list.row_of(self._model.list.selected)
        in_sight = row is not None and 0 <= row - self.scroll_offset.y < self.size.height
        if id == jobs.selected and not in_sight and jobs.order:
            jobs.selected = jobs.order[min(before, len(jobs) - 1)]
            self._repaint(before)

    def settle(self) -> None:
        """Scroll to the selected row, and post a message if it is another job."""
        self._stayed()
        row = self._model.list.row_of(self._model.list.selected)
        if row is not None and self.size.height:
            top, height = self.scroll_offset.y, self.size.height
            if row < top:
                self.scroll_to(y=row, animate=False)
            elif row >= top + height:
                self.scroll_to(y=row - height + 1, animate=False)
        if self._announced != self._model.list.selected:
            self._announced = self._model.list.selected
            self.post_message(self.Selected())

    # -- moving

    def _select(self, row: int) -> None:
        jobs = self._model.list
        before = jobs.row_of(jobs.selected)
        if not len(jobs):
            return
        jobs.selected = jobs.order[max(0, min(len(jobs) - 1, row))]
        if before is not None:
            self._repaint(before)
        self._repaint(jobs.row_of(jobs.selected) or 0)
        self.settle()

    def action_step(self, rows: int) -> None:
        """Move the selection by rows."""
        self._select((self._model.list.row_of(self._model.list.selected) or 0) + rows)

    def action_page(self, pages: int) -> None:
        """Move the selection by a screenful."""
        self.action_step(pages * max(1, self.size.height - 1))

    def action_end(self, where: int) -> None:
        """Move the selection to the first or the last row."""
        self._select(len(self._model.list) if where > 0 else 0)

    def on_click(self, event: events.Click) -> None:
        """Select the clicked row, or open it if it is already selected."""
        row = event.y + self.scroll_offset.y
        if row >= len(self._model.list):
            return
        if self._model.list.order[row] == self._model.list.selected:
            self.post_message(self.Opened())
        self._select(row)

    def on_resize(self) -> None:
        """Redraw at the new width and keep the selection visible."""
        self.virtual_size = Size(self.size.width, len(self._model.list))
        self.settle()

    # -- drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row, cells = y + self.scroll_offset.y, self.cells
        ground = self.plain
        if not len(self._model.list):
            return line(self._welcome_row(y), cells, ground)
        if row >= len(self._model.list):
            return Strip.blank(cells, ground)
        job = self._model.list.at(row)
        chosen = job.id == self._model.list.selected
        if chosen:
            ground += self.ground("chosen" if self.has_focus else "aside")
        now = self._model.now
        shown = row_of(job, self._model.wait(job), self._model.share(job), now)
        return line(self._painter.parts(job, shown, columns_of(self.size.width), chosen=chosen), cells, ground)

    def _welcome_row(self, y: int) -> Iterator[Part]:
        lines = wrapped_lines(self._welcome_lines(), max(10, self.cells - 1))
        if y < len(lines):
            for text, shade in lines[y]:
                yield text, self.shade(shade)

    def _welcome_lines(self) -> Lines:
        if self._model.list.jobs:
            return [[(message("empty.filtered", key=self._hint("jobs.clear")), "dim")]]
        if self._welcomes:
            return welcome(self._model.deps.service, self._hint)
        return [[(message("empty.jobs", key=self._hint("make")), "dim")]]

    def on_focus(self) -> None:
        """Draw the selection as focused."""
        self._repaint(self._model.list.row_of(self._model.list.selected) or 0)

    def on_blur(self) -> None:
        """Draw the selection as unfocused."""
        self._repaint(self._model.list.row_of(self._model.list.selected) or 0)
