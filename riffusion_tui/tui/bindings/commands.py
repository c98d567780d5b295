"""The table of all commands: what can be done, by which keys, where. It feeds bindings, footer, help and palette.

Each command names its action as Textual does: `app.jump` is `action_jump` of the app, `screen.make` is `action_make` of
the screen on which the command applies (of the main screen: in `actions/`). Every id can be rebound under `[keys]` in
the settings.
"""

from __future__ import annotations

from functools import cache

from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.list_commands import LIST_COMMANDS
from riffusion_tui.tui.bindings.screen_commands import SCREEN_COMMANDS

_SCREENS, _ANY, _LISTS, _PROMPT, _OPTIONS = (
    CommandScope.SCREENS,
    CommandScope.ANY,
    CommandScope.LISTS,
    CommandScope.PROMPT,
    CommandScope.OPTIONS,
)

COMMANDS: tuple[Command, ...] = (
    # -- on every screen
    Command(
        "jump",
        "ctrl+g",
        "jump",
        _SCREENS,
        "Label every pane and field with a letter that jumps to it. In the lyrics editor, ^G writes lyrics.",
        "app.jump",
        89,
    ),
    Command("redraw", "ctrl+l", "redraw", _SCREENS, "Redraw the screen.", "app.redraw"),
    Command(
        "suspend", "ctrl+z", "suspend", _SCREENS, "Suspend until fg; in a text field, undo.", "app.suspend_or_undo"
    ),
    Command(
        "quit", "f10,ctrl+q", "quit", _SCREENS, "Quit. Asks first if songs are unfinished.", "app.leave", also="exit"
    ),
    # -- everywhere on the main screen
    Command("make", "ctrl+j,f5", "generate", _ANY, "Generate the songs described by the prompt.", "screen.make", 1),
    Command("help", "f1", "help", _ANY, "Show what you can do in this pane.", "app.open_help", 90),
    Command("palette", "ctrl+p,f9", "palette", _ANY, "Find any command by its name.", "app.open_palette", 91),
    Command(
        "settings",
        "f2",
        "settings",
        _ANY,
        "Show and change the settings.",
        "app.open_settings",
        also="preferences configuration",
    ),
    Command(
        "compare", "f3", "compare", _ANY, "Compare two takes: the marked ones, or two of a prompt.", "screen.compare"
    ),
    Command(
        "accounts",
        "f4",
        "accounts",
        _ANY,
        "Show accounts: slots, credits, errors; repair them.",
        "app.open_accounts",
        0,
    ),
    Command("token", "f11", "token", _ANY, "Replace the API token.", "app.replace_token"),
    Command("now", "f8", "try now", _ANY, "Skip the countdown in the status bar and try now.", "screen.try_now"),
    Command(
        "attention",
        "f12",
        "needs attention",
        _ANY,
        "Go to the next job that needs attention.",
        "screen.next_needing_attention",
    ),
    Command("dashboard", "", "dashboard", _ANY, "Show songs, accounts and 429s by day.", "screen.open_dashboard"),
    Command("pause", "", "pause queue", _ANY, "Pause or resume sending.", "screen.pause_queue"),
    Command("service", "", "service", _ANY, "Generate songs with another service.", "screen.choose_service"),
    Command("theme", "", "theme", _ANY, "Choose a color theme.", "app.choose_theme"),
    # -- wherever no text is typed
    Command("help.key", "question_mark", "help", _LISTS, "Show what you can do in this pane.", "app.open_help", 90),
    Command("quit.key", "q", "quit", _LISTS, "Quit. Asks first if songs are unfinished.", "app.leave", also="exit"),
    Command("write", "i", "write", _LISTS, "Go to the prompt.", "screen.write", 15),
    Command("now.key", "n", "try now", _LISTS, "Skip the countdown in the status bar and try now.", "screen.try_now"),
    Command(
        "attention.key",
        "exclamation_mark,N",
        "needs attention",
        _LISTS,
        "Go to the next job that needs attention.",
        "screen.next_needing_attention",
    ),
    Command(
        "dashboard.key", "D", "dashboard", _LISTS, "Show songs, accounts and 429s by day.", "screen.open_dashboard"
    ),
    Command("new.key", "ctrl+n", "new prompt", _LISTS, "Start a new prompt with default options.", "screen.new_prompt"),
    Command("editor.key", "ctrl+o,f6", "editor", _LISTS, "Edit the prompt in $EDITOR.", "screen.edit_prompt"),
    Command(
        "options.key", "ctrl+t", "options", _LISTS, "Set vocals, model, account, takes and more.", "screen.options"
    ),
    Command("history.key", "ctrl+r", "history", _LISTS, "Find an earlier prompt.", "screen.history"),
    Command("library.key", "f7", "library", _LISTS, "Open saved prompts and presets.", "screen.library"),
    Command("pause.key", "P", "pause queue", _LISTS, "Pause or resume sending.", "screen.pause_queue"),
    # -- the prompt
    Command("prompt.editor", "ctrl+o,f6", "editor", _PROMPT, "Edit the prompt in $EDITOR.", "screen.edit_prompt", 2),
    Command(
        "prompt.options",
        "ctrl+t",
        "options",
        _PROMPT,
        "Set vocals, model, account, takes and more.",
        "screen.options",
        3,
    ),
    Command("prompt.new", "ctrl+n", "new", _PROMPT, "Start a new prompt with default options.", "screen.new_prompt", 4),
    Command("prompt.history", "ctrl+r", "history", _PROMPT, "Find an earlier prompt.", "screen.history", 5),
    Command("prompt.library", "f7", "library", _PROMPT, "Open saved prompts and presets.", "screen.library", 6),
    Command("prompt.keep", "", "keep prompt", _PROMPT, "Save this prompt in the library.", "screen.keep_prompt"),
    Command("prompt.preset", "", "keep preset", _PROMPT, "Save these options in the library.", "screen.keep_preset"),
    Command(
        "prompt.lyrics",
        "",
        "write lyrics",
        _PROMPT,
        "Let the service write lyrics for the prompt.",
        "screen.write_lyrics",
    ),
    Command("prompt.leave", "escape", "jobs", _PROMPT, "Go to the jobs.", "screen.focus_jobs", 7),
    # -- the options line
    Command("options.vocals", "v", "vocals", _OPTIONS, "Vocals or instrumental.", "screen.vocals", 21),
    Command("options.takes", "t", "takes", _OPTIONS, "Songs per prompt.", "screen.takes", 22),
    Command("options.account", "a", "account", _OPTIONS, "Account to use, or any.", "screen.account", 23),
    Command("options.model", "m", "model", _OPTIONS, "Model to use.", "screen.model", 24, needs="models_differ"),
    Command("options.jobs", "j", "slots", _OPTIONS, "Songs that the account makes at once.", "screen.max_jobs", 9),
    Command("options.title", "l", "title", _OPTIONS, "Title of the song.", "screen.title", 5, needs="title"),
    Command(
        "options.lyrics",
        "y",
        "lyrics",
        _OPTIONS,
        "Your own lyrics: show, edit, remove.",
        "screen.own_lyrics",
        2,
        needs="given_lyrics",
    ),
    Command(
        "options.write",
        "w",
        "write lyrics",
        _OPTIONS,
        "Let the service write lyrics for the prompt.",
        "screen.write_lyrics",
        6,
    ),
    Command(
        "options.seed", "s", "seed", _OPTIONS, "Seed: the same one gives the same song.", "screen.seed", 3, needs="seed"
    ),
    Command("options.length", "g", "length", _OPTIONS, "Length in seconds.", "screen.length", 4, needs="length"),
    Command(
        "options.fields", "f", "more", _OPTIONS, "Options specific to this service.", "screen.fields", 7, needs="fields"
    ),
    Command("options.url", "u", "replyUrl", _OPTIONS, "URL to call when the song is finished.", "screen.reply_url"),
    Command("options.ref", "r", "replyRef", _OPTIONS, "Your own reference, stored with the song.", "screen.reply_ref"),
    Command(
        "options.detected",
        "d",
        "detected",
        _OPTIONS,
        "Show the detected and the ignored words, and what the service can't do.",
        "screen.open_detected",
    ),
    Command(
        "options.clear",
        "x",
        "defaults",
        _OPTIONS,
        "Reset all options to their defaults; again restores them.",
        "screen.clear_options",
        8,
    ),
    Command("options.new", "ctrl+n", "new", _OPTIONS, "Start a new prompt with default options.", "screen.new_prompt"),
    Command("options.editor", "ctrl+o,f6", "editor", _OPTIONS, "Edit the prompt in $EDITOR.", "screen.edit_prompt"),
    Command("options.history", "ctrl+r", "history", _OPTIONS, "Find an earlier prompt.", "screen.history"),
    Command("options.library", "f7", "library", _OPTIONS, "Open saved prompts and presets.", "screen.library"),
    Command("options.leave", "escape,enter", "prompt", _OPTIONS, "Back to the prompt.", "screen.write", 7),
    *LIST_COMMANDS,
    *SCREEN_COMMANDS,
)
"""In the order shown in help and palette."""
IN_PALETTE_ALWAYS = (_SCREENS, _ANY, _PROMPT, _OPTIONS, CommandScope.JOB, CommandScope.JOBS)
"""Scopes whose commands the palette always lists."""


@cache
def by_id() -> dict[str, Command]:
    """Return the commands by their ids."""
    return {command.id: command for command in COMMANDS}


@cache
def by_action() -> dict[str, Command]:
    """Return the commands by their actions; of several with the same one, the first."""
    return {command.action: command for command in reversed(COMMANDS)}


def in_scopes(*scopes: CommandScope) -> tuple[Command, ...]:
    """Return the commands that apply in any of `scopes`."""
    return tuple(command for command in COMMANDS if command.scope in scopes)
