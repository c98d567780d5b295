"""THE table of commands: what can be done, by which keys, where. It feeds bindings, footer, help and palette.

Each command names its action as Textual does: `app.jump` is `action_jump` of the app, `screen.make` is `action_make` of
the screen on which the command applies (of the main screen: in `actions/`). Every id can be rebound under `[keys]` in
the settings.
"""

from __future__ import annotations

from functools import cache

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.bindings.command import Command, CommandScope
from riffusion_tui.tui.bindings.screen_commands import SCREEN_COMMANDS

_SCREENS, _ANY, _LISTS, _PROMPT, _OPTIONS, _JOB, _JOBS, _FILTER, _SONG = (
    CommandScope.SCREENS,
    CommandScope.ANY,
    CommandScope.LISTS,
    CommandScope.PROMPT,
    CommandScope.OPTIONS,
    CommandScope.JOB,
    CommandScope.JOBS,
    CommandScope.FILTER,
    CommandScope.SONG,
)
_DONE = frozenset({Status.DONE})
_OPEN = frozenset({Status.QUEUED, Status.HELD, Status.SENDING, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING})
_ENDED_BADLY = frozenset({Status.REFUSED, Status.FAILED, Status.CANCELLED})
_QUEUED = frozenset({Status.QUEUED})

COMMANDS: tuple[Command, ...] = (
    # -- on every screen
    Command(
        "jump", "ctrl+g", "jump", _SCREENS, "Label every pane and field with a letter that goes there.", "app.jump", 89
    ),
    Command("redraw", "ctrl+l", "redraw", _SCREENS, "Redraw the screen.", "app.redraw"),
    Command(
        "suspend", "ctrl+z", "suspend", _SCREENS, "Suspend until fg; in a text field, undo.", "app.suspend_or_undo"
    ),
    Command("quit", "f10,ctrl+q", "quit", _SCREENS, "Quit. Asks only while songs are being made.", "app.leave"),
    # -- everywhere on the main screen
    Command("make", "ctrl+j,f5", "generate", _ANY, "Generate the songs described by the prompt.", "screen.make", 1),
    Command("help", "f1", "help", _ANY, "Show what you can do in this pane.", "app.open_help", 90),
    Command("palette", "ctrl+p,f9", "palette", _ANY, "Find any command by its name.", "app.open_palette", 91),
    Command("settings", "f2", "settings", _ANY, "Show and change the settings.", "app.open_settings"),
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
    Command("quit.key", "q", "quit", _LISTS, "Quit. Asks only while songs are being made.", "app.leave"),
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
    # -- a job, or all marked ones
    Command("job.play", "p", "play", _JOB, "Play, pause or resume the song.", "screen.play", 1, _DONE),
    Command(
        "job.sheet",
        "l",
        "lead sheet",
        _JOB,
        "Show its lead sheet full screen.",
        "screen.open_sheet",
        2,
        _DONE,
    ),
    Command("job.again", "r", "again", _JOB, "Generate it again, unchanged.", "screen.again", 4, _DONE | _ENDED_BADLY),
    Command("job.with", "W", "generate with…", _JOB, "Generate it with another service.", "screen.make_with"),
    Command(
        "job.edit", "e", "edit", _JOB, "Edit it: changes a waiting job, replaces a refused one.", "screen.edit_job", 3
    ),
    Command("job.seed", "o", "new seed", _JOB, "Generate it again with a new seed.", "screen.other_seed", 10, _DONE),
    Command(
        "job.rework",
        "E",
        "edit song",
        _JOB,
        "Replace a section, mute a stem, resize, remix: what the service can do.",
        "screen.rework",
        5,
        _DONE,
    ),
    Command(
        "job.lock",
        "L",
        "lock",
        _JOB,
        "Lock its tempo, key, seed, form, band or lyrics, then edit the prompt.",
        "screen.lock_song",
        6,
        _DONE,
    ),
    Command(
        "job.retry",
        "t",
        "retry",
        _JOB,
        "Retry a failed, refused or cancelled job.",
        "screen.retry",
        2,
        frozenset({Status.FAILED, Status.CANCELLED}),
    ),
    Command(
        "job.copy",
        "y",
        "copy",
        _JOB,
        "Copy prompt, link, file, curl command, or a command to play it elsewhere.",
        "screen.copy_from_job",
        9,
    ),
    Command(
        "job.keep", "plus,equals_sign", "keep", _JOB, "Keep this take; again undoes that.", "screen.keep_take", 7, _DONE
    ),
    Command(
        "job.reject", "minus", "reject", _JOB, "Reject this take; again undoes that.", "screen.reject_take", 8, _DONE
    ),
    Command(
        "job.cancel",
        "c",
        "cancel",
        _JOB,
        "Cancel it. A song in progress may still be made.",
        "screen.cancel_jobs",
        3,
        _OPEN,
    ),
    Command("job.hold", "h", "hold", _JOB, "Keep it from being sent.", "screen.hold", 4, _QUEUED),
    Command("job.release", "u", "release", _JOB, "Release a held job.", "screen.release", 1, frozenset({Status.HELD})),
    Command("job.up", "K,shift+up", "sooner", _JOB, "Move it up in the queue.", "screen.move_up", 6, _QUEUED),
    Command("job.down", "J,shift+down", "later", _JOB, "Move it down in the queue.", "screen.move_down", 7, _QUEUED),
    Command("job.top", "T", "next", _JOB, "Send it next.", "screen.move_to_top", 5, _QUEUED),
    Command(
        "job.settle",
        "S",
        "settle",
        _JOB,
        "Decide whether a maybe sent job was sent.",
        "screen.settle",
        1,
        frozenset({Status.MAYBE_SENT}),
    ),
    Command(
        "job.delete",
        "x,delete",
        "delete",
        _JOB,
        "Remove it from the list. Files stay. Asks first.",
        "screen.delete_jobs",
        5,
        _ENDED_BADLY,
    ),
    Command(
        "job.undo",
        "z",
        "undo",
        _JOB,
        "Undo the last command on jobs; again undoes the one before.",
        "app.undo",
    ),
    Command("job.detail", "d", "detail", _JOB, "Show timeline, plan and raw record.", "screen.open_detail", 11),
    Command("job.compare", "v", "compare", _JOB, "Compare two takes.", "screen.compare", 5, _DONE),
    Command("job.midi", "m", "midi", _JOB, "Save its MIDI file next to it.", "screen.save_midi"),
    Command("job.save", "w", "save as", _JOB, "Save the song, its WAV, stems or MIDI.", "screen.save_as", 6, _DONE),
    Command("job.folder", "f", "folder", _JOB, "Open its folder, or show its path.", "screen.open_folder"),
    Command("job.back", "left,left_square_bracket", "5 s back", _JOB, "Seek back 5 s.", "screen.seek_back"),
    Command(
        "job.forward", "right,right_square_bracket", "5 s forward", _JOB, "Seek forward 5 s.", "screen.seek_forward"
    ),
    Command(
        "job.section_back",
        "left_curly_bracket",
        "previous section",
        _JOB,
        "Play the previous section.",
        "screen.section_back",
    ),
    Command(
        "job.section_forward",
        "right_curly_bracket",
        "next section",
        _JOB,
        "Play the next section.",
        "screen.section_forward",
    ),
    Command("job.stop", "full_stop", "stop", _JOB, "Stop playing.", "screen.stop_playing"),
    Command("job.next", "greater_than_sign", "next song", _JOB, "Play the next song of the list.", "screen.next_song"),
    Command("job.previous", "less_than_sign", "previous song", _JOB, "Play the previous song.", "screen.previous_song"),
    Command("job.louder", "0", "louder", _JOB, "Raise the volume.", "screen.louder"),
    Command("job.softer", "9", "softer", _JOB, "Lower the volume.", "screen.softer"),
    Command(
        "job.play_on",
        "C",
        "autoplay",
        _JOB,
        "Play one song after another: the marked ones, or the list.",
        "screen.play_on",
    ),
    Command("job.score", "B", "score", _JOB, "Show or hide the song's chords and notes.", "screen.toggle_score"),
    Command(
        "job.review",
        "V",
        "review",
        _JOB,
        "Play each new take of the batch: keep or reject it, and the next one plays.",
        "screen.review",
    ),
    # -- the list
    Command("jobs.open", "enter", "open", _JOBS, "Show the song.", "screen.open_song", 2),
    Command("jobs.filter", "slash", "filter", _JOBS, "Filter jobs by words and fields.", "screen.open_filter", 12),
    Command("jobs.mark", "space", "mark", _JOBS, "Mark it; commands then act on all marked jobs.", "screen.mark", 13),
    Command("jobs.sort", "s", "sort", _JOBS, "Choose the sort order.", "screen.sort", 14),
    Command("jobs.all", "A", "mark all", _JOBS, "Mark all shown jobs, or none.", "screen.mark_all"),
    Command("jobs.invert", "asterisk", "invert", _JOBS, "Invert the marks.", "screen.invert_marks"),
    Command("jobs.grid", "M", "grid", _JOBS, "Show its batch as a grid of alternatives.", "screen.open_grid"),
    Command("jobs.follow", "F", "follow", _JOBS, "Select each song when it is finished.", "screen.follow"),
    Command("jobs.clear", "escape", "clear", _JOBS, "Clear marks, then the filter.", "screen.clear_marks"),
    # -- the filter field
    Command("filter.keep", "enter", "keep", _FILTER, "Keep the filter and go to the list.", "screen.keep_filter", 1),
    Command(
        "filter.clear", "escape", "clear", _FILTER, "Clear the filter and go to the list.", "screen.clear_filter", 1
    ),
    # -- the song
    Command("song.leave", "escape,enter", "jobs", _SONG, "Back to the jobs.", "screen.leave_song", 2),
    *SCREEN_COMMANDS,
)
"""In the order shown in help and palette."""
IN_PALETTE_ALWAYS = (_SCREENS, _ANY, _PROMPT, _OPTIONS, _JOB, _JOBS)
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
