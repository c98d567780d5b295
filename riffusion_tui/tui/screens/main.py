"""The main screen: prompt, jobs, song, and the lines above and below them. Its commands are in `actions/`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.widgets import TextArea

from riffusion_tui.dispatch.eta import estimate
from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.jobs.matrix import unclosed
from riffusion_tui.tui.actions.compose import ComposeActions
from riffusion_tui.tui.actions.jobs import JobActions
from riffusion_tui.tui.actions.options import OptionActions
from riffusion_tui.tui.actions.song import SongActions
from riffusion_tui.tui.commands import CommandScope
from riffusion_tui.tui.keys import bindings
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.base import ModelChanged
from riffusion_tui.tui.state.draft import Preview, heard_in
from riffusion_tui.tui.textual_private import draw_lean
from riffusion_tui.tui.widgets.banner_line import BannerLine
from riffusion_tui.tui.widgets.editor import PromptEditor
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.job_list import JobsView
from riffusion_tui.tui.widgets.jobs_pane import JobsPane
from riffusion_tui.tui.widgets.prompt_pane import OptionsLine, PromptPane
from riffusion_tui.tui.widgets.song_pane import SongPane
from riffusion_tui.tui.widgets.status_bar import StatusBar
from riffusion_tui.tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from riffusion_tui.tui.app import RiffusionApp


_HEAR_AFTER_S = 0.15
"""Seconds of silence at the keys after which the prompt is read for musical words."""


class MainScreen(ComposeActions, OptionActions, JobActions, SongActions):
    """Editor, list and song, side by side where there is room, else below each other."""

    BINDINGS = [*bindings(CommandScope.ANY)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low"), (34, "-tall")]
    AUTO_FOCUS = "#editor"

    def __init__(self, app: RiffusionApp) -> None:
        super().__init__(app, id="main")
        draw_lean(self)
        self._styled = False
        model, glyphs, keys = app.model, app.glyphs, app.keys
        self.topline = TopLine(model, glyphs)
        self.banner = BannerLine(model, glyphs, keys)
        self.prompt = PromptPane(app.draft, glyphs, keys, blink=app.deps.settings.screen.motion)
        self.jobs = JobsPane(model, glyphs, keys)
        self.song = SongPane(model, app.playback, glyphs, keys)
        self.status = StatusBar(model, glyphs, keys)
        self.foot = Footer(keys, CommandScope.PROMPT, CommandScope.ANY)

    def compose(self) -> ComposeResult:
        """Put them in their places."""
        yield self.topline
        yield self.banner
        yield Container(self.prompt, self.jobs, self.song, id="body")
        yield self.playing_line
        yield self.status
        yield self.foot

    def on_mount(self) -> None:
        """Show how things stand; on a first start with a prompt to begin with, else with what was not made yet."""
        if draft := self._owner.remembering.before.draft:
            self.prompt.editor.put(draft)
            self._owner.tell(say("editor.back"))
        elif not self._owner.model.list.jobs and not self._owner.deps.store.prompts(1):
            self.prompt.editor.offer(say("editor.first"))
            self._hear(self.prompt.editor.said)
        self.banner.show()
        self._preview()
        self._show_selected()

    def suit(self, size: Size) -> None:
        """Have the classes of a terminal of this size from the beginning, so that nothing is styled twice."""
        for length, steps in ((size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(_step(length, steps), update=False)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Everything has just been styled the first time: Textual, whose own handler runs next, need not again."""
        event.refresh_styles = event.refresh_styles and self._styled
        self._styled = True

    # -- what the core says

    @on(ModelChanged)
    def _model_changed(self, event: ModelChanged) -> None:
        change = event.change
        self.topline.show()
        self.banner.show()
        self.status.show()
        self.jobs.take(change)
        current = self._owner.model.list.selected
        if change.waits or any(job.id == current for job in change.jobs):
            self._show_selected()
        if change.draft:
            self.prompt.options.show()
            self._owner.remembering.soon()
        self._preview()

    def say(self, text: str, shade: str = "soft") -> None:
        """Show a short message in the status bar."""
        self.status.tell(text, shade)

    def places(self) -> tuple[CommandScope, ...]:
        """Return the scopes whose commands apply in the pane that has the focus."""
        return places_of(self.focused)

    @property
    def text(self) -> str:
        """What is in the editor."""
        return self.prompt.editor.text

    def player_moved(self) -> None:
        """Show where the player is."""
        super().player_moved()
        self.jobs.view.show_playing()
        self._show_selected()

    def tick(self) -> None:
        """A second passed."""
        self.topline.show()
        self.banner.show()
        self.status.show()
        self.jobs.view.tick()

    def on_resize(self) -> None:
        """A first start is greeted where there is room: in the song pane, else in the list."""
        self.jobs.view.welcomes(here=not self.song.display)
        self.show_score()

    def _show_selected(self) -> None:
        """Show the selected job in the song pane, unless nobody could see it, and its score if there is room."""
        if self.song.display or self.has_class("-song"):
            self.song.show()
        self.show_score()

    # -- the panes' own news

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        self._preview()
        self._hear(self.prompt.editor.said)
        self._owner.remembering.soon()

    @work(group="hear", exclusive=True, exit_on_error=False)
    async def _hear(self, text: str) -> None:
        """Read the prompt for musical words, once the keys are silent for a moment."""
        hear = self._owner.deps.hear
        if hear is None:
            return
        await asyncio.sleep(_HEAR_AFTER_S)
        self.prompt.hears.hear(await asyncio.to_thread(heard_in, text, hear))

    @on(PromptEditor.Edge)
    def _edge(self, event: PromptEditor.Edge) -> None:
        history = self._owner.deps.store.prompts()
        draft, editor = self._owner.draft, self.prompt.editor
        text = draft.earlier(editor.text, history) if event.earlier else draft.later(history)
        if text is not None:
            draft.change_prompt()
            editor.put(text)
            self._owner.show_changes()
        elif not event.earlier:
            self.jobs.view.focus()

    @on(PromptEditor.NothingSelected)
    def _nothing_selected(self) -> None:
        self._owner.tell(say("leave.how", key=self._owner.keys.shown("quit")))

    @on(JobsView.Selected)
    def _selected(self) -> None:
        self._show_selected()

    @on(JobsView.Opened)
    def _opened(self) -> None:
        self.action_open_song()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what stands in the filter line; there is no other line to fill in here."""
        try:
            self._owner.model.list.set_filter(event.value, self._owner.model.now)
            self.jobs.problem("")
        except FilterError as error:
            self.jobs.problem(str(error))
        self._owner.show_changes()

    def on_input_submitted(self) -> None:
        """Keep the filter."""
        self.jobs.close_filter()

    def on_filter_input_left(self) -> None:
        """Drop the filter."""
        self.jobs.close_filter(drop=True)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys of the pane that has the focus."""
        self.offer()
        self.status.show()

    @on(JobsPane.InHand)
    def offer(self) -> None:
        """Show what can be done where the focus is, with the jobs in hand."""
        self.foot.follow(self.places(), self._owner.model.hand())

    # -- what the frame of the prompt says

    def _preview(self) -> None:
        """Show what the text would make, and how long that takes."""
        model, text = self._owner.model, self.prompt.editor.said
        prompts, songs = self._owner.draft.count(text)
        self._owner.draft.read_services(text)
        if self._owner.draft.touched:
            self.prompt.options.show()
        until = None
        if songs:
            until = self._until(songs)
        seconds = until - model.now if until is not None else None
        old, changes = self._owner.draft.replaced(model.list.jobs, songs)
        job = old.id if old is not None and songs else None
        made = songs * self._owner.deps.capabilities.songs
        slots = sum(one.slots for one in model.summary.opens)
        slots = min(slots, model.summary.at_once or slots)
        self.prompt.preview(Preview(prompts, made, seconds, slots, job, changes, bool(unclosed(text))))

    def _until(self, songs: int) -> float | None:
        """Return when all is done with so many more songs of the draft's length."""
        model, usual = self._owner.model, self._owner.model.usual
        summary, before = model.summary, model.summary.waiting
        length = usual.length_s if usual is not None else None
        if length is not None:
            mean = self.deps.store.requested_length(self.deps.service, length) if before else length
            length = (before * mean + songs * (self.draft.options.length_s or length)) / (before + songs)
        making, opens, at_once = model.making(), summary.opens, summary.at_once
        return estimate(before + songs, making, opens, usual, model.now, length_s=length, at_once=at_once)


def places_of(widget: object) -> tuple[CommandScope, ...]:
    """Return the places whose commands apply while `widget` has the focus, the nearest first."""
    if isinstance(widget, JobsView):
        return (CommandScope.JOBS, CommandScope.JOB, CommandScope.LISTS, CommandScope.ANY, CommandScope.SCREENS)
    if isinstance(widget, SongPane):
        return (CommandScope.SONG, CommandScope.JOB, CommandScope.LISTS, CommandScope.ANY, CommandScope.SCREENS)
    if isinstance(widget, OptionsLine):
        return (CommandScope.OPTIONS, CommandScope.ANY, CommandScope.SCREENS)
    if getattr(widget, "id", None) == "filter":
        return (CommandScope.FILTER, CommandScope.ANY, CommandScope.SCREENS)
    return (CommandScope.PROMPT, CommandScope.ANY, CommandScope.SCREENS)


def _step(length: int, steps: list[tuple[int, str]]) -> str:
    """Return the class of the last breakpoint that `length` has reached."""
    return max(step for step in steps if step[0] <= length)[1]
