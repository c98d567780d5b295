"""The main screen: prompt, jobs, song, and the lines above and below them. Its commands are in `actions/`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import TextArea

from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.tui.actions.compose import ComposeActions
from riffusion_tui.tui.actions.jobs import JobActions
from riffusion_tui.tui.actions.listing import ListingActions
from riffusion_tui.tui.actions.options import OptionActions
from riffusion_tui.tui.actions.play import PlayActions
from riffusion_tui.tui.actions.song import SongActions
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings, scopes_of_pane
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.state.job_list.job_row import ticks
from riffusion_tui.tui.state.prompt.draft import detected_in, without_unfinished
from riffusion_tui.tui.state.prompt.preview import preview_of
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

    from riffusion_tui.jobs.model import Options
    from riffusion_tui.tui.actions.any_screen import AnyScreenActions
    from riffusion_tui.tui.dependencies import UnderstoodWord
    from riffusion_tui.tui.session.autosave import Autosave


_DETECT_AFTER_S = 0.15
"""Delay after the last key before words are detected in the prompt, in seconds."""
_UNFINISHED_S = 1.0
"""Delay after which the last word counts as typed, in seconds: then it is shown as ignored if it means nothing."""
_COUNTED_AT_ONCE = 20_000
"""Characters that are counted at each key, in some milliseconds; a longer text is counted after a pause."""


class MainScreen(ComposeActions, OptionActions, ListingActions, JobActions, SongActions, PlayActions):
    """Editor, list and song, side by side if there is room, otherwise stacked."""

    BINDINGS = [*bindings(CommandScope.ANY)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-low"), (34, "-tall")]
    AUTO_FOCUS = "#editor"

    def __init__(self, app: AnyScreenActions, remembering: Autosave) -> None:
        super().__init__(app, id="main")
        self._remembering = remembering
        self._styled = False
        self._wanted = "", app.draft.options
        self._detecting = asyncio.Lock()
        model, glyphs, keys = app.model, app.glyphs, app.keys
        self.topline = TopLine(model, glyphs)
        self.banner = BannerLine(model, glyphs, self.hint)
        self.prompt = PromptPane(app.draft, glyphs, keys, self.hint, blink=app.deps.settings.screen.motion)
        self.jobs = JobsPane(model, glyphs, self.hint)
        self.song = SongPane(model, app.playback, glyphs, self.hint)
        self.status = StatusBar(model, glyphs, self.hint)
        self.foot = Footer(keys, CommandScope.PROMPT, CommandScope.ANY)

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        yield self.topline
        yield self.banner
        yield Container(self.prompt, self.jobs, self.song, id="body")
        yield self.playing_line
        yield self.status
        yield self.foot

    def on_mount(self) -> None:
        """Show the state; fill the editor with an example prompt on a first start, otherwise with the unsent draft."""
        if draft := self._remembering.before.draft:
            self._remembering.restoring()
            self.prompt.editor.put(draft)
            more = self._remembering.more
            self._owner.show_message(message("editor.back_more", n=more) if more else message("editor.back"))
        elif self._remembering.set_aside:
            self._owner.show_message(message("editor.set_aside"), "waits")
        elif not self._owner.model.list.jobs and not self._owner.deps.store.prompts(1):
            self.prompt.editor.offer(message("editor.first"))
            self._detect(self.prompt.editor.effective_text)
        self.banner.show()
        self._preview()
        self._show_selected()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Skip the restyling in Textual's own handler, which runs next: everything was just styled."""
        event.refresh_styles = event.refresh_styles and self._styled
        self._styled = True

    # -- changes from the core

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
            self._remembering.soon()
            if self._owner.draft.options != self._wanted[1]:
                self._detect(self.prompt.editor.effective_text, typed=False)
        self._preview()

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a short message in the status bar."""
        self.status.show_message(text, shade)

    def scopes(self) -> tuple[CommandScope, ...]:
        """Return the scopes of the focused pane's commands."""
        return scopes_of_focus(self.focused)

    @property
    def text(self) -> str:
        """The editor's text."""
        return self.prompt.editor.text

    def player_moved(self) -> None:
        """Show the play position."""
        super().player_moved()
        self.jobs.view.show_playing()
        self.jobs.post_availability_change()
        self._show_selected()

    def tick(self) -> None:
        """A second passed."""
        self._owner.model.follow_holds()
        self._owner.show_changes()
        self.topline.show()
        self.banner.show()
        self.status.show()
        self.jobs.view.tick()
        selected = self._owner.model.list.current
        if selected is not None and ticks(selected, self._owner.model.wait(selected)):
            self._show_selected()  # it may have got its processor

    def on_resize(self) -> None:
        """Show the welcome text on a first start: in the song pane if there is room, otherwise in the list."""
        self.jobs.view.welcomes(here=not self.song.display)
        self.show_score()

    def _show_selected(self) -> None:
        """Show the selected job in the song pane if that is visible, and its score if there is room."""
        if self.song.display or self.has_class("-song"):
            self.song.show()
        self.show_score()

    # -- messages from the panes

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        text = self.prompt.editor.effective_text
        if len(text) <= _COUNTED_AT_ONCE:
            self._preview()
        else:
            self.prompt.count()
        self._detect(text)
        self._remembering.soon()

    @work(group="detect", exclusive=True, exit_on_error=False)
    async def _detect(self, text: str, *, typed: bool = True) -> None:
        """Detect words in the prompt, and count the songs of a long one, after a short pause in typing."""
        await asyncio.sleep(_DETECT_AFTER_S)
        self._wanted = text, self._owner.draft.options
        words = await asyncio.shield(asyncio.ensure_future(self._detected(*self._wanted)))
        self.prompt.detected.show_words(without_unfinished(words, text) if typed else words)
        self._preview()
        if typed:
            await asyncio.sleep(_UNFINISHED_S)
            self.prompt.detected.show_words(words)

    async def _detected(self, text: str, options: Options) -> tuple[UnderstoodWord, ...]:
        """Return the words detected in `text`; none if it or the options have changed meanwhile.

        A thread can't be cancelled, and quitting waits for it: a slow prompt is read by one at a time.
        """
        read, service = self._owner.deps.callbacks, self._owner.deps.service
        async with self._detecting:
            if (text, options) != self._wanted:
                return ()
            return await asyncio.to_thread(
                detected_in, text, read.understand, options, service, read.understand_elsewhere
            )

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
        self._owner.show_message(message("leave.how", key=self.hint("quit")))

    @on(JobsView.Selected)
    def _selected(self) -> None:
        self._show_selected()

    @on(JobsView.Opened)
    def _opened(self) -> None:
        self.action_open_song()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Apply the filter line; it is the only line field on this screen."""
        try:
            self._owner.model.set_filter(event.value)
            self.jobs.problem("")
        except FilterError as error:
            self.jobs.problem(str(error))
        self._owner.show_changes()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys of the focused pane."""
        self.offer()
        self.prompt.detected.show()
        self.status.show()
        self.banner.show()
        self.playing_line.show()
        self.jobs.show_hints()
        self._show_selected()

    @on(JobsPane.AvailabilityChanged)
    def offer(self) -> None:
        """Update the footer for the focused pane and the current jobs."""
        self.foot.follow(self.scopes(), self._owner.model.availability())

    # -- the prompt's frame

    def _preview(self) -> None:
        """Show how many songs the text would generate, and how long that takes."""
        draft, text = self._owner.draft, self.prompt.editor.effective_text
        draft.read_services(text)
        preview = preview_of(self._owner.model, draft, text, self.prompt.detected.length_s)
        draft.note_takes(preview.takes)
        if draft.touched:
            self.prompt.options.show()
        self.prompt.preview(preview)


def scopes_of_focus(widget: object) -> tuple[CommandScope, ...]:
    """Return the scopes of the commands that apply while `widget` is focused, most specific first."""
    if isinstance(widget, JobsView):
        return scopes_of_pane(CommandScope.JOBS)
    if isinstance(widget, SongPane):
        return scopes_of_pane(CommandScope.SONG)
    if isinstance(widget, OptionsLine):
        return scopes_of_pane(CommandScope.OPTIONS)
    is_filter = getattr(widget, "id", None) == "filter"
    return scopes_of_pane(CommandScope.FILTER if is_filter else CommandScope.PROMPT)
