"""What a row of the job list shows, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.style import Style

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import NEEDS_ATTENTION, Status
from riffusion_tui.tui.appearance import glyphs as signs
from riffusion_tui.tui.appearance.palette import STATE_SHADES
from riffusion_tui.tui.appearance.row_words import shortened
from riffusion_tui.tui.appearance.text_cells import Part, cut, fit, width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import Row, first_line
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.job_columns import Columns

_REASON_GAP = "  "
_REASON_SHARE = 0.6
"""Share of a narrow row's text that the reason for its state may take, as there is no column for it."""
_MIN_TEXT = 5
"""Minimum cells for a shortened text."""
_EMPHASIS = Style(bold=True)
_TEMPO_AND_KEY = len("118 C# dor")


class JobRowPainter:
    """Writes rows; what changes often is on the left."""

    def __init__(self, model: ViewModel, glyphs: signs.Glyphs, shade: Callable[[str], Style]) -> None:
        """Create a painter; `shade` returns a named style."""
        self._model = model
        self._glyphs = glyphs
        self._shade = shade

    def parts(self, job: Job, row: Row, columns: Columns, *, chosen: bool) -> Iterator[Part]:
        """Yield a job's row; `chosen` says whether the selection is on it."""
        shade = self._shade(STATE_SHADES[row.state])
        strong = job.status in NEEDS_ATTENTION
        if job.id in self._model.list.marks:
            yield self._glyphs.mark, self._shade("attention")
        else:
            yield self._glyphs.cursor if chosen else " ", self._shade("focus")
        playing = self._model.playing
        if playing is not None and playing[0] == job.id:
            yield f"{self._glyphs.pause if playing[1] else self._glyphs.play} ", self._shade("focus")
        else:
            yield f"{self._glyphs.states[row.state]} ", shade
        yield fit(row.word, columns.word, self._glyphs.ellipsis), shade + Style(bold=strong)
        yield f"{row.time:>{columns.time}} ", self._shade("soft" if not row.quiet else "waits")
        if columns.detail:
            yield from self._detail(job, row, columns.detail)
            yield " ", shade
        yield from self._group(job, row, columns.group)
        reason = row.detail if row.notable and not columns.detail else ""
        if reason and _REASON_SHARE * columns.prompt >= len(_REASON_GAP) + width(reason):
            room = columns.prompt - len(_REASON_GAP) - width(reason)
            yield from self._text(job, row, columns._replace(prompt=room))
            yield _REASON_GAP + reason, self._shade("faint")
        else:
            yield from self._text(job, row, columns)

    def _group(self, job: Job, row: Row, cells: int) -> Iterator[Part]:
        """Draw a rail next to adjacent rows of the same batch, and the verdict."""
        if cells > 1:
            yield self._rail(job), self._shade("faint")
        if row.verdict:
            keep = row.verdict == "keep"
            yield self._glyphs.keep if keep else self._glyphs.reject, self._shade("done" if keep else "held")
        else:
            yield " ", self._shade("faint")
        if cells > 1:
            yield " ", self._shade("faint")

    def _rail(self, job: Job) -> str:
        jobs = self._model.list
        row = jobs.row_of(job.id) or 0
        above = row > 0 and jobs.at(row - 1).batch == job.batch
        below = row + 1 < len(jobs) and jobs.at(row + 1).batch == job.batch
        return (self._glyphs.rail[above + (not below)]) if above or below else " "

    def _text(self, job: Job, row: Row, columns: Columns) -> Iterator[Part]:
        """Draw the prompt with what differs emphasized, and the title in its own column."""
        ink, titled = self._ink(row), bool(row.title and columns.title)
        room = columns.prompt if titled or not columns.title else columns.prompt + 2 + columns.title
        service = "" if job.service == self._model.deps.service else f"@{job.service} "
        if 2 * len(service) <= room:
            yield service, self._shade("faint")
            room -= len(service)
        if row.edit:
            yield from self._edit(job, row, columns, room)
        else:
            yield from self._words(job, row, columns, room)
        if titled:
            yield "  ", ink
            yield cut(row.title, columns.title, self._glyphs.ellipsis), ink

    def _words(self, job: Job, row: Row, columns: Columns, room: int) -> Iterator[Part]:
        """Draw the prompt; without a column for titles, a finished song's title takes the place of what is common."""
        words = self._model.list.words.of(job)
        ink = self._ink(row)
        common = (
            self._shade("faint") if words.differing else self._shade("soft") if row.title and columns.title else ink
        )
        ending = row.title if not columns.detail else ""
        for piece in shortened(words, room, self._glyphs.ellipsis, brief=bool(ending)):
            yield piece.text, ink + _EMPHASIS if piece.differs else common
            room -= width(piece.text)
        gap = _REASON_GAP if words.differing or words.take else ""
        if ending and room - len(gap) < _MIN_TEXT:
            ending = ""
        yield fit(gap * bool(ending) + ending, room, self._glyphs.ellipsis), ink

    def _edit(self, job: Job, row: Row, columns: Columns, room: int) -> Iterator[Part]:
        """Draw what an edit does and to which song, then its prompt or title."""
        source = message("row.edit", what="", id=job.parent or "?") + ":"  # never cut
        what = row.edit.removesuffix(source[:-1])
        lead = cut(cut(what, room - width(source), self._glyphs.ellipsis) + source, room)
        rest = row.title if row.title and not columns.detail else first_line(job.prompt)
        left = room - width(lead)
        if left < _MIN_TEXT:
            lead, left, rest = lead.removesuffix(":"), left + lead.endswith(":"), ""
        yield lead + fit(" " * bool(rest) + rest, left, self._glyphs.ellipsis), self._ink(row)

    def _ink(self, row: Row) -> Style:
        return self._shade("dim" if row.quiet or row.verdict == "reject" else "ink")

    def _detail(self, job: Job, row: Row, cells: int) -> Iterator[Part]:
        if row.share is not None:
            done, rest = signs.bar(row.share, cells - 1, self._glyphs)
            yield done, self._shade("making")
            yield f"{rest} ", self._shade("faint")
        elif job.status is Status.DONE:
            yield (
                fit(
                    f"{self._glyphs.note} {row.detail:<{_TEMPO_AND_KEY}}" + (f" {job.genre}" if cells > 14 else ""),
                    cells,
                    self._glyphs.ellipsis,
                ),
                self._shade("faint"),
            )
        else:
            yield fit(row.detail, cells, self._glyphs.ellipsis), self._shade("faint")
