"""Compare two takes: waveform, facts, lyrics; switch while playing; keep or reject; optionally blind."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from riffusion_tui.tui.actions.transport import TransportActions
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.take_view import TakeView
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.undo_app import UndoApp


class CompareScreen(TransportActions):
    """A left and a right take, one of which is chosen."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/detail.tcss"]
    BINDINGS = [*bindings(CommandScope.COMPARE)]
    SCOPES = (CommandScope.COMPARE, CommandScope.SCREENS)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]

    _owner: UndoApp

    def __init__(self, app: UndoApp, left: int, right: int, rng: random.Random | None = None) -> None:
        super().__init__(app, id="compare")
        self._rng = rng or random.Random()
        self.pair = [left, right]
        self.side = 0
        self.blind = False
        self.takes = tuple(TakeView(app.model, app.playback, app.glyphs, letter) for letter in "AB")
        self._foot = Footer(app.keys, CommandScope.COMPARE)

    def compose(self) -> ComposeResult:
        """Compose the takes side by side, or one above the other if the window is narrow."""
        yield Container(*self.takes, id="takes")
        yield self._foot

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message beside the keys."""
        self._foot.show_message(text, self._owner.glyphs.ellipsis)

    def on_mount(self) -> None:
        """Choose the left take."""
        self.call_after_refresh(self.choose, 0)

    def on_resize(self) -> None:
        """Redraw the waveforms at the new width."""
        self.call_after_refresh(self.show)

    @on(ModelChanged)
    def _model_changed(self) -> None:
        """Update verdicts."""
        self.show()

    @property
    def chosen(self) -> int:
        """The job of the chosen side."""
        return self.pair[self.side]

    @property
    def other(self) -> int:
        """The job of the other side."""
        return self.pair[1 - self.side]

    def choose(self, side: int) -> None:
        """Choose a side."""
        self.side = side
        self.takes[side].focus()
        self.show()

    def put(self, left: int, right: int) -> None:
        """Compare two other takes, shuffled in blind mode."""
        self.pair = [left, right]
        if self.blind:
            self._rng.shuffle(self.pair)
        self.choose(0)

    def show(self) -> None:
        """Draw both."""
        jobs = [self._owner.model.list.jobs.get(id) for id in self.pair]
        for side, (view, job) in enumerate(zip(self.takes, jobs, strict=True)):
            view.set_class(side == self.side, "-chosen")
            other = jobs[0] if side == 1 else None  # differences are listed once, in the right take
            view.show(job, other, blind=self.blind)
        self._foot.show_playing(playing=self._owner.playback.sounds(self.chosen))

    @property
    def hides_titles(self) -> bool:
        """Whether the takes' identities are hidden."""
        return self.blind

    def player_moved(self) -> None:
        """Show the play position."""
        self.show()

    # -- commands

    def action_choose_left(self) -> None:
        """Choose the left take."""
        self.choose(0)

    def action_choose_right(self) -> None:
        """Choose the right take."""
        self.choose(1)

    @in_worker
    async def action_swap(self) -> None:
        """Switch to the other take; playback continues there at the same position."""
        playing = self._owner.playback.of(self.chosen)
        self.choose(1 - self.side)
        job = self._owner.model.list.jobs.get(self.chosen)
        if playing is not None and job is not None:
            await self._owner.playback.play(job, start_s=playing.position_s)

    @in_worker
    async def action_play(self) -> None:
        """Play or pause the chosen take."""
        if self.chosen in self._owner.model.list.jobs:
            await self._owner.playback.play(self._owner.model.list.jobs[self.chosen])

    def action_keep(self) -> None:
        """Keep the chosen take and reveal both; again undoes the verdict."""
        if self._is("keep"):
            self._judge({self.chosen: ""})
        else:
            self._keep({self.chosen: "keep"}, "compare.kept")

    def action_prefer(self) -> None:
        """Keep the chosen take, reject the other, and reveal both."""
        self._keep({self.chosen: "keep", self.other: "reject"}, "compare.preferred")

    def _keep(self, verdicts: dict[int, str], key: str) -> None:
        self._judge(verdicts)
        self.blind = False
        self._owner.model.list.select(self.chosen)  # a following copy or save applies to the kept take
        self._owner.show_message(message(key, id=self.chosen), "done")

    def action_reject(self) -> None:
        """Reject the chosen take; again undoes the verdict."""
        self._judge({self.chosen: "" if self._is("reject") else "reject"})

    def _is(self, verdict: str) -> bool:
        job = self._owner.model.list.jobs.get(self.chosen)
        return job is not None and job.verdict == verdict

    def _judge(self, verdicts: dict[int, str]) -> None:
        jobs = self._owner.model.list.jobs
        self._owner.undoable.judge({id: verdict for id, verdict in verdicts.items() if id in jobs})

    def action_blind(self) -> None:
        """Toggle blind mode; turning it on shuffles the takes."""
        self.blind = not self.blind
        if self.blind:
            self._rng.shuffle(self.pair)
        self.show()

    def action_next_pair(self) -> None:
        """Compare the chosen take with the next take of the prompt."""
        model = self._owner.model
        if self.chosen not in model.list.jobs:
            return
        ids = [job.id for job in model.takes_of(model.list.jobs[self.chosen]) if job.id != self.chosen]
        if len(ids) < 2:
            self._owner.show_message(message("compare.no_more"))
            return
        after = ids[(ids.index(self.other) + 1) % len(ids)] if self.other in ids else ids[0]
        self.put(self.chosen, after)
