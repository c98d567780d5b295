"""A matrix as a grid: one cell per prompt, to play, keep, reject and compare songs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.content import Content

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.actions.shown_song import ShownSongActions
from riffusion_tui.tui.appearance.palette import STATE_SHADES
from riffusion_tui.tui.appearance.text_cells import cut, fit, width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.screens.framed import FramedScreen
from riffusion_tui.tui.state.grid import Grid, grid_of, shown_take
from riffusion_tui.tui.state.job_list.job_row import first_line, row_of
from riffusion_tui.tui.state.shaded_lines import Lines, Shaded
from riffusion_tui.tui.widgets.lines_view import LinesView
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.undo_app import UndoApp

_CELL = 20
"""Minimum width of a column: cursor, mark, symbol, word or length, verdict, takes."""
_BEFORE_NAME = 3
"""Cells of a column before its name."""


class GridView(LinesView, inherit_bindings=False):
    """The grid; arrows move between cells instead of scrolling."""

    BINDINGS = [
        *bindings(CommandScope.GRID),
        *(
            Binding(keys, f"screen.step({rows}, {columns})", show=False)
            for keys, rows, columns in (
                ("up,k", -1, 0),
                ("down,j", 1, 0),
                ("left", 0, -1),
                ("right", 0, 1),
                ("pageup", -10, 0),
                ("pagedown", 10, 0),
            )
        ),
    ]


class GridScreen(ShownSongActions, FramedScreen):
    """The jobs of one batch, arranged by the alternatives of their prompts."""

    SCOPES = (CommandScope.GRID, CommandScope.SCREENS)

    _owner: UndoApp

    def __init__(self, app: UndoApp, job: Job) -> None:
        super().__init__(app, GridView(), id="grid")
        self._batch = job.batch
        self._read()
        places = (
            (row, column)
            for row, cells in enumerate(self._grid.cells)
            for column, ids in enumerate(cells)
            if job.id in ids
        )
        self._at = next(places, (0, 0))  # another process may just have deleted it
        self._marks: list[int] = []
        # Until the size is known, which takes seconds on a busy machine, the cells can't be laid out.
        self._view.put([[(message("grid.loading"), "dim")]], [])

    def _read(self) -> None:
        jobs = self._owner.deps.store.batch(self._batch)
        self._grid: Grid = grid_of(jobs)
        self._prompts = {job.id: job.prompt for job in jobs}

    @on(ModelChanged)
    def _model_changed(self, event: ModelChanged) -> None:
        """Redraw; if prompts changed, rebuild the grid."""
        ours = [job for job in event.change.jobs if job.batch == self._batch]
        if any(self._prompts.get(job.id) != job.prompt for job in ours):
            self._read()
            self.action_step(0, 0)
        if ours or event.change.waits:
            self.show()

    def player_moved(self) -> None:
        """Show what plays."""
        super().player_moved()
        self.show()

    @property
    def job(self) -> Job | None:
        """The selected cell's job; None if it was deleted."""
        return self._job(*self._at)

    def _job(self, row: int, column: int) -> Job | None:
        here = self._takes(row, column)
        return shown_take(here) if here else None

    def _takes(self, row: int, column: int) -> list[Job]:
        cells = self._grid.cells
        return self._owner.model.list.known(cells[row][column]) if row < len(cells) else []

    # -- commands

    def action_step(self, rows: int, columns: int) -> None:
        """Move the cursor."""
        row, column = self._at
        grid = self._grid
        self._at = (
            max(0, min(len(grid.rows) - 1, row + rows)),
            max(0, min(len(grid.columns) - 1, column + columns)),
        )
        self.show()

    @in_worker
    async def action_play(self) -> None:
        """Play or pause the cell's song."""
        if (job := self.finished_job()) is not None:
            await self._owner.playback.play(job)

    def action_mark(self) -> None:
        """Toggle the cell's mark; the last two marks are compared."""
        if (job := self.finished_job()) is not None:
            if job.id in self._marks:
                self._marks.remove(job.id)
            else:
                self._marks = [*self._marks[-1:], job.id]
            self.show()

    def action_compare(self) -> None:
        """Compare the two marked songs, or the marked one with the cell's; without marks, two takes of the cell."""
        pair = list(self._marks)
        takes = [job.id for job in self._takes(*self._at) if job.status is Status.DONE]
        if not pair and len(takes) > 1:
            pair = takes[-2:]
        elif len(pair) == 1 and (here := self.job) is not None and here.id in takes and here.id not in pair:
            pair.append(here.id)
        if len(pair) < 2:
            self._owner.show_message(message("compare.none", key=self._owner.keys.shown_or_palette("grid.mark")))
            return
        from riffusion_tui.tui.screens.compare import CompareScreen

        self._owner.push_screen(CompareScreen(self._owner, pair[0], pair[1]))

    @in_worker
    async def action_make_with(self) -> None:
        """Generate the kept songs with another service; if none is kept, the cell's song."""
        jobs = self._owner.model.list.jobs
        kept = tuple(id for id in self._prompts if id in jobs and jobs[id].verdict == "keep")
        if ids := kept or ((self.job.id,) if self.job is not None else ()):
            await self._owner.undoable.make_with(ids)

    def action_open_detail(self) -> None:
        """Open the detail screen for the cell's job."""
        if (job := self.job) is not None:
            from riffusion_tui.tui.screens.detail import DetailScreen

            self._owner.push_screen(DetailScreen(self._owner, job.id))

    def action_back(self) -> None:
        """Return to the list and select the cell's job."""
        if (job := self.job) is not None:
            self._owner.model.list.select(job.id)
        super().action_back()

    # -- drawing

    def show(self) -> None:
        """Draw the rows and columns around the cursor that fit."""
        grid, (row, column) = self._grid, self._at
        cells, ellipsis = max(1, self._view.content_region.width - 1), self._owner.glyphs.ellipsis
        count, named = max(1, len(grid.columns)), max(map(width, grid.columns), default=0) + _BEFORE_NAME + 1
        spare = cells - count * max(_CELL, named)
        names = min(max(map(width, grid.rows), default=0) + 2, max(8, cells // 3, spare))
        room = max(1, (cells - names) // _CELL)
        wide = max(_CELL, min(named, (cells - names) // min(room, count)))
        first = max(0, min(column - room // 2, len(grid.columns) - room))
        shown = range(first, min(first + room, len(grid.columns)))
        head: Lines = [[(" " * names, "faint")]]
        head[0] += [(fit(" " * _BEFORE_NAME + grid.columns[one], wide - 1, ellipsis) + " ", "strong") for one in shown]
        body: Lines = []
        high = max(1, self._view.size.height - 1)
        top = max(0, min(row - high // 2, len(grid.rows) - high))
        for number in range(top, min(top + high, len(grid.rows))):
            line: list[Shaded] = [
                (fit(grid.rows[number], names - 1, ellipsis) + " ", "ink" if number == row else "soft")
            ]
            for one in shown:
                line += self._cell(number, one, wide)
            body.append(line)
        self._view.put(head, body)
        self._pane.border_title = Content(message("grid.title", rows=len(grid.rows), columns=len(grid.columns)))
        job = self.job
        self._pane.border_subtitle = Content(cut(first_line(job.prompt), max(1, cells - 4), ellipsis) if job else "")
        self._foot.show_playing(playing=job is not None and self._owner.playback.sounds(job.id))

    def _count(self, row: int, column: int) -> str:
        """Return how many takes a cell has; if only some are done, how many of them."""
        takes = len(self._grid.cells[row][column])
        done = sum(job.status is Status.DONE for job in self._takes(row, column))
        if takes == 1:
            return ""
        return f" {done}/{takes}" if 0 < done < takes else f" {self._owner.glyphs.cross}{takes}"

    def _cell(self, row: int, column: int, wide: int) -> list[Shaded]:
        glyphs, model, job = self._owner.glyphs, self._owner.model, self._job(row, column)
        here = (row, column) == self._at
        cursor = (glyphs.cursor if here else " ", "focus")
        if job is None:
            return [cursor, (" " * (wide - 1), "faint")]
        cell = row_of(job, model.wait(job), model.share(job), model.now)
        playing = self._owner.playback.of(job.id)
        mark = glyphs.mark if job.id in self._marks else " "
        sign = glyphs.states[cell.state] if playing is None else glyphs.pause if playing.paused else glyphs.play
        verdict = {"keep": glyphs.keep, "reject": glyphs.reject}.get(job.verdict, " ")
        words = f"{cell.word} {cell.time} {verdict}".rstrip()
        text = fit(f"{sign} {words}{self._count(row, column)}", wide - 3, glyphs.ellipsis)
        shade = "dim" if job.verdict == "reject" else "focus" if playing is not None else STATE_SHADES[cell.state]
        return [cursor, (mark, "focus"), (text + " ", shade)]
