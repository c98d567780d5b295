"""The tables of commands, keys and texts: complete and without conflicts."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

import riffusion_tui.tui
from riffusion_tui.config.settings import RENAMED_COMMANDS
from riffusion_tui.tui import messages
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS, by_id, in_scopes
from riffusion_tui.tui.bindings.key_names import written
from riffusion_tui.tui.bindings.keymap import ACTIVE_TOGETHER, check
from riffusion_tui.tui.bindings.keys import Keys, scopes_of_pane
from riffusion_tui.tui.messages import message, texts
from riffusion_tui.tui.screens.accounts import AccountsScreen
from riffusion_tui.tui.screens.compare import CompareScreen
from riffusion_tui.tui.screens.dashboard import DashboardScreen
from riffusion_tui.tui.screens.detail import DetailScreen
from riffusion_tui.tui.screens.grid import GridScreen
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.screens.settings import SettingsScreen
from riffusion_tui.tui.screens.sheet import SheetScreen
from riffusion_tui.tui.state.help_lines import dialog_lines, help_lines
from riffusion_tui.tui.texts import en

ROOM = Path(riffusion_tui.tui.__file__).parent
TAKEN_BY_LINES = {"ctrl+a", "ctrl+b", "ctrl+h", "ctrl+j", "ctrl+l", "ctrl+s", "ctrl+q", "ctrl+z"}


SCREENS: dict[CommandScope, type] = {
    CommandScope.ACCOUNTS: AccountsScreen,
    CommandScope.COMPARE: CompareScreen,
    CommandScope.DASHBOARD: DashboardScreen,
    CommandScope.DETAIL: DetailScreen,
    CommandScope.GRID: GridScreen,
    CommandScope.SETTINGS: SettingsScreen,
    CommandScope.SHEET: SheetScreen,
}


def test_every_action_is_a_method_of_its_target() -> None:
    for command in COMMANDS:
        target, _, name = command.action.partition(".")
        owner = RiffusionApp if target == "app" else SCREENS.get(command.scope, MainScreen)
        assert target in ("app", "screen"), command.id
        assert getattr(getattr(owner, f"action_{name}", None), "__doc__", None), command.id


def test_commands_of_the_main_screen_hide_no_textual_action() -> None:
    names = [f"action_{one.action.partition('.')[2]}" for one in COMMANDS if one.action.startswith("screen.")]
    assert [name for name in names if hasattr(Screen, name)] == []


def test_ids_are_unique_and_descriptions_are_sentences() -> None:
    assert len(by_id()) == len(COMMANDS)
    assert [command.id for command in COMMANDS if not command.explained.endswith(".")] == []


@pytest.mark.parametrize("scopes", ACTIVE_TOGETHER)
def test_no_key_has_two_commands_in_the_same_scopes(scopes: tuple[CommandScope, ...]) -> None:
    keys = [key for command in in_scopes(*scopes) for key in command.keys.split(",") if key]
    assert sorted(keys) == sorted(set(keys))


BY_PLACE = {"enter", "escape", "left", "right", "tab", "space"}
"""Keys that move the focus or act on what has it, which depends on the pane."""
PLAYING = ("job", "sheet", "detail", "grid", "compare")
"""Where a song can be played."""
ONE_MEANING = (
    {"prompt.new", "new.key"},
    {"prompt.options", "options.key"},
    {"prompt.history", "history.key"},
    {"prompt.library", "library.key"},
    {"job.play", "grid.play", "compare.play", "sheet.play", "detail.play"},
    {"job.keep", "grid.keep", "compare.keep", "detail.keep"},
    {"job.reject", "grid.reject", "compare.reject", "detail.reject"},
    {"job.undo", "grid.undo", "compare.undo", "detail.undo", "settings.undo"},
    {"jobs.mark", "grid.mark"},
    {"job.copy", "detail.raw", "sheet.copy"},
    {"job.save", "sheet.save", "detail.save", "grid.save"},
    {"job.edit", "accounts.repair", "settings.editor", "prompt.editor", "editor.key"},
    {"job.delete", "accounts.remove", "settings.reset"},
    {"now", "now.key", "accounts.read"},
    {"job.next", "detail.after", "compare.next", "sheet.next"},
    {"job.previous", "detail.before", "sheet.previous"},
    *({f"{scope}.{name}" for scope in PLAYING} for name in ("back", "forward", "section_back", "section_forward")),
    *({f"{scope}.{name}" for scope in PLAYING} for name in ("stop", "louder", "softer")),
    {"job.sheet", "sheet.leave"},
    {"job.compare", "compare", "grid.compare", "compare.leave"},
    {"job.with", "grid.with"},
    {"jobs.filter", "settings.find"},
    {"job.detail", "grid.open", "detail.leave"},
    {"jobs.grid", "grid.leave"},
    {"dashboard.key", "dashboard.leave"},
    {"accounts", "accounts.leave"},
    {"token", "accounts.token"},
    {"settings", "settings.leave"},
    {"quit.key", *(f"{screen}.leave" for screen in SCREENS)},
    {"help", "help.key", *(f"{screen}.help" for screen in SCREENS)},
)
"""Commands that do the same thing in different scopes."""


def test_a_key_means_the_same_in_every_pane() -> None:
    # The options line is a menu that shows each letter beside its field.
    commands = [command for command in COMMANDS if command.scope is not CommandScope.OPTIONS]
    keys = {key for command in commands for key in command.keys.split(",") if key} - BY_PLACE
    meanings = {key: {command.id for command in commands if key in command.keys.split(",")} for key in keys}
    assert {
        key: sorted(ids)
        for key, ids in meanings.items()
        if len(ids) > 1 and not any(ids <= same for same in ONE_MEANING)
    } == {}


def test_letters_that_move_in_lists_are_not_commands() -> None:
    letters = {"j", "k", "g", "G"}
    assert [
        command.id
        for command in COMMANDS
        if command.scope is not CommandScope.OPTIONS and letters & set(command.keys.split(","))
    ] == []


def _keys(widget: type[Widget]) -> set[str]:
    return {key for binding in widget.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")}


def test_no_command_of_the_prompt_overrides_an_editor_key() -> None:
    inside = _keys(TextArea)
    ours = {
        key for command in in_scopes(CommandScope.ANY, CommandScope.PROMPT) for key in command.keys.split(",") if key
    }
    assert ours & inside == {"f6", "f7"}, "both select text, which shift and arrows do too"
    assert {"up", "down", "enter"} <= _keys(Input) | inside


def test_no_command_has_only_keys_that_terminals_or_multiplexers_intercept() -> None:
    only = [command for command in COMMANDS if command.keys and set(command.keys.split(",")) <= TAKEN_BY_LINES]
    others = [command.id for command in only if command.scope not in (CommandScope.ANY, CommandScope.SCREENS)]
    assert others == [], "the palette lists those of `any` and `screens`"


def test_important_commands_have_two_keys() -> None:
    for id in ("make", "palette", "quit"):
        assert len(Keys({}).of(id)) >= 2
    assert Keys({}).of("help") + Keys({}).of("help.key") == ("f1", "question_mark")


# -- keys from the settings


def test_a_key_rebound_from_the_prompt_works_in_the_list() -> None:
    keys = Keys({"job.again": "f6"})
    assert keys.problems == ()
    assert (keys.of("job.again"), keys.of("editor.key"), keys.of("prompt.editor")) == (
        ("f6",),
        ("ctrl+o",),
        ("ctrl+o", "f6"),
    )


def test_keys_can_be_rebound_in_common_spellings() -> None:
    keys = Keys({"make": "F9, ctrl+x", "palette": "f11", "token": "", "job.play": "@"})
    assert keys.problems == ()
    assert keys.of("make") == ("f9", "ctrl+x")
    assert keys.shown("make") == "F9"
    assert keys.all_shown("make") == "F9 ^X"
    assert keys.of("job.play") == ("commercial_at",)


def test_a_command_without_a_key_is_in_the_palette() -> None:
    keys = Keys({"job.delete": "", "prompt.editor": "", "write": "o", "grid.mark": "", "grid.leave": ""})
    assert keys.problems == (
        "keys.grid.leave: this command needs a key, as nothing else leaves the screen.",
        "keys.write: 'o' is taken by job.seed (new seed).",
    )
    grid = help_lines((CommandScope.GRID,), keys, lambda command: True)
    assert next(line[0][0].strip() for line in grid if len(line) > 1 and line[1][0].strip() == "mark") == "–"
    assert keys.shown_or_palette("grid.mark") == "mark"
    assert (keys.of("job.delete"), keys.textual_keymap["job.delete"]) == ((), "unbound.job.delete")
    scopes = scopes_of_pane(CommandScope.JOBS)
    assert keys.hint("job.delete", scopes) == keys.shown_or_palette("job.delete") == "^P delete"
    assert keys.shown_or_palette("job.play") == "p"
    assert "^O" not in str(dialog_lines("dialog.lyrics", keys))
    assert "(^P)" in str(help_lines(scopes, keys, lambda command: command.id == "job.delete"))


def test_renamed_commands_refer_to_existing_ones() -> None:
    assert set(RENAMED_COMMANDS.values()) <= by_id().keys()
    assert not RENAMED_COMMANDS.keys() & by_id().keys()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"maek": "f9"}, "Did you mean 'make'?"),
        ({"make": "strg+x"}, "is not a valid key"),
        ({"make": "hello"}, "is not a valid key"),
        ({"make": ","}, "keys.make: ',' has no key between its commas; the comma itself is 'comma'."),
        ({"job.again": "p"}, "is taken by job.play"),
        ({"job.again": "ctrl+j"}, "is taken by make"),
        ({"accounts.add": "e"}, "is taken by accounts.repair"),
    ],
)
def test_an_invalid_keymap_is_reported_and_the_old_key_stays(wanted: dict[str, str], expected: str) -> None:
    assert any(expected in problem for problem in check(wanted))
    keys = Keys(wanted)
    assert keys.map == {}
    assert keys.of("job.again") == ("r",)


def test_two_commands_may_swap_their_keys() -> None:
    keys = Keys({"job.again": "p", "job.play": "r"})
    assert keys.problems == ()
    assert (keys.shown("job.again"), keys.shown("job.play")) == ("p", "r")


@pytest.mark.parametrize(
    ("key", "shown"),
    [("ctrl+j", "^J"), ("f5", "F5"), ("question_mark", "?"), ("shift+up", "shift+up"), ("space", "space"), ("K", "K"),
     ("alt+x", "alt+x"), ("delete", "del"), ("ctrl+up", "^up"), ("left", "left"), ("pagedown", "pgdn")],
)  # fmt: skip
def test_keys_are_shown_in_common_notation(key: str, shown: str) -> None:
    assert written(key) == shown


# -- texts


def _keys_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Collect the message keys in the code: complete ones, and patterns for computed ones."""
    whole: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for text in ast.walk(node) if isinstance(node, ast.expr) else ():
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    whole.add(text.value)
                elif isinstance(text, ast.JoinedStr):
                    shape = "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_0-9]+"
                        for part in text.values
                    )
                    if re.fullmatch(r"[a-z_]+(\\\.|\.).*", shape) and "[" in shape:
                        patterns.append(re.compile(shape))
    return whole, patterns


def test_every_text_is_used() -> None:
    whole, patterns = _keys_in_code()
    unused = [key for key in texts("en") if key not in whole and not any(one.fullmatch(key) for one in patterns)]
    assert unused == []


def test_no_group_of_texts_is_in_two_files() -> None:
    names = sorted(one.name for one in iter_modules(en.__path__) if one.name.endswith("_texts"))
    groups = [group for name in names for group in getattr(import_module(f"{en.__name__}.{name}"), name.upper())]
    assert sorted(groups) == sorted(en.TEXTS)


def test_every_message_key_exists() -> None:
    used = {
        key for file in ROOM.rglob("*.py") for key in re.findall(r'message\(\s*"([a-z_.]+)"', file.read_text("utf-8"))
    }
    assert used - texts("en").keys() == set()


def test_every_scope_has_a_name_and_panes_have_help() -> None:
    for scope in CommandScope:
        assert message(f"scope.{scope}")
    for scope in set(CommandScope) - {CommandScope.SCREENS, CommandScope.ANY, CommandScope.LISTS, CommandScope.JOB}:
        assert len(message(f"help.{scope}")) >= 30


def test_plural_forms_and_fallback_languages_are_used(tmp_path: Path) -> None:
    assert message("make.done", n=1) == "1 song queued."
    assert message("make.done", n=5) == "5 songs queued."
    assert message("make.done", n=32768) == "32,768 songs queued."
    messages.use("xx_YY.UTF-8")
    assert message("pane.jobs") == "Jobs"
    messages.use("../en")
    assert message("pane.jobs") == "Jobs"


def test_texts_are_ascii_without_utf_8() -> None:
    messages.use("C", plain=True)
    try:
        assert message("banner.broken", account="5f72", since="12:00", held="2 held").isascii()
    finally:
        messages.use("en")


def test_braces_in_values_are_kept() -> None:
    assert "{lofi|house}" in message("copy.sent", what="{lofi|house}")
