"""The lyrics that go with the next songs: read, written, had written by the service, taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from riffusion_tui.clean import told
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.reporting import reported_errors
from riffusion_tui.tui.widgets.multiline_field import MultilineField

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


class LyricsScreen(ModalScreen[str | None]):
    """Returns the lyrics, empty where there are to be none, or None where it was left as it was."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/modal.tcss", "../styles/form.tcss"]
    BINDINGS = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("ctrl+j,f5", "keep", show=False, priority=True, id="make"),
        Binding("ctrl+g,f7", "ask", show=False, priority=True),
        Binding("ctrl+o,f6", "editor", show=False, priority=True, id="prompt.editor"),
    ]

    def __init__(
        self, app: RiffusionApp, lyrics: str, write: Callable[[str], Awaitable[str]] | None, *, at_once: bool = False
    ) -> None:
        """Take what stands there.

        Args:
            app: whose keys are shown.
            lyrics: as they are now.
            write: has the service write, or write anew, lyrics; None where it does not. Raises the core's errors.
            at_once: begin with that.
        """
        super().__init__()
        self._owner = app
        self._write = write
        self._at_once = at_once
        self._asking = False
        self.words = MultilineField(lyrics, id="words")
        self.problem = Static("", classes="explain", markup=False)

    def compose(self) -> ComposeResult:
        """What it is, the text, what came of asking."""
        keys = self._owner.keys
        with Vertical(classes="box") as box:
            box.border_title = Content(say("lyrics.title"))
            ask = say("lyrics.ask_key") if self._write else ""
            box.border_subtitle = Content(
                say("lyrics.keys", keep=keys.shown("make"), editor=keys.shown("prompt.editor")) + ask
            )
            yield self.words
            yield self.problem

    def on_mount(self) -> None:
        """Say what an empty text means, or begin to ask."""
        self.say(say("lyrics.explain"))
        if self._at_once:
            self.action_ask()

    def say(self, text: str) -> None:
        """Say something below the text."""
        self.problem.update(Content(text))

    def action_keep(self) -> None:
        """Let them go with the next songs."""
        self.dismiss(self.words.text.strip())

    def action_ask(self) -> None:
        """Have them written, beside the screen."""
        if self._write is None:
            self.say(say("lyrics.not_here"))
        elif not self._asking:
            self._asking = True
            self.say(say("lyrics.asking"))
            self.run_worker(self._ask(self._write), group="lyrics")

    async def _ask(self, write: Callable[[str], Awaitable[str]]) -> None:
        try:
            self.words.put(await write(self.words.text.strip()))
            self.say(say("lyrics.written"))
        except reported_errors() as error:
            self.say(told(error))
        finally:
            self._asking = False

    def action_editor(self) -> None:
        """Write in $EDITOR."""
        self.run_worker(self._edit(), group="lyrics.editor")

    async def _edit(self) -> None:
        from riffusion_tui.tui.external_editor import edited

        text = await edited(self._owner, self.words.text, ".lyrics.txt")
        if text is not None:
            self.words.put(text)
