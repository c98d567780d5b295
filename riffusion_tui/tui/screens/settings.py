"""The settings screen: all settings with values and descriptions; changes are validated and saved immediately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from riffusion_tui.config.atomic_file import read_or_empty, write_private
from riffusion_tui.config.errors import ConfigError
from riffusion_tui.config.settings import Settings, Spec, Value, value_of
from riffusion_tui.config.settings_file import load, parse, save, save_keys, template, unset
from riffusion_tui.config.validation import WrongValue, expected, typed
from riffusion_tui.tui.appearance import themes
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.keymap import assign, problems_of_change
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import AppScreen
from riffusion_tui.tui.state.choice import Choice
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.settings_view import SettingsView, shown
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.dialogs import DialogApp


_DOC_LINES = 3
_APPLIED_IMMEDIATELY = frozenset({"notify", "player", "batch"})
"""Tables whose settings take effect immediately."""


class SettingsScreen(AppScreen[None]):
    """The list, with the selected setting's description and allowed values below."""

    CSS_PATH = ["../styles/painted.tcss", "../styles/detail.tcss"]
    SCOPES = (CommandScope.SETTINGS, CommandScope.SCREENS)

    _owner: DialogApp

    def __init__(self, app: DialogApp) -> None:
        super().__init__(app, id="settings")
        self.view = SettingsView(app)
        self.doc = Static(self._description(), id="settings-doc", markup=False)
        self._rejected = ""  # text from the editor that was invalid or couldn't be saved
        self._changes: list[tuple[str, str]] = []
        """The file's text before and after each change, to undo it."""

    def compose(self) -> ComposeResult:
        """Compose list, description and keys."""
        with Vertical(classes="pane") as pane:
            pane.border_title = Content(message("settings.title"))
            pane.border_subtitle = Content(str(self._owner.deps.paths.settings_file))
            yield self.view
        yield self.doc
        yield Footer(self._owner.keys, CommandScope.SETTINGS)

    def on_mount(self) -> None:
        """Select the first setting."""
        self.view.focus()

    @on(SettingsView.CursorMoved)
    def _cursor_moved(self) -> None:
        """Show the setting's description."""
        self.doc.update(self._description())

    def _description(self) -> Content:
        entry = self.view.current
        if isinstance(entry, Command):
            return Content(message("settings.keys", id=entry.id, help=entry.help))
        try:
            by = self._owner.deps.overrides.of(entry.key, load(self._owner.deps.paths.settings_file))
        except ConfigError as error:  # another program is changing the file
            return Content(str(error))
        note = f" {message('settings.overrides', by=by)}" if by else ""
        is_free_text = entry.kind is str and not entry.choices  # which needs quotes in the file, but not here
        allowed = "" if is_free_text else f" ({expected(entry)})"
        return Content(f"{entry.key}: {entry.doc}{allowed}{note}")

    def show_message(self, text: str, shade: str = "soft") -> None:
        """Show a message in place of the description."""
        self.doc.update(Content(text))

    def fits(self, text: str) -> bool:
        """Whether the explanation's lines have room for `text`."""
        return width(text) <= _DOC_LINES * (self._owner.size.width - 6)

    # -- commands

    @in_worker
    async def action_change(self) -> None:
        """Toggle a switch, choose from a list, or ask for a value."""
        spec = self.view.current
        if isinstance(spec, Command):
            await self._change_keys(spec)
            return
        now = value_of(load(self._owner.deps.paths.settings_file), spec)
        if isinstance(now, bool):
            self._set(spec, not now)
            return
        choices = themes.names() if spec.key == "screen.theme" else spec.choices
        if choices:
            chosen = await self._owner.pick(spec.key, [Choice(one, one) for one in choices], chosen=str(now))
            if chosen is not None:
                self._set(spec, chosen)
            return

        def problem_of(text: str) -> str:
            try:
                return self._owner.deps.callbacks.wrong_value(spec.key, str(typed(spec, text)))
            except WrongValue as error:
                return str(error)

        text = await self._owner.ask_until(spec.key, spec.doc, problem_of, value=str(now))
        if text is not None:
            self._set(spec, typed(spec, text))

    def action_reset(self) -> None:
        """Reset it to its default."""
        entry = self.view.current
        if isinstance(entry, Command):
            self._set_keys(entry, None)
        else:
            self._set(entry, None)

    async def _change_keys(self, command: Command) -> None:
        now = self._owner.deps.settings.keys.get(command.id, command.keys)
        text = await self._owner.ask_until(
            f"keys.{command.id}",
            message("settings.ask_keys", help=command.help),
            lambda line: self._problem(command, line),
            value=now,
        )
        if text is not None:
            self._set_keys(command, text)

    def _problem(self, command: Command, pressed: str | None) -> str:
        """Return what is wrong with the keys that a command would have; empty: nothing."""
        before = self._owner.deps.settings.keys
        problems = problems_of_change(before, assign(before, command.id, pressed), command.id)
        return problems[0] if problems else ""

    def _set_keys(self, command: Command, pressed: str | None) -> None:
        """Validate, save and apply a command's keys; empty: none, None: the defaults."""
        app = self._owner
        before = app.deps.settings.keys
        wanted = assign(before, command.id, pressed)
        if problem := self._problem(command, pressed):
            self.show_message(problem)
            return
        try:
            with self._undoable():
                app.deps.settings = app.deps.overrides.apply(save_keys(app.deps.paths.settings_file, wanted))
        except ConfigError as error:
            self.show_message(str(error))
            return
        self._use_keys(wanted)
        changed = [id for id in wanted if wanted[id] != before.get(id) and id != command.id]
        self.show_message(message("settings.saved", key=", ".join(f"keys.{id}" for id in [command.id, *changed])))

    def _use_keys(self, wanted: Mapping[str, str]) -> None:
        self._owner.keys.use(wanted)
        self._owner.set_keymap(self._owner.keys.textual_keymap)
        self.view.refresh()

    @contextmanager
    def _undoable(self) -> Iterator[None]:
        """Note what the block changes in the file. Raises `ConfigError`."""
        file = self._owner.deps.paths.settings_file
        before = read_or_empty(file)
        yield
        if (after := read_or_empty(file)) != before:
            self._changes.append((before, after))

    def action_undo(self) -> None:
        """Undo the last change, unless the file has changed since."""
        if not self._changes:
            self.show_message(message("undo.nothing"))
            return
        file, (before, after) = self._owner.deps.paths.settings_file, self._changes.pop()
        try:
            if read_or_empty(file) != after:
                self._changes.clear()
                self.show_message(message("settings.changed_since", file=str(file)))
                return
            write_private(file, before)
            self._use(load(file))
        except ConfigError as error:
            self.show_message(str(error))
            return
        self._use_keys(self._owner.deps.settings.keys)
        self.show_message(message("settings.undone"))

    @in_worker
    async def action_find(self) -> None:
        """Go to a setting of a list that is filtered as you type."""
        found = await self._owner.pick(message("settings.find"), self.view.choices(), chosen=self.view.current_id)
        if found is not None:
            self.view.go_to(found)

    @in_worker
    async def action_edit_file(self) -> None:
        """Edit the file in $EDITOR. If the result is invalid or can't be saved, the next call edits it further."""
        from riffusion_tui.tui.external_editor import edited

        file = self._owner.deps.paths.settings_file
        fresh = await edited(self._owner, self._rejected or read_or_empty(file) or template(), ".toml")
        if fresh is None:
            return
        self._rejected = fresh
        try:
            parse(fresh, file.name)
            with self._undoable():
                write_private(file, fresh + "\n")
        except ConfigError as error:
            self.show_message(message("settings.rejected", problems=str(error)))
            return
        self._rejected = ""
        self._use(load(file))
        self.show_message(message("settings.restart", key=str(file)))

    def _set(self, spec: Spec, value: Value | None) -> None:
        """Validate, save and, if possible, apply a value immediately; None: remove it from the file."""
        deps = self._owner.deps
        if value is not None and (problem := deps.callbacks.wrong_value(spec.key, str(value))):
            self.show_message(problem)
            return
        try:
            with self._undoable():
                file = self._saved(spec, value)
            self._use(file)
        except ConfigError as error:
            self.show_message(str(error))
            return
        if by := deps.overrides.of(spec.key, file):
            now = self._owner.theme if spec.key == "screen.theme" else shown(value_of(deps.settings, spec))
            self.show_message(message("settings.overridden", key=spec.key, by=by, value=now))
            return
        if spec.key == "service.name" and file.service.name != deps.service:
            deps.callbacks.switch(file.service.name)
            self._owner.exit(0)
        applied = spec.table in _APPLIED_IMMEDIATELY or spec.key == "screen.theme"
        self.show_message(message("settings.saved" if applied else "settings.restart", key=spec.key))

    def _saved(self, spec: Spec, value: Value | None) -> Settings:
        path = self._owner.deps.paths.settings_file
        if value is not None:
            return save(path, spec.key, value)
        unset(path, spec.key)
        return load(path)

    def _use(self, file: Settings) -> None:
        app = self._owner
        app.deps.settings = held = app.deps.overrides.apply(file)
        overridden = bool(app.deps.overrides.of("screen.theme", file))
        if held.screen.theme in themes.names() and held.screen.theme != app.theme and not overridden:
            app.apply_theme(held.screen.theme)
        self.view.refresh()
