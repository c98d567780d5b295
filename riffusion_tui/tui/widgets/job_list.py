"""The job list, drawn with the line API: only visible rows cost anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_ATTENTION, Status
from riffusion_tui.tui import glyphs as signs
from riffusion_tui.tui.commands import CommandScope
from riffusion_tui.tui.key_order import OrderedKeys
from riffusion_tui.tui.keys import STEPS, bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_row import Row, row_of, ticks
from riffusion_tui.tui.state.song_lines import Lines, welcome
from riffusion_tui.tui.state.sorted_ids import Shift
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.text_cells import Part, cut, cut_each, fit, line, width
from riffusion_tui.tui.widgets.job_columns import STATE_SHADES, Columns, columns_of
from riffusion_tui.tui.widgets.lines_view import wrapped_lines
from riffusion_tui.tui.widgets.painted import Painted

_WORTH_READING = 5
"""Minimum cells for a shortened text."""
_TEMPO_AND_KEY = len("118 C# dor")


class JobsView(OrderedKeys, ScrollView, Painted, can_focus=True):
    """The rows; what changes often is on the left."""

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

    def __init__(self, model: ViewModel, glyphs: signs.Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="jobs-view")
        self._model = model
        self._glyphs = glyphs
        self._hint = hint
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
        return line(self._parts(job, shown, chosen=chosen), cells, ground)

    def _parts(self, job: Job, row: Row, *, chosen: bool) -> Iterator[Part]:
        columns, shade = columns_of(self.size.width), self.shade(STATE_SHADES[row.state])
        strong = job.status in NEEDS_ATTENTION
        if job.id in self._model.list.marks:
            yield self._glyphs.mark, self.shade("attention")
        else:
            yield self._glyphs.cursor if chosen else " ", self.shade("focus")
        if self._playing is not None and self._playing[0] == job.id:
            yield f"{self._glyphs.pause if self._playing[1] else self._glyphs.play} ", self.shade("focus")
        else:
            yield f"{self._glyphs.states[row.state]} ", shade
        yield fit(row.word, columns.word, self._glyphs.ellipsis), shade + Style(bold=strong)
        yield f"{row.time:>{columns.time}} ", self.shade("soft" if not row.quiet else "waits")
        if columns.detail:
            yield from self._detail(job, row, columns.detail)
            yield " ", shade
        yield from self._group(job, row, columns.group)
        yield from self._text(job, row, columns)

    def _group(self, job: Job, row: Row, cells: int) -> Iterator[Part]:
        """Draw a rail beside neighboring rows of the same batch, and the verdict."""
        if cells > 1:
            yield self._rail(job), self.shade("faint")
        if row.verdict:
            keep = row.verdict == "keep"
            yield self._glyphs.keep if keep else self._glyphs.reject, self.shade("done" if keep else "held")
        else:
            yield " ", self.shade("faint")
        if cells > 1:
            yield " ", self.shade("faint")

    def _rail(self, job: Job) -> str:
        jobs = self._model.list
        row = jobs.row_of(job.id) or 0
        above = row > 0 and jobs.at(row - 1).batch == job.batch
        below = row + 1 < len(jobs) and jobs.at(row + 1).batch == job.batch
        return (self._glyphs.rail[above + (not below)]) if above or below else " "

    def _text(self, job: Job, row: Row, columns: Columns) -> Iterator[Part]:
        """Write what differs in the prompt, the rest of it more softly, and the title in a column of its own."""
        words, quiet = self._model.list.words.of(job), row.quiet or row.verdict == "reject"
        ink, titled = self.shade("dim" if quiet else "ink"), bool(row.title and columns.title)
        room = columns.prompt if titled or not columns.title else columns.prompt + 2 + columns.title
        service = "" if job.service == self._model.deps.service else f"@{job.service} "
        if 2 * len(service) <= room:
            yield service, self.shade("faint")
            room -= len(service)
        if row.edit:
            source = message("row.edit", what="", id=job.parent or "?") + ":"  # never cut
            what = row.edit.removesuffix(source[:-1])
            lead = cut(cut(what, room - width(source), self._glyphs.ellipsis) + source, room)
        else:
            lead = cut_each(words.lead if width(words.lead) <= room else words.short, room, self._glyphs.ellipsis)
        yield lead, ink
        rest = row.title if row.title and not columns.detail else words.rest
        left = room - width(lead)
        if lead and left < _WORTH_READING:
            rest = ""
        gap = "" if not lead or not rest else " " if row.edit else "  "
        shade = ink if not titled or row.edit else self.shade("soft")
        yield fit(gap + rest, left, self._glyphs.ellipsis), self.shade("faint") if gap == "  " else shade
        if titled:
            yield "  ", ink
            yield cut(row.title, columns.title, self._glyphs.ellipsis), ink

    def _detail(self, job: Job, row: Row, cells: int) -> Iterator[Part]:
        if row.share is not None:
            done, rest = signs.bar(row.share, cells - 1, self._glyphs)
            yield done, self.shade("making")
            yield f"{rest} ", self.shade("faint")
        elif job.status is Status.DONE:
            yield (
                fit(
                    f"{self._glyphs.note} {row.detail:<{_TEMPO_AND_KEY}}" + (f" {job.genre}" if cells > 14 else ""),
                    cells,
                    self._glyphs.ellipsis,
                ),
                self.shade("faint"),
            )
        else:
            yield fit(row.detail, cells, self._glyphs.ellipsis), self.shade("faint")

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
