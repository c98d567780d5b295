"""The song pane: title, facts, waveform with the play position, lyrics, detected words."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.message import Message

from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.appearance.glyphs import Glyphs, bar
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS
from riffusion_tui.tui.bindings.keys import bindings, is_direct
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.playback import Playback
from riffusion_tui.tui.state.song.song_facts import Facts, Playing
from riffusion_tui.tui.state.song.song_lines import body, head
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.state.welcome import welcome
from riffusion_tui.tui.widgets.lines_view import SCROLLING, LinesView

_TALL = 14
"""Minimum rows of the pane for a waveform of two rows."""
_METERED = 9
"""Minimum rows of the pane for a row with the levels of what plays."""
_LEVEL = 10
"""Cells of the bar for the loudness."""
_HINT_GAP, _HINT_FRAME = "   ", 6
"""Space between two hints; cells of the corners and their padding."""
_HINTS = ("job.play", "job.sheet", "job.copy", "job.edit")


class SongPane(LinesView):
    """Shows the selected job."""

    class Sought(Message):
        """A second of a song was clicked on its waveform."""

        def __init__(self, job_id: int, position_s: float) -> None:
            super().__init__()
            self.job_id, self.position_s = job_id, position_s

    BINDINGS = [*SCROLLING, *bindings(CommandScope.JOB, CommandScope.SONG, CommandScope.LISTS)]

    def __init__(self, model: ViewModel, playback: Playback, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="song", classes="pane")
        self._model = model
        self._glyphs = glyphs
        self._hint = hint
        self._playback = playback
        self._shown: int | None = None
        self._wave_rows = range(0)
        """Rows of the head that show the song over its whole length."""

    def show(self) -> None:
        """Show the selected job; repaints only changes."""
        job = self._model.list.current
        if job is None:
            self.border_title = Content(message("pane.welcome"))
            self.border_subtitle = None
            self.put([], welcome(self._model.deps.service, self._hint))
            self._shown = None
            return
        playing = self._playback.of(job.id)
        takes = len(self._model.takes_of(job)) if job.status is Status.DONE else 0
        meter = self._meter(job, playing) if playing is not None and self.size.height >= _METERED else ""
        facts = Facts(
            self._model.shown(job), self._model.song(job), self._model.wait(job), playing, takes, self._model.now, meter
        )
        rows = 2 if self.size.height >= _TALL else 1
        cells = max(1, self.size.width - 1)
        drawn = head(facts, cells, rows, self._glyphs)
        self._wave_rows = range(1, len(drawn) - 1 - bool(meter))  # waveform and section map: below the title
        self._frame(job.id, done=job.status is Status.DONE)
        self.put([*drawn, []], body(facts, self._hint, cells), home=self._shown != job.id)
        self._shown = job.id
        self.follow("focus" if playing is not None else None)

    def _meter(self, job: Job, playing: Playing) -> str:
        """Draw how loud it is now: a bar for all, then one for each range of frequencies."""
        from riffusion_tui.tui.state.song.piano_roll import loudness, peak_at, spectrum_line

        if playing.paused:
            return ""
        _, spectrum = self._model.score(job)
        levels = spectrum.at(playing.position_s) if spectrum is not None else b""
        level = loudness(levels) if levels else peak_at(self._model.song(job), playing.position_s, job.duration_s)
        full, rest = bar(level, _LEVEL, self._glyphs)
        return f"{full}{rest}  {spectrum_line(levels, self._glyphs, self.size.width - _LEVEL - 3)}"

    def _frame(self, id: int, *, done: bool) -> None:
        title = message("pane.song") if done else message("pane.job", id=id)
        if self.border_title != title:
            self.border_title = Content(title)
        offered = [(self._hint(one.id), one.label) for one in COMMANDS if one.id in self._hints()] if done else []
        hints = [f"{key} {label}" for key, label in offered if is_direct(key)]
        while hints and width(_HINT_GAP.join(hints)) > self.outer_size.width - _HINT_FRAME:
            hints.pop()  # whole or not at all
        hint = _HINT_GAP.join(hints)
        if (self.border_subtitle or "") != hint:
            self.border_subtitle = Content(hint)

    def _hints(self) -> tuple[str, ...]:
        """The commands shown for a song, without those that the service doesn't support."""
        can = self._model.deps.capabilities
        return (
            *_HINTS,
            *(("job.rework",) if can.edits else ()),
            *(("job.midi",) if "midi" in can.formats else ()),
        )

    def on_click(self, event: events.Click) -> None:
        """Play from where the waveform or the section map is clicked."""
        job, at = self._model.list.current, event.get_content_offset(self)
        if job is not None and job.duration_s and at is not None and at.y in self._wave_rows:
            share = min(1.0, at.x / max(1, self.size.width - 1))
            self.post_message(self.Sought(job.id, share * job.duration_s))

    def on_resize(self) -> None:
        """Redraw the waveform at the new width."""
        self.show()
        self.refresh()
