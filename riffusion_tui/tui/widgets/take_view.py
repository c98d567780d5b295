"""One take of a comparison: waveform, facts, differences, lyrics."""

from __future__ import annotations

from textual.content import Content

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.appearance.glyphs import Glyphs, waveform
from riffusion_tui.tui.appearance.text_cells import cut
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.playback import Playback
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.state.song.lineage import describe_changes, lyrics_of
from riffusion_tui.tui.state.song.lyric_lines import lyric_lines
from riffusion_tui.tui.state.song.song_lines import spelled_key
from riffusion_tui.tui.state.times import span
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.lines_view import SCROLLING_BY_LETTER, LinesView


class TakeView(LinesView, inherit_bindings=False):
    """Draws a take; space plays instead of scrolling."""

    BINDINGS = [*SCROLLING_BY_LETTER]

    def __init__(self, model: ViewModel, playback: Playback, glyphs: Glyphs, letter: str) -> None:
        super().__init__(classes="pane")
        self._model = model
        self._playback = playback
        self._glyphs = glyphs
        self._letter = letter
        """What the take is called in blind mode."""

    def show(self, job: Job | None, other: Job | None, *, blind: bool) -> None:
        """Draw a take.

        Args:
            job: the take; None if it was removed.
            other: the take whose differences from this one are listed; None lists none.
            blind: hide everything that identifies the take.
        """
        if job is None:
            self.put([], [[(message("detail.gone"), "dim")]])
            return
        key = "compare.letter" if blind else "compare.take"
        self.border_title = Content(message(key, letter=self._letter, id=job.id))
        self.border_subtitle = Content(message(f"verdict.{job.verdict}") if job.verdict and not blind else "")
        facts = [] if blind else self._facts(job)
        self.put([*facts, *self._waveform(job)], [] if blind else self._details(job, other))

    def _waveform(self, job: Job) -> Lines:
        song, playing = self._model.song(job), self._playback.of(job.id)
        columns = max(1, self.content_region.width - 1)
        rows = 3 if self.content_region.height > 12 else 1
        at = int(playing.position_s / job.duration_s * columns) if playing and job.duration_s else 0
        drawn = waveform(song.waveform if song else (), columns, rows, self._glyphs)
        lines: Lines = [[(row[:at], "focus"), (row[at:], "line")] for row in drawn]
        sign = self._glyphs.pause if playing and playing.paused else self._glyphs.play
        return [*lines, [(f"{span(playing.position_s)} {sign}" if playing else "", "focus")]]

    def _details(self, job: Job, other: Job | None) -> Lines:
        lines: Lines = []
        if other is not None:
            changes = describe_changes(self._model.shown(other), self._model.shown(job), narrow=True)
            lines = [[(message("compare.differs"), "faint")], *changes, []]
        lyrics = lyrics_of(self._model.song(job))
        return lines + (lyric_lines(lyrics) if lyrics else [])

    def _facts(self, job: Job) -> Lines:
        tempo = message("song.bpm", bpm=job.bpm) if job.bpm else ""
        figures = [span(job.duration_s or 0), tempo, spelled_key(job.key), job.genre]
        cells = max(1, self.content_region.width - 1)
        title = cut(job.title or message("song.job", id=job.id), cells, self._glyphs.ellipsis)
        return [[(title, "strong")], [("   ".join(one for one in figures if one), "soft")]]
