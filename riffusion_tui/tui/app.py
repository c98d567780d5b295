"""The app: holds the parts together, runs commands, owns the way out. What is shown stands in screens and widgets."""

from __future__ import annotations

import asyncio
import signal
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.binding import Binding, BindingsMap
from textual.filter import ANSIToTruecolor, Monochrome, NoColor
from textual.scrollbar import ScrollBar, ScrollBarRender

from riffusion_tui.config.session_state import SessionState
from riffusion_tui.tui import glyphs as signs
from riffusion_tui.tui import messages
from riffusion_tui.tui.autosave import Autosave
from riffusion_tui.tui.bridge import Bridge
from riffusion_tui.tui.commands import CommandScope, by_id
from riffusion_tui.tui.crash import Crash
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.display.mixin import DifferentialDisplay
from riffusion_tui.tui.key_order import done_with_key, takes_text
from riffusion_tui.tui.keys import Keys, bindings
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.state.draft import Draft, heard_in
from riffusion_tui.tui.state.view_model import Change, ViewModel
from riffusion_tui.tui.terminal import Terminal
from riffusion_tui.tui.themes import find, suited
from riffusion_tui.tui.widgets.painted import PlainScrollBar

if TYPE_CHECKING:
    from textual.driver import Driver

    from riffusion_tui.tui.audio_player import AudioPlayer

_BETWEEN_PAGES_S = 0.005
"""Seconds in which keys go first while old jobs are read."""
_HEAR_AFTER_S = 0.15
"""Seconds of silence at the keys after which the prompt is read for musical words."""


class RiffusionApp(DifferentialDisplay[int]):
    """The screen. Everything that outlives it is in `deps`."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "riffusion-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/painted.tcss", "styles/main.tcss"]
    _dressed = False

    def __init__(self, deps: Dependencies) -> None:
        super().__init__()
        self._disable_tooltips = self._disable_notifications = True  # neither is used: each screen would mount both
        self.differential = deps.settings.screen.diff
        self.hold_first_frame()
        self.deps = deps
        leave = Binding("ctrl+c", "app.command('quit')", show=False, id="interrupt")
        self._bindings = BindingsMap([leave, *bindings(CommandScope.SCREENS)])
        self.glyphs = signs.choose(deps.settings.screen.glyphs)
        spoken = deps.environ.get("LC_ALL") or deps.environ.get("LC_MESSAGES") or deps.environ.get("LANG") or ""
        messages.use(spoken, plain=self.glyphs is signs.ASCII)
        self.keys = Keys(deps.settings.keys)
        self.model = ViewModel(deps)
        self.composing = Draft(deps.settings, deps.capabilities)
        self.remembering = Autosave(deps.remembered_file, self._remembered)
        self.composing.change(**self.remembering.before.chosen(deps.service))
        self.terminal = Terminal(deps.environ, self._write)
        self.crash = Crash(deps.log_file)
        self.listening: AudioPlayer | None = None
        self._bridge = Bridge(deps.store, self._look)
        self._dress()
        self.main = MainScreen(self)

    # -- beginning and end

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that survives the loss of its terminal."""
        from riffusion_tui.tui.driver import TerminalDriver

        return TerminalDriver

    def _dress(self) -> None:
        """Put the theme on, and take colours off where they are not wanted."""
        colours = 16 if self.console.color_system == "standard" else 256
        wanted = suited(self.deps.settings.screen.theme, no_color=self.no_color, colours=colours)
        self.wear(wanted)
        self.set_class(self.glyphs is signs.ASCII, "-ascii", update=False)
        self.set_class(self.deps.settings.screen.compact, "-compact", update=False)
        if not self.deps.settings.screen.motion:
            self.animation_level = "none"

    def get_default_screen(self) -> MainScreen:
        """Return the screen below all others: no empty one is made and laid out before it."""
        self.main.suit(self.size)
        return self.main

    def on_mount(self) -> None:
        """Show the main screen, then begin to listen."""
        self.set_keymap(self.keys.map)
        ScrollBar.renderer = PlainScrollBar if self.glyphs is signs.ASCII else ScrollBarRender
        self._bridge.open()
        self.set_interval(1.0, self._tick)
        for number in (signal.SIGHUP, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled, number)
        self.call_after_refresh(self._begun)

    def _begun(self) -> None:
        """The first frame is laid out: send it; say how things stand, and what is wrong with the settings."""
        self.release_first_frame()
        self.deps.painted()
        self._read_older()
        self.show_title()
        for problem in self.keys.problems[:1]:
            self.tell(problem, "held")

    async def on_unmount(self) -> None:
        """Let go of the store; the player stops with the screen."""
        self._bridge.close()
        self.terminal.reset()
        await self.remembering.aclose()
        if self.listening is not None:
            await self.listening.aclose()

    def _signalled(self, number: signal.Signals) -> None:
        self.exit(128 + number, return_code=128 + number)

    async def on_event(self, event: events.Event) -> None:
        """Pass keys on one after the other: none overtakes the one before it. A paste is for text fields only."""
        if isinstance(event, events.Paste) and not event.is_forwarded and not takes_text(self):
            self.tell(say("paste.ignored", key=self.keys.shown("write")), "waits")
            return
        await super().on_event(event)
        if isinstance(event, events.Key) and self.screen_stack:
            await done_with_key(self)

    # -- what the core says

    def _look(self) -> None:
        change = self.model.read()
        self.main.core_changed(change)
        for screen in self.screen_stack:
            if screen is not self.main and hasattr(screen, "core_changed"):
                screen.core_changed(change)
        self._news(change)

    @work(group="older", exclusive=True, exit_on_error=True)
    async def _read_older(self) -> None:
        """Read the jobs that the first frame did not need, a page at a time."""
        whole = False
        while self.model.read_older() is not None:
            whole = True
            await asyncio.sleep(_BETWEEN_PAGES_S)
        if whole:
            self.main.jobs.rearranged()

    def look_now(self) -> None:
        """Read and show at once what a command has just changed."""
        self._look()

    def _news(self, change: Change) -> None:
        """Tell of what ended: in the title, by bell, on the desktop; with follow on, go there."""
        self.show_title()
        if not change.ended:
            return
        from riffusion_tui.tui.actions.news import tell_of

        tell_of(self, change)

    def _tick(self) -> None:
        self.main.tick()
        if self.listening is not None:
            self.listening.tick()

    def show_title(self) -> None:
        """Write the window's title and its progress, where they changed."""
        self.terminal.show(self.model.summary)

    def wear(self, theme: str) -> None:
        """Put another theme on."""
        # The filter for a terminal's own colours is not needed: a theme has either none of them or nothing else.
        self._filters = [one for one in self._filters if not isinstance(one, Monochrome | NoColor | ANSIToTruecolor)]
        if theme == "mono":
            self._filters.append(NoColor())
        made = find(theme)
        self.register_theme(made)
        if self._running:
            self.theme = made.name
            return
        # Nothing is styled yet: watching the theme change would read every style sheet a second time.
        self._dressed = True
        self.set_reactive(RiffusionApp.theme, made.name)
        shade = {"-dark-mode": made.dark, "-light-mode": not made.dark, f"-theme-{made.name}": True}
        self.update_classes(shade, update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colours; before there is a theme none, since Textual would mix those of its own first."""
        return super().get_css_variables() if self._dressed else {}

    def _remembered(self, before: SessionState) -> SessionState:
        """Return what the next start is to find: a prompt that was not made, options set by keys."""
        options = {**before.options, self.deps.service: dict(self.composing.kept)}
        return SessionState(self.composing.draft(self.main.prompt.editor.text), options)

    # -- commands

    def action_command(self, id: str) -> None:
        """Run a command of the table."""
        from riffusion_tui.tui.actions import perform

        perform(self, by_id()[id])

    def tell(self, text: str, shade: str = "soft") -> None:
        """Say something in the status bar for a few seconds, and on a screen with a place for that, there."""
        self.main.status.tell(text, shade)
        here = getattr(self.screen, "say", None)
        if here is not None:
            here(text)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was selected, through what stands between this program and the person's terminal."""
        self.terminal.copy(text)

    # -- hearing

    def hear_soon(self, text: str) -> None:
        """Read the prompt for musical words, once the keys are silent for a moment."""
        if self.deps.hear is not None:
            self._hear(text)

    @work(group="hear", exclusive=True, exit_on_error=False)
    async def _hear(self, text: str) -> None:
        await asyncio.sleep(_HEAR_AFTER_S)
        hear = self.deps.hear
        if hear is not None:
            heard = await asyncio.to_thread(heard_in, text, hear)
            self.main.prompt.hears.hear(heard)

    # -- the way out

    def _write(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    def _fatal_error(self) -> None:
        """Leave with a message instead of Textual's traceback, which prints local variables."""
        self.crash.note()
        self._close_messages_no_wait()


async def run_screen(deps: Dependencies) -> int:
    """Show the screen until it is left; return the exit code: 0, 1 after a crash, 128 + signal after a signal."""
    app = RiffusionApp(deps)
    code = await app.run_async(mouse=deps.settings.screen.mouse)
    if app.crash.happened:
        app.crash.show()
        return 1
    return code if code is not None else (app.return_code or 0)
