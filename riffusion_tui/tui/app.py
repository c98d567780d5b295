"""The app: wires screens and state, passes on changes and handles exit.

Its commands are in `actions.any_screen`, dialogs and messages in `dialogs`, colors in `themed_app`.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.actions import ActionParseResult
from textual.binding import Binding
from textual.scrollbar import ScrollBar, ScrollBarRender

from riffusion_tui.clean import MAX_TEXT
from riffusion_tui.config.session_state import SessionState
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.store import StoreError
from riffusion_tui.tui import messages
from riffusion_tui.tui.actions.any_screen import AnyScreenActions
from riffusion_tui.tui.appearance import glyphs as signs
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import by_action
from riffusion_tui.tui.bindings.key_order import done_with_key, takes_text
from riffusion_tui.tui.bindings.keys import Keys, bindings
from riffusion_tui.tui.bridge import Bridge
from riffusion_tui.tui.bulk_commands import BulkCommands
from riffusion_tui.tui.crash import Crash
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.input.escape_undo import EscapeTakenBack, EscapeUndo
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.playing.playback import Playback
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.session.autosave import Autosave
from riffusion_tui.tui.state.prompt.draft import Draft
from riffusion_tui.tui.state.view_model import Change, ViewModel
from riffusion_tui.tui.terminal import Terminal, holds_back_escape
from riffusion_tui.tui.undo_steps import UndoSteps
from riffusion_tui.tui.undoable_commands import UndoableCommands
from riffusion_tui.tui.widgets.painted import PlainScrollBar
from riffusion_tui.tui.workers import reported_errors

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.driver import Driver

_BETWEEN_PAGES_S = 0.005
"""Pause between pages while older jobs are loaded, in seconds, so that keys stay responsive."""


class RiffusionApp(AnyScreenActions, inherit_bindings=False):
    """The Textual app. Everything that outlives it is in `deps`."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "riffusion-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/painted.tcss", "styles/main.tcss"]
    BINDINGS = [Binding("ctrl+c", "app.leave", show=False, id="interrupt"), *bindings(CommandScope.SCREENS)]

    def __init__(self, deps: Dependencies) -> None:
        super().__init__(differential=deps.settings.screen.diff)
        self.output.hold()
        self.deps = deps
        self.glyphs = signs.choose(deps.settings.screen.glyphs, deps.environ.get("TERM", ""))
        locale = deps.environ.get("LC_ALL") or deps.environ.get("LC_MESSAGES") or deps.environ.get("LANG") or ""
        messages.use(locale, plain=self.glyphs is signs.ASCII)
        self.keys = Keys(deps.settings.keys)
        self.model = ViewModel(deps)
        self.draft = Draft(deps.settings, deps.capabilities, deps.service)
        self.draft.account_name = self.model.account_name
        self.remembering = Autosave(deps.paths.session_state_file, self._session_state, deps.store)
        self.draft.change(**self.remembering.before.chosen(deps.service))
        self.terminal = Terminal(deps.environ, self.output.write)
        self.crash = Crash(deps.paths.log_file)
        self.playback = Playback(self)
        self.bulk = BulkCommands(self)
        self.undo_steps = UndoSteps(self, self.bulk)
        self.undoable = UndoableCommands(self, self.bulk, self.undo_steps)
        self._bridge = Bridge(deps.store, self._post_changes)
        self.apply_settings()
        self.main = MainScreen(self, self.remembering)
        self.status = self.main.status
        self._escape_undo = EscapeUndo()

    # -- start and end

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that writes to `output` and survives the loss of its terminal."""
        from riffusion_tui.tui.driver import TerminalDriver  # not in tests, which have no terminal

        return TerminalDriver

    def get_default_screen(self) -> MainScreen:
        """Return the main screen as the default, so that no empty screen is created first."""
        self.main.suit(self.size)
        return self.main

    def on_mount(self) -> None:
        """Show the main screen, then start listening for changes."""
        self.set_keymap(self.keys.textual_keymap)
        ScrollBar.renderer = PlainScrollBar if self.glyphs is signs.ASCII else ScrollBarRender
        self._bridge.open()
        self.set_interval(1.0, self._tick)
        for number in (signal.SIGHUP, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._signalled, number)
        self.call_after_refresh(self._begun)

    def _begun(self) -> None:
        """Send the first frame; show the state and problems with the settings."""
        self.output.release()
        self.deps.callbacks.painted()
        self.remembering.restored()
        self._read_older()
        self.show_title()
        for problem in self.keys.problems[:1]:
            self.show_error(problem)

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
            self.show_message(message("paste.ignored"), "waits")
            return
        if isinstance(event, events.Paste) and len(event.text) > MAX_TEXT:
            self.show_message(message("paste.refused", why=message("paste.too_long", limit=MAX_TEXT)), "waits")
            return
        if isinstance(event, events.Key) and (pressed := self._quick_keys(event)):
            for key in pressed:
                await self.on_event(key)
            return
        if isinstance(event, events.Key | events.MouseDown) and not event.is_forwarded and self.screen_stack:
            self.status.note_input()
        self._escape_undo.note(self, event)
        await super().on_event(event)
        if isinstance(event, events.Key) and self.screen_stack:
            await done_with_key(self)

    def _quick_keys(self, event: events.Key) -> list[events.Key]:
        """Return escape and a letter if that is what alt and the letter may have been, which has no command."""
        sent = event.character or ""
        if len(sent) != 2 or event.is_forwarded or not self.screen_stack or self.keys.has_command(event.key):
            return []
        if event.key in self.screen.active_bindings:
            return []
        return [events.Key("escape", sent[0]), events.Key(sent[1], sent[1])]

    @on(EscapeTakenBack)
    def _escape_taken_back(self) -> None:
        """Undo an escape key that turned out to be the start of a terminal's report."""
        self._escape_undo.undo(self)
        self.show_changes()

    # -- changes from the core

    def _post_changes(self) -> None:
        """Read a page of changes and post them to all screens that show them; soon the next page."""
        self._post(self.model.read(self.draft))

    def _post(self, change: Change) -> None:
        for screen in self.screens():
            screen.post_message(ModelChanged(change))
        if change.more:
            self._bridge.soon(_BETWEEN_PAGES_S)
        self._announce(change)

    def read_all(self) -> None:
        """Load all jobs now, for a command on all of them: a second or two for 100,000."""
        self.model.read_all_older()
        self._post(self.model.read(self.draft, limit=None))

    def show_changes(self) -> None:
        """Immediately show a command's changes to the store, the list or the draft."""
        if self._bridge.due or self.model.list.touched or self.draft.touched:
            self._bridge.now()

    @work(group="older", exclusive=True, exit_on_error=True)
    async def _read_older(self) -> None:
        """Load the jobs not needed for the first frame, page by page."""
        while self.model.read_older() is not None:  # noqa: ASYNC110 (each iteration reads)
            await asyncio.sleep(_BETWEEN_PAGES_S)
        self.show_changes()

    def _announce(self, change: Change) -> None:
        """Announce ended jobs by title, bell and notification; select them if follow is on."""
        self.show_title()
        if self.playback.sequence.review is not None:
            self.player_moved()  # the number of new takes may have changed
        if not change.ended:
            return
        from riffusion_tui.tui.announcements import announce

        announce(self, change)
        if self.playback.sequence.review is not None:
            self.run_worker(self.playback.sequence.more_songs(), group="player")

    def _tick(self) -> None:
        self.main.tick()

    def show_title(self) -> None:
        """Update the window's title and progress if they changed."""
        hidden = any(screen.hides_titles for screen in self.screens())
        self.terminal.show(self.model.summary, "" if hidden else self.playback.title)

    def _session_state(self, before: SessionState) -> SessionState:
        """Return the state to restore at the next start: the unsent prompt and the options set by keys."""
        options = {**before.options, self.deps.service: dict(self.draft.kept)}
        latest = None
        with suppress(StoreError):  # it doesn't matter as much as the draft
            latest = self.deps.store.prompt_number()
        return SessionState(self.draft.unsent_text(self.main.text), options, latest)

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

    def player_moved(self) -> None:
        """Show what plays and where the player is."""
        now = self.playback.now()
        self.model.playing = (now[0], now[1].paused) if now is not None else None
        self.show_title()
        for screen in self.screens():
            screen.player_moved()

    # -- its screens

    def action_open_accounts(self) -> None:
        """Open the accounts; if a session expired, with the focus on its cookie field."""
        from riffusion_tui.tui.screens.accounts import AccountsScreen

        broken = next((one.account for one in self.model.summary.banners if one.cause is WaitCause.BROKEN), None)
        self.push_screen(AccountsScreen(self, repair=broken))

    def action_open_settings(self) -> None:
        """Open the settings."""
        from riffusion_tui.tui.screens.settings import SettingsScreen

        self.push_screen(SettingsScreen(self))

    # -- exit

    def note_error(self) -> None:
        """Keep an uncaught error for the message on exit."""
        self.crash.note()


async def run_screen(deps: Dependencies) -> int:
    """Run the screen; return the exit code: 0, 1 after a crash, 128 + signal after a signal."""
    app = RiffusionApp(deps)
    mouse = deps.settings.screen.mouse and not holds_back_escape(deps.environ)
    code = await app.run_async(mouse=mouse)
    if app.crash.happened:
        app.crash.show()
        return 1
    return code if code is not None else (app.return_code or 0)
