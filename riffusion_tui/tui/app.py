"""The app: wires screens and state, runs commands and handles exit."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.actions import ActionParseResult
from textual.binding import Binding
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.scrollbar import ScrollBar, ScrollBarRender

from riffusion_tui.clean import error_message
from riffusion_tui.config.session_state import SessionState
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.secret import Secret
from riffusion_tui.tui import glyphs as signs
from riffusion_tui.tui import messages
from riffusion_tui.tui.autosave import Autosave
from riffusion_tui.tui.bridge import Bridge
from riffusion_tui.tui.commands import COMMANDS, IN_PALETTE_ALWAYS, Command, CommandScope, by_action, by_id
from riffusion_tui.tui.crash import Crash
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.key_order import done_with_key, takes_text
from riffusion_tui.tui.keys import Keys, bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playback import Playback
from riffusion_tui.tui.questions import Questions
from riffusion_tui.tui.reporting import in_worker, reported_errors
from riffusion_tui.tui.screens.base import AppScreen, ModelChanged
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.state.draft import Draft
from riffusion_tui.tui.state.view_model import Change, ViewModel
from riffusion_tui.tui.terminal import CopyResult, Terminal
from riffusion_tui.tui.themes import find, names, suited
from riffusion_tui.tui.undoable_commands import UndoableCommands
from riffusion_tui.tui.widgets.painted import PlainScrollBar
from riffusion_tui.tui.widgets.status_bar import STAYS_S

if TYPE_CHECKING:
    from textual.dom import DOMNode

_BETWEEN_PAGES_S = 0.005
"""Pause between pages while older jobs are loaded, in seconds, so that keys stay responsive."""
_COLOUR_FILTERS = (Monochrome, NoColor, ANSIToTruecolor)


class RiffusionApp(Questions, inherit_bindings=False):
    """The Textual app. Everything that outlives it is in `deps`."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "riffusion-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/painted.tcss", "styles/main.tcss"]
    BINDINGS = [Binding("ctrl+c", "app.leave", show=False, id="interrupt"), *bindings(CommandScope.SCREENS)]
    _dressed = False
    _colour_filter: NoColor | None = None

    def __init__(self, deps: Dependencies) -> None:
        super().__init__(differential=deps.settings.screen.diff)
        self.output.hold()
        self.deps = deps
        self.glyphs = signs.choose(deps.settings.screen.glyphs)
        spoken = deps.environ.get("LC_ALL") or deps.environ.get("LC_MESSAGES") or deps.environ.get("LANG") or ""
        messages.use(spoken, plain=self.glyphs is signs.ASCII)
        self.keys = Keys(deps.settings.keys)
        self.model = ViewModel(deps)
        self.draft = Draft(deps.settings, deps.capabilities, deps.service)
        self.draft.account_name = self.model.account_name
        self.remembering = Autosave(deps.remembered_file, self._remembered)
        self.draft.change(**self.remembering.before.chosen(deps.service))
        self.terminal = Terminal(deps.environ, self.output.write)
        self.crash = Crash(deps.log_file)
        self.playback = Playback(self)
        self.undoable = UndoableCommands(self)
        self._bridge = Bridge(deps.store, self._post_changes)
        self._dress()
        self.main = MainScreen(self)

    # -- start and end

    def _dress(self) -> None:
        """Apply the theme, or disable colors if requested."""
        colours = 16 if self.console.color_system == "standard" else 256
        wanted = suited(self.deps.settings.screen.theme, no_color=self.no_color, colours=colours)
        self.wear(wanted)
        self.set_class(self.glyphs is signs.ASCII, "-ascii", update=False)
        self.set_class(self.deps.settings.screen.compact, "-compact", update=False)
        if not self.deps.settings.screen.motion:
            self.animation_level = "none"

    def get_default_screen(self) -> MainScreen:
        """Return the main screen as the default, so that no empty screen is created first."""
        self.main.suit(self.size)
        return self.main

    def on_mount(self) -> None:
        """Show the main screen, then start listening for changes."""
        self.set_keymap(self.keys.map)
        ScrollBar.renderer = PlainScrollBar if self.glyphs is signs.ASCII else ScrollBarRender
        self._bridge.open()
        self.set_interval(1.0, self._tick)
        for number in (signal.SIGHUP, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled, number)
        self.call_after_refresh(self._begun)

    def _begun(self) -> None:
        """Send the first frame; show the state and problems with the settings."""
        self.output.release()
        self.deps.painted()
        self._read_older()
        self.show_title()
        for problem in self.keys.problems[:1]:
            self.show_message(problem, "held")

    async def on_unmount(self) -> None:
        """Stop listening to the store and stop the player."""
        self._bridge.close()
        self.terminal.reset()
        await self.remembering.aclose()
        await self.playback.aclose()

    def _signalled(self, number: signal.Signals) -> None:
        self.exit(128 + number, return_code=128 + number)

    async def on_event(self, event: events.Event) -> None:
        """Process keys strictly in order. Pastes are only for text fields."""
        if isinstance(event, events.Paste) and not event.is_forwarded and not takes_text(self):
            self.show_message(message("paste.ignored", key=self.keys.shown("write")), "waits")
            return
        await super().on_event(event)
        if isinstance(event, events.Key) and self.screen_stack:
            await done_with_key(self)

    # -- changes from the core

    def _post_changes(self) -> None:
        """Read the changes and post them to all screens that show them."""
        change = self.model.read(self.draft)
        for screen in self._screens():
            screen.post_message(ModelChanged(change))
        if change.more:
            self._bridge.soon(_BETWEEN_PAGES_S)
        self._news(change)

    def show_changes(self) -> None:
        """Immediately show a command's changes to the store, the list or the draft."""
        if self._bridge.due or self.model.list.touched or self.draft.touched:
            self._bridge.now()

    def _screens(self) -> list[AppScreen[Any]]:
        """Return the full-window screens, bottom first."""
        return [screen for screen in self.screen_stack if isinstance(screen, AppScreen)]

    @work(group="older", exclusive=True, exit_on_error=True)
    async def _read_older(self) -> None:
        """Load the jobs not needed for the first frame, page by page."""
        while self.model.read_older() is not None:  # noqa: ASYNC110 (each iteration reads)
            await asyncio.sleep(_BETWEEN_PAGES_S)
        self.show_changes()

    def _news(self, change: Change) -> None:
        """Announce ended jobs by title, bell and notification; select them if follow is on."""
        self.show_title()
        if not change.ended:
            return
        from riffusion_tui.tui.news import announce

        announce(self, change)
        if self.playback.sequence.review is not None:
            self.run_worker(self.playback.sequence.more_songs(), group="player")

    def _tick(self) -> None:
        self.main.tick()

    def show_title(self) -> None:
        """Update the window's title and progress if they changed."""
        hidden = any(screen.hides_titles for screen in self._screens())
        self.terminal.show(self.model.summary, "" if hidden else self.playback.title)

    def wear(self, theme: str) -> None:
        """Apply another theme."""
        self._colour_filter = NoColor() if theme == "mono" else None
        made = find(theme)
        self.register_theme(made)
        if self.is_running:
            self.theme = made.name
            return
        # Nothing is styled yet; watching the theme would parse every style sheet twice.
        self._dressed = True
        self.set_reactive(RiffusionApp.theme, made.name)
        shade = {"-dark-mode": made.dark, "-light-mode": not made.dark, f"-theme-{made.name}": True}
        self.update_classes(shade, update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes colours on their way to the screen: only the theme decides whether they are shown."""
        # The ANSI color filter isn't needed: a theme uses either no ANSI colors or only those.
        others = [one for one in super().get_line_filters() if not isinstance(one, _COLOUR_FILTERS)]
        return [*others, self._colour_filter] if self._colour_filter is not None else others

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colors; none before a theme is set, to avoid computing Textual's default first."""
        return super().get_css_variables() if self._dressed else {}

    def _remembered(self, before: SessionState) -> SessionState:
        """Return the state to restore at the next start: the unsent prompt and the options set by keys."""
        options = {**before.options, self.deps.service: dict(self.draft.kept)}
        return SessionState(self.draft.unmade(self.main.text), options)

    # -- commands

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; show unsupported commands, errors, and its changes."""
        command = by_action().get(action) if isinstance(action, str) else None
        if command is not None and not self.can(command):
            self.show_message(message("options.not_here", service=self.deps.service, what=command.label), "waits")
            return True
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except reported_errors() as error:
            self.report(error)
            return True
        finally:
            self.show_changes()

    def can(self, command: Command) -> bool:
        """Return whether the service supports a command."""
        return not command.needs or bool(getattr(self.deps.capabilities, command.needs))

    def show_message(self, text: str, shade: str = "soft", stays_s: float = STAYS_S) -> None:
        """Show a short message on the topmost screen that can show it, and in the main screen's status bar."""
        uppermost = self._screens()[-1]
        self.main.status.show_message(text, shade, stays_s)
        if uppermost is not self.main:
            uppermost.show_message(text, shade)

    def report(self, error: BaseException) -> None:
        """Show an error and what to do about it."""
        self.show_error(error_message(error))

    def show_error(self, text: str) -> None:
        """Show an error; in a window of its own if the line for messages is too short for it."""
        self.show_message(text, "held")
        if not self._screens()[-1].fits(text):
            from riffusion_tui.tui.screens.ask import Reader

            self.push_screen(Reader(message("error.title"), [[(line, "ink")] for line in text.split("\n")]))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy the selection to the clipboard of the user's terminal."""
        self.terminal.copy(text)

    def copy_text(self, text: str, what: str) -> None:
        """Copy a text and show what happened to it."""
        if not text:
            self.show_message(message("copy.nothing"))
            return
        result = self.terminal.copy(text)
        self.show_message(message(f"copy.{result}", what=what), "held" if result is CopyResult.TOO_LONG else "done")

    def player_moved(self) -> None:
        """Show what plays and where the player is."""
        now = self.playback.now()
        self.model.playing = (now[0], now[1].paused) if now is not None else None
        self.show_title()
        for screen in self._screens():
            screen.player_moved()

    async def run_picked(self, id: str | None) -> None:
        """Run the picked command, if any."""
        if id:
            await self.run_action(by_id()[id].action)

    # -- commands that work on every screen

    def action_open_help(self) -> None:
        """Show the commands of this pane."""
        from riffusion_tui.tui.screens.ask import Reader
        from riffusion_tui.tui.state.help_lines import help_lines

        places = self._screens()[-1].places()
        title = message("help.title", pane=message(f"place.{places[0]}"))
        self.push_screen(Reader(title, help_lines(places, self.keys, self.can)))

    @in_worker
    async def action_open_palette(self) -> None:
        """Open the command palette; commands of the focused pane come first."""
        here = self._screens()[-1].places()
        known = [one for one in COMMANDS if not one.id.endswith((".key", ".leave"))]
        usable = [one for one in known if self.can(one) and (one.where in here or one.where in IN_PALETTE_ALWAYS)]
        usable.sort(key=lambda one: one.where not in here[:2])
        choices = [Choice(one.id, one.label, one.help, self.keys.shown(one.id)) for one in usable]
        await self.run_picked(await self.pick(message("pick.palette"), choices))

    def action_open_accounts(self) -> None:
        """Open the accounts; if a session expired, with the focus on its cookie field."""
        from riffusion_tui.tui.screens.accounts import AccountsScreen

        broken = next((one.account for one in self.model.summary.banners if one.cause is WaitCause.BROKEN), None)
        self.push_screen(AccountsScreen(self, repair=broken))

    @in_worker
    async def action_replace_token(self) -> None:
        """Ask for a new token; waiting jobs continue, unless the environment overrides it."""
        entered = await self.ask(message("token.title"), message("token.text"), secret=True)
        if entered and entered.strip():
            saved = await self.deps.job_commands.set_token(Secret(entered.strip()))
            form = "overridden" if saved.overridden_by else "set" if saved.needed else "not_needed"
            text = message(f"token.{form}", address=saved.address, by=saved.overridden_by, service=self.deps.service)
            if saved.overridden_by:
                self.show_error(text)
            else:
                self.show_message(text, "done" if form == "set" else "waits")

    def action_jump(self) -> None:
        """Label every focusable widget with a letter."""
        from riffusion_tui.tui.screens.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen, self.show_message))

    def action_suspend_or_undo(self) -> None:
        """Suspend the program; in a multi-line text, undo."""
        from textual.widgets import TextArea

        if isinstance(self.focused, TextArea):
            self.focused.undo()
        else:
            self.action_suspend_process()

    def action_open_settings(self) -> None:
        """Open the settings."""
        from riffusion_tui.tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen(self))

    @in_worker
    async def action_choose_theme(self) -> None:
        """Choose the theme and save it."""
        from riffusion_tui.config.settings_file import save

        chosen = await self.pick(message("pick.theme"), [Choice(name, name) for name in names()], chosen=self.theme)
        if chosen:
            file = save(self.deps.settings_file, "screen.theme", chosen)
            self.deps.settings = self.deps.overrides.apply(file)
            if by := self.deps.overrides.of("screen.theme", file):
                self.show_message(message("settings.overridden", key="screen.theme", by=by, value=self.theme), "waits")
            else:
                self.wear(chosen)

    @in_worker
    async def action_undo(self) -> None:
        """Undo the last command that changed jobs; again undoes the one before."""
        await self.undoable.undo()

    @in_worker
    async def action_leave(self) -> None:
        """Quit; asks first if jobs are running or waiting."""
        summary = self.model.summary
        under_way, waiting = summary.making + summary.fetching, summary.waiting
        if not (under_way or waiting) or not self.deps.leading():
            self.exit(0)
            return
        form = "leave.studio" if self.deps.service == "studio" else "leave.service"
        if await self.confirm(message("leave.title"), message(form, making=under_way, waiting=waiting)):
            self.exit(0)

    # -- exit

    def note_error(self) -> None:
        """Keep an error that nobody caught, for the message that the app leaves with."""
        self.crash.note()


async def run_screen(deps: Dependencies) -> int:
    """Run the screen; return the exit code: 0, 1 after a crash, 128 + signal after a signal."""
    app = RiffusionApp(deps)
    code = await app.run_async(mouse=deps.settings.screen.mouse)
    if app.crash.happened:
        app.crash.show()
        return 1
    return code if code is not None else (app.return_code or 0)
