"""The lyrics dialog: edit, let the service write, or remove the lyrics of the next songs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from riffusion_tui.clean import error_message
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.jobs.model import Options
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import HELP_KEY
from riffusion_tui.tui.screens.ask import TextForm
from riffusion_tui.tui.state.prompt.text_length import length_warning
from riffusion_tui.tui.state.times import span
from riffusion_tui.tui.widgets.multiline_field import MultilineField
from riffusion_tui.tui.workers import reported_errors

if TYPE_CHECKING:
    from riffusion_tui.services.base import WrittenLyrics
    from riffusion_tui.tui.dialogs import DialogApp

_FRAME = 8
"""Cells beside the title in the window's line, at least."""


class Wanted(NamedTuple):
    """The result: the lyrics (empty: the service writes them) and the suggestion to use."""

    lyrics: str
    suggestion: WrittenLyrics | None = None


class LyricsScreen(TextForm[Wanted | None]):
    """Returns the result, or None if nothing changed."""

    HELP = "dialog.lyrics"
    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss", "../styles/form.tcss"]
    BINDINGS = [
        HELP_KEY,
        Binding("escape", "cancel", show=False),
        Binding("ctrl+j,f5", "keep", show=False, priority=True, id="make"),
        Binding("ctrl+g,f7", "ask", show=False, priority=True),
        Binding("ctrl+t,f8", "suggested", show=False, priority=True),
        Binding("ctrl+o,f6", "editor", show=False, priority=True, id="prompt.editor"),
    ]

    def __init__(
        self,
        app: DialogApp,
        lyrics: str,
        write: Callable[[str], Awaitable[WrittenLyrics]] | None,
        *,
        ask_now: bool = False,
    ) -> None:
        """Create the dialog.

        Args:
            app: whose keys are shown.
            lyrics: as they are now.
            write: has the service write or rewrite lyrics; None if it can't. Raises the core's errors.
            ask_now: begin with that.
        """
        super().__init__()
        self._owner = app
        self._lyrics = lyrics
        self._write = write
        self._ask_now = ask_now
        self._asking = False
        self._suggestion: WrittenLyrics | None = None
        self._used = False
        self._refused = False
        """Whether the message says what is wrong with the text."""
        self.words = MultilineField(lyrics, id="words")
        self._box = Vertical(classes="box")
        self.problem = Static("", classes="explain", markup=False)

    def compose(self) -> ComposeResult:
        """Compose explanation, text and message line."""
        keys = self._owner.keys
        with self._box:
            ways = [message("lyrics.keep_key", key=keys.shown("make"))]
            if editor := keys.shown("prompt.editor"):
                ways.append(message("lyrics.editor_key", key=editor))
            ways += [message("lyrics.leave_key"), *([message("lyrics.ask_key")] if self._write else [])]
            self._box.border_subtitle = self.keys_line(" · ".join(ways))
            yield self.words
            yield self.problem

    def on_mount(self) -> None:
        """Explain what an empty text means, or start writing."""
        self.show_length()
        self.show_message(message("lyrics.explain"))
        if self._ask_now:
            self.action_ask()

    def show_message(self, text: str) -> None:
        """Show a message below the text."""
        self._refused = False
        self.problem.update(Content(text))

    @on(TextArea.Changed)
    def _changed(self) -> None:
        """Show the length; no longer show what was wrong with the text before the change."""
        self.show_length()
        if self._refused:
            self.show_message(message("lyrics.explain"))

    def show_length(self) -> None:
        """Show in the frame how long the lyrics are if they are near the service's limit, or over it."""
        can = self._owner.deps.capabilities
        length = length_warning(len(self.words.text.strip()), can.max_lyrics) if can.given_lyrics else ""
        title = " · ".join(filter(None, (message("lyrics.title"), length)))
        self._box.border_title = Content(title if width(title) <= self.app.size.width - _FRAME else length)

    def is_changed(self) -> bool:
        """Whether the text differs from the lyrics as they were."""
        return self.words.text.strip() not in ("", self._lyrics.strip())

    def action_keep(self) -> None:
        """Use the lyrics for the next songs, if they have words and the service takes so many."""
        from riffusion_tui.dispatch.requests.job_builder import check_options  # not needed for the first frame
        from riffusion_tui.jobs.own_lyrics import line_count

        text = self.words.text.strip()
        try:
            check_options(Options(lyrics=text), self._owner.deps.capabilities)
        except NotPossible as error:
            self._refuse(str(error))
            return
        if text and not line_count(text):
            self._refuse(message("lyrics.no_words"))
        else:
            self.dismiss(Wanted(text, self._suggestion if self._used else None))

    def _refuse(self, why: str) -> None:
        self.show_message(why)
        self._refused = True

    def action_suggested(self) -> None:
        """Use tempo, key and sound that came with the lyrics, or ignore them."""
        if self._suggestion is not None:
            self._used = not self._used
            self._offer(self._suggestion)

    def _offer(self, written: WrittenLyrics) -> None:
        words = suggestion(written)
        self.show_message(message("lyrics.used" if self._used else "lyrics.suggested", words=words))

    def action_ask(self) -> None:
        """Let the service write lyrics, in a worker."""
        if self._write is None:
            self.show_message(message("lyrics.not_here"))
        elif not self._asking:
            self._asking = True
            self.show_message(message("lyrics.asking"))
            self.run_worker(self._ask(self._write), group="lyrics")

    async def _ask(self, write: Callable[[str], Awaitable[WrittenLyrics]]) -> None:
        try:
            written = await write(self.words.text.strip())
            self.words.put(written.text)
            self._suggestion = written if written.suggests else None
            if written.suggests:
                self._offer(written)
            else:
                self.show_message(message("lyrics.written"))
        except reported_errors() as error:
            self.show_message(error_message(error))
        finally:
            self._asking = False

    def action_editor(self) -> None:
        """Edit in $EDITOR."""
        self.run_worker(self._edit(), group="lyrics.editor")

    async def _edit(self) -> None:
        from riffusion_tui.tui.external_editor import edited

        text = await edited(self._owner, self.words.text, ".lyrics.txt")
        if text is not None:
            self.words.put(text)


def suggestion(written: WrittenLyrics) -> str:
    """Return in one line what a service suggests with its lyrics: `tempo 92 · key G major · 2:00 · warm folk`."""
    words = [f"{name} {text}" for name, text in written.extra]
    words += [span(written.length_s)] if written.length_s else []
    return " · ".join([*words, *([written.caption] if written.caption else [])])
