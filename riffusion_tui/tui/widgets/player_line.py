"""The player line, shown while a song is playing: position, title, section, chord and lyrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.style import Style

from riffusion_tui.jobs.model import Job
from riffusion_tui.tui.appearance.text_cells import Part, cut, width
from riffusion_tui.tui.bindings.keys import is_direct
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.song.song_chart import sections, sounding
from riffusion_tui.tui.state.song.song_facts import Playing
from riffusion_tui.tui.state.song.sung_words import sung_line
from riffusion_tui.tui.state.times import span
from riffusion_tui.tui.widgets.painted import PaintedLine

if TYPE_CHECKING:
    from riffusion_tui.tui.playing.playing_app import PlayingApp

_MIN_LYRICS = 24
"""Minimum width of the lyrics before the title gets more room."""


class PlayerLine(PaintedLine):
    """One line above the footer, hidden while nothing is playing."""

    def __init__(self, app: PlayingApp) -> None:
        super().__init__(classes="playerline")
        self._owner = app

    def on_mount(self) -> None:
        """Show the line if something is playing."""
        self.show()

    def show(self) -> None:
        """Show, hide, or repaint changes."""
        wanted = self._owner.playback.shown
        if self.display is not wanted:
            self.display, self._strip = wanted, None
        if wanted:
            super().show()

    def parts(self) -> Iterator[Part]:
        """Draw the parts that fit; omits parts from the right."""
        room = self.size.width
        for text, style in self._all(room):
            shown = cut(text, room, self._owner.glyphs.ellipsis)
            room -= width(shown)
            yield shown, style
            if room <= 0:
                return

    def _all(self, room: int) -> Iterator[Part]:
        playback = self._owner.playback
        if (review := playback.sequence.review) is not None:
            hint, shown = self._owner.hint, self._owner.keys.shown
            ids = {name: f"job.{name}" for name in ("keep", "reject", "next", "review")}
            keys = {name: hint(id) or shown(id) for name, id in ids.items()}
            direct = is_direct(keys["keep"])
            form = "review.away" if not direct else "review.line" if room >= _WIDE else "review.short"
            yield " " + message(form, left=len(review.new_takes()), **keys) + " ", self.ground("badge")
        now, job = playback.now(), playback.job
        if now is None or job is None:
            return
        yield from self._song(job, now[1], room)

    def _song(self, job: Job, playing: Playing, room: int) -> Iterator[Part]:
        glyphs = self._owner.glyphs
        sign = glyphs.pause if playing.paused else glyphs.play
        length = f" / {span(job.duration_s)}" if job.duration_s is not None else ""
        where = f" {sign} {span(playing.position_s)}{length}"
        yield where, self.shade("focus")
        if playing.paused:
            yield " " + message("player.paused"), self.shade("waits")
        if (volume := self._owner.playback.volume) != _FULL_VOLUME:
            yield " " + message("player.percent", n=volume), self.shade("dim")
        if self._owner.playback.sequence.continues:
            yield " " + message("player.on"), self.shade("dim")
        song = self._owner.model.song(job)
        line = sung_line(song, playing.position_s)
        title = job.title or message("song.job", id=job.id)
        title_cells = max(
            _MIN_TITLE, room - width(where) - (max(_MIN_LYRICS, width(line.text)) if line.text else 0) - 4
        )
        yield "  " + cut(title, title_cells, glyphs.ellipsis), self.shade("ink")
        sounds = " ".join(sounding(sections(song), playing.position_s)).strip()
        if sounds and room >= _WIDE:
            yield "  " + sounds, self.shade("attention")
        gap = "  "
        for text, style in (
            (line.before, self.shade("soft")),
            (line.now, self.shade("focus") + Style(bold=True)),
            (line.after, self.shade("dim")),
        ):
            if text:
                yield gap + text, style
                gap = " "


_FULL_VOLUME = 100
_MIN_TITLE = 12
_WIDE = 100
"""Minimum width for showing section and chord."""
