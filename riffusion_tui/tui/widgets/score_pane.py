"""The score below everything else: section map, chords, and the notes around the play position."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import line
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.playback import Playback
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.state.song.piano_roll import page_of, roll_lines, voices_of
from riffusion_tui.tui.state.song.song_chart import chord_line, sections, song_map
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.painted import Painted
from riffusion_tui.tui.widgets.song_pane import SongPane

_HEAD = 2
"""Lines above the notes: sections, and chords."""


class ScorePane(Painted):
    """Draws the song that plays, else the selected one."""

    def __init__(self, model: ViewModel, playback: Playback, glyphs: Glyphs) -> None:
        super().__init__(id="score", classes="pane")
        self._model = model
        self._playback = playback
        self._glyphs = glyphs
        self._lines: Lines = []
        self._job: Job | None = None

    def on_mount(self) -> None:
        """Draw the score at its size."""
        self.border_title = Content(message("pane.score"))
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Draw again, with the legend of the shades; only lines that differ are painted."""
        self._job = self._playback.job or self._model.list.current
        voices = voices_of(self._model.score(self._job)[0] if self._job is not None else ())
        legend = Content(" · ".join(message(f"score.voice.{voice}") for voice in voices))
        if self.border_subtitle != legend:
            self.border_subtitle = legend
        before, self._lines = self._lines, self._drawn()
        for row in range(max(len(before), len(self._lines))):
            if row >= len(before) or row >= len(self._lines) or before[row] != self._lines[row]:
                self.refresh(Region(0, row, self.size.width, 1))

    def _drawn(self) -> Lines:
        job, cells, rows = self._job, self.size.width, self.size.height - _HEAD
        if job is None or rows < 1:
            return []
        song, at_s = self._model.song(job), self._at_s()
        chart = sections(song)
        notes, _ = self._model.score(job)
        page = page_of(at_s, cells, job.duration_s)
        chords = chord_line(chart, *page, cells)
        roll = roll_lines(notes, at_s, page, cells, rows, self._glyphs)
        return [song_map(chart, job.duration_s, cells), chords, *roll]

    def _at_s(self) -> float:
        playing = self._playback.of(self._job.id) if self._job is not None else None
        return playing.position_s if playing is not None else 0.0

    def on_resize(self) -> None:
        """Another width shows other seconds."""
        self.show()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Play from the section or the note that is clicked."""
        at = event.get_content_offset(self)
        if at is None or self._job is None or not self._job.duration_s:
            return
        cells = self.size.width
        page_s, window_s = page_of(self._at_s(), cells, self._job.duration_s)
        position_s = at.x / cells * self._job.duration_s if not at.y else page_s + at.x / cells * window_s
        if position_s < self._job.duration_s:
            self.post_message(SongPane.Sought(self._job.id, position_s))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        parts = self._lines[y] if y < len(self._lines) else []
        return line(((text, self.shade(shade)) for text, shade in parts), self.size.width, self.plain)
