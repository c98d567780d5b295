"""The status bar: the countdown of a wait, and the result of the last command for a few seconds.

A tick of the countdown repaints only from the first changed digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.style import Style

from riffusion_tui.dispatch.queue_summary import Countdown
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, cut, width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import short_account
from riffusion_tui.tui.state.times import countdown
from riffusion_tui.tui.state.view_model import ViewModel
from riffusion_tui.tui.widgets.painted import PaintedLine

_BADGE = {WaitCause.BUSY: "429", WaitCause.UPSTREAM: "429", WaitCause.OFFLINE: "…"}
_BADGE_CELLS = 5
MESSAGE_S = 8.0
"""How long a message is shown, in seconds."""
BRIEF_MESSAGE_S = 2.0
"""The same for a message that hides what it announces."""
_MIN_RESULT_S = 5.0
"""How long an announcement can't replace the result of a command, in seconds."""


class StatusMessage(NamedTuple):
    """A message, its shade, and from when until when it is shown."""

    text: str
    shade: str
    since: float
    until: float


class StatusBar(PaintedLine):
    """One line above the footer."""

    def __init__(self, model: ViewModel, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        super().__init__(id="status")
        self._model = model
        self._glyphs = glyphs
        self._hint = hint
        self._result: StatusMessage | None = None
        self._announcement: StatusMessage | None = None

    def show_message(self, text: str, shade: str = "soft", stays_s: float = MESSAGE_S) -> None:
        """Show the result of a command for some seconds, or until the next one."""
        now = self._model.deps.clock.steady()
        self._result = StatusMessage(text, shade, now, now + stays_s)
        self.show()

    def show_announcement(self, text: str, shade: str, stays_s: float = MESSAGE_S) -> None:
        """Show what happened by itself, after the last command's result could be read."""
        now = self._model.deps.clock.steady()
        self._announcement = StatusMessage(text, shade, now, now + stays_s)
        self.show()

    @property
    def shows_result(self) -> bool:
        """Whether the result of a command is shown, so that announcements must wait."""
        result = self._result
        return result is not None and self._model.deps.clock.steady() < min(result.until, result.since + _MIN_RESULT_S)

    def take_back(self, text: str) -> None:
        """Remove a message if it is still shown."""
        if self._result is not None and self._result.text == text:
            self._result = None
            self.show()

    def note_input(self) -> None:
        """Let an announcement that could be read end soon: who presses a key or clicks has seen it."""
        if self._announcement is not None:
            now = self._model.deps.clock.steady()
            seen = max(self._announcement.since + MESSAGE_S, now + BRIEF_MESSAGE_S)
            self._announcement = self._announcement._replace(until=min(self._announcement.until, seen))

    def _message(self) -> StatusMessage | None:
        """Return the message to show: the newest, but a result until it could be read."""
        now = self._model.deps.clock.steady()
        if self._result is not None and now >= self._result.until:
            self._result = None
        if self._announcement is not None and now >= self._announcement.until:
            self._announcement = None
        if self._result is None or self._announcement is None:
            return self._result or self._announcement
        return (
            self._result if self.shows_result or self._result.since > self._announcement.since else self._announcement
        )

    def parts(self) -> Iterator[Part]:
        """Draw the countdown, then the message, truncated to the width."""
        shown = self._message()
        wait = self._model.summary.countdown
        room = self.size.width
        if wait is not None and wait.until > self._model.now:
            drawn = list(self._countdown(wait, short=shown is not None or room < 60))
            yield from drawn
            room -= sum(width(text) for text, _ in drawn)
        if shown:
            yield cut(f" {shown.text}", room, self._glyphs.ellipsis), self.shade(shown.shade)
        elif wait is None or wait.until <= self._model.now:
            yield from self._quiet(room)

    def _countdown(self, wait: Countdown, *, short: bool) -> Iterator[Part]:
        waits = self.shade("waits")
        yield f" {_BADGE.get(wait.cause, '…')} ", self.ground("badge")
        left = countdown(wait.until, self._model.now)
        if short:
            yield f" {left} ", waits + Style(bold=True)
            if self._message() is None:
                yield cut(self._why(wait), max(0, self.size.width - 12), self._glyphs.ellipsis), waits
            return
        dot = f" {self._glyphs.dot} "
        why = f" {self._why(wait)}{dot}"
        jobs = message("countdown.jobs", n=wait.jobs) + dot if wait.jobs else ""
        tried, key = message("countdown.try", n=max(1, wait.tries)) + " ", self._hint("now")
        now = f"   {key} " + message("countdown.now") if key else ""
        room = self.size.width - _BADGE_CELLS - width(why + tried + left + now)
        yield (why + jobs if width(jobs) <= room else why) + tried, waits
        yield left, waits + Style(bold=True)
        yield now, self.shade("faint")

    def _why(self, wait: Countdown) -> str:
        whole = self._model.account_name(wait.account)
        name = short_account(whole)
        if name != whole:
            name += self._glyphs.ellipsis
        cause = wait.cause.name.lower()
        if wait.cause is WaitCause.BUSY and any(
            one.others for one in self._model.accounts if one.user_id == wait.account
        ):
            cause = "busy_others"
        return message(f"countdown.{cause}", account=name)

    def _quiet(self, room: int) -> Iterator[Part]:
        needs = self._model.summary.needs_attention
        if needs:
            text = " " + message("status_bar.needs", n=needs, key=self._hint("attention"))
            yield cut(text, room, self._glyphs.ellipsis), self.shade("attention")
        elif not self._model.deps.dispatcher.leading() and self._model.deps.dispatcher.fault() is None:
            yield from self._follows(room)

    def _follows(self, room: int) -> Iterator[Part]:
        pid = self._model.deps.dispatcher.stopped_leader()
        if pid is not None:
            text = message("status_bar.stopped", pid=pid)
        else:
            text = message("status_bar.displaced" if self._model.deps.dispatcher.displaced() else "status_bar.follows")
        yield cut(" " + text, room, self._glyphs.ellipsis), self.shade("faint" if pid is None else "waits")
