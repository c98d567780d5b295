"""THE table of commands: what can be done, by which keys, where. It feeds bindings, footer, help and palette.

Each command names its action as Textual does: `app.jump` is `action_jump` of the app, `screen.make` is `action_make` of
the screen on which the command applies (of the main screen: in `actions/`). Every id can be rebound under `[keys]` in
the settings.
"""

from __future__ import annotations

from functools import cache

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.command import Command as Command
from riffusion_tui.tui.command import CommandScope as CommandScope
from riffusion_tui.tui.screen_commands import SCREEN_COMMANDS

_Z, _A, _L, _P, _O, _J, _B, _S = (
    CommandScope.SCREENS,
    CommandScope.ANY,
    CommandScope.LISTS,
    CommandScope.PROMPT,
    CommandScope.OPTIONS,
    CommandScope.JOB,
    CommandScope.JOBS,
    CommandScope.SONG,
)
_DONE = frozenset({Status.DONE})
_OPEN = frozenset({Status.QUEUED, Status.HELD, Status.SENDING, Status.MAYBE_SENT, Status.MAKING, Status.FETCHING})
_ENDED_BADLY = frozenset({Status.REFUSED, Status.FAILED, Status.CANCELLED})
_QUEUED = frozenset({Status.QUEUED})

COMMANDS: tuple[Command, ...] = (
    # -- on every screen
    Command("jump", "ctrl+g", "jump", _Z, "Show a letter on every pane and field; it goes there.", "app.jump", 89),
    Command("redraw", "ctrl+l", "redraw", CommandScope.SCREENS, "Paint the whole screen again.", "app.redraw"),
    Command("suspend", "ctrl+z", "suspend", _Z, "Suspend until fg; in a text: undo.", "app.suspend_or_undo"),
    # -- everywhere on the main screen
    Command("make", "ctrl+j,f5", "make", _A, "Queue the songs that the prompt describes.", "screen.make", 1),
    Command("help", "f1", "help", _A, "Show what you can do in this pane.", "app.open_help", 90),
    Command("palette", "ctrl+p,f9", "palette", _A, "Find any command by its name.", "app.open_palette", 91),
    Command("settings", "f2", "settings", _A, "Look at the settings and change them.", "app.open_settings"),
    Command(
        "compare", "f3", "compare", _A, "Two takes side by side: the marked ones, or two of a prompt.", "screen.compare"
    ),
    Command(
        "accounts", "f4", "accounts", _A, "Accounts: slots, credits, errors, how to repair one.", "app.open_accounts", 0
    ),
    Command("token", "f11", "token", _A, "Replace the API token.", "app.replace_token"),
    Command(
        "now", "f8", "try now", _A, "End the wait that the status bar counts down, and try at once.", "screen.try_now"
    ),
    Command("person", "f12", "needs you", _A, "Go to the next job that needs you.", "screen.next_for_person"),
    Command("dashboard", "", "dashboard", _A, "Songs, minutes, accounts and 429s by day.", "screen.open_dashboard"),
    Command("pause", "", "pause queue", _A, "Pause or resume sending.", "screen.pause_queue"),
    Command("service", "", "service", _A, "Make songs with another service.", "screen.choose_service"),
    Command("theme", "", "theme", _A, "Choose other colours.", "app.choose_theme"),
    Command("quit", "f10,ctrl+q", "quit", _A, "Leave. Asks only while songs are under way.", "app.leave"),
    # -- wherever no text is typed
    Command("help.key", "question_mark", "help", _L, "Show what you can do in this pane.", "app.open_help", 90),
    Command("quit.key", "q", "quit", _L, "Leave. Asks only while songs are under way.", "app.leave"),
    Command("write", "i", "write", _L, "Go to the prompt.", "screen.write", 15),
    Command(
        "now.key",
        "n",
        "try now",
        _L,
        "End the wait that the status bar counts down, and try at once.",
        "screen.try_now",
    ),
    Command(
        "person.key",
        "exclamation_mark,N",
        "needs you",
        _L,
        "Go to the next job that needs you.",
        "screen.next_for_person",
    ),
    Command("dashboard.key", "D", "dashboard", _L, "Songs, minutes, accounts by day.", "screen.open_dashboard"),
    Command("pause.key", "P", "pause queue", _L, "Pause or resume sending.", "screen.pause_queue"),
    # -- the prompt
    Command("prompt.editor", "ctrl+o,f6", "editor", _P, "Write in $EDITOR.", "screen.edit_prompt", 2),
    Command(
        "prompt.options", "ctrl+t", "options", _P, "Vocals, model, account, takes and the rest.", "screen.options", 3
    ),
    Command("prompt.new", "ctrl+n", "new", _P, "Start a new prompt with default options.", "screen.new_prompt", 4),
    Command("prompt.history", "ctrl+r", "history", _P, "Find an earlier prompt.", "screen.history", 5),
    Command("prompt.library", "f7", "library", _P, "Named prompts and presets.", "screen.library", 6),
    Command("prompt.keep", "", "keep prompt", _P, "Save this prompt in the library.", "screen.keep_prompt"),
    Command("prompt.preset", "", "keep preset", _P, "Save these options in the library.", "screen.keep_preset"),
    Command(
        "prompt.lyrics", "", "write lyrics", _P, "Have the service write lyrics for the prompt.", "screen.write_lyrics"
    ),
    Command("prompt.leave", "escape", "jobs", _P, "Go to the jobs.", "screen.focus_jobs", 7),
    # -- the options line
    Command("options.vocals", "v", "vocals", _O, "Sung, or instrumental.", "screen.vocals", 21),
    Command("options.takes", "t", "takes", _O, "How many songs of each prompt.", "screen.takes", 22),
    Command("options.account", "a", "account", _O, "Which account makes it, or any.", "screen.account", 23),
    Command("options.model", "m", "model", _O, "Which model.", "screen.model", 24),
    Command(
        "options.jobs", "j", "slots", _O, "maxJobs: how many songs the account may make at once.", "screen.max_jobs", 9
    ),
    Command("options.title", "l", "title", _O, "Title of the song.", "screen.title", 5, needs="title"),
    Command(
        "options.lyrics",
        "y",
        "lyrics",
        _O,
        "Lyrics of your own: read, write, remove.",
        "screen.own_lyrics",
        2,
        needs="given_lyrics",
    ),
    Command(
        "options.write",
        "w",
        "write lyrics",
        _O,
        "Have the service write lyrics for the prompt.",
        "screen.write_lyrics",
        6,
    ),
    Command("options.seed", "s", "seed", _O, "Seed, to make the same song again.", "screen.seed", 3, needs="seed"),
    Command("options.length", "g", "length", _O, "Length in seconds.", "screen.length", 4, needs="length"),
    Command("options.fields", "f", "more", _O, "Options of this service alone.", "screen.fields", 7, needs="fields"),
    Command("options.url", "u", "replyUrl", _O, "Address to call back when the song is there.", "screen.reply_url"),
    Command("options.ref", "r", "replyRef", _O, "Your own reference, kept with the song.", "screen.reply_ref"),
    Command(
        "options.clear",
        "x",
        "defaults",
        _O,
        "Reset all options to the defaults of the settings; again brings back what they were.",
        "screen.clear_options",
        8,
    ),
    Command("options.leave", "escape,enter", "prompt", _O, "Back to the prompt.", "screen.write", 7),
    # -- a job, or all marked ones
    Command("job.play", "p", "play", _J, "Play, pause or resume the song.", "screen.play", 1, _DONE),
    Command("job.again", "r", "again", _J, "Make it again, as it is.", "screen.again", 4, _DONE | _ENDED_BADLY),
    Command("job.with", "W", "make with…", _J, "Make the same song with another service.", "screen.make_with"),
    Command(
        "job.edit", "e", "edit", _J, "Edit it: a waiting job is changed, a refused one replaced.", "screen.edit_job", 3
    ),
    Command("job.seed", "o", "other seed", _J, "Make it again with another seed.", "screen.other_seed", 10, _DONE),
    Command(
        "job.rework",
        "E",
        "rework",
        _J,
        "Make a section again, mute a stem, extend, remix: what the service can do.",
        "screen.rework",
        5,
        _DONE,
    ),
    Command(
        "job.lock",
        "L",
        "lock",
        _J,
        "Lock its tempo, key, seed, form, band or lyrics, then edit the prompt.",
        "screen.lock_song",
        6,
        _DONE,
    ),
    Command(
        "job.retry",
        "t",
        "retry",
        _J,
        "Retry a failed, refused or cancelled job.",
        "screen.retry",
        2,
        frozenset({Status.FAILED, Status.CANCELLED}),
    ),
    Command(
        "job.copy",
        "y",
        "copy",
        _J,
        "Copy prompt, link, file, curl command, or the line to play it elsewhere.",
        "screen.copy_from_job",
        9,
    ),
    Command("job.keep", "plus,equals_sign", "keep", _J, "Mark this take as a keeper.", "screen.keep_take", 7, _DONE),
    Command("job.reject", "minus", "reject", _J, "Mark this take as rejected.", "screen.reject_take", 8, _DONE),
    Command(
        "job.cancel",
        "c",
        "cancel",
        _J,
        "Cancel it. A song that is being made may still be made.",
        "screen.cancel_jobs",
        3,
        _OPEN,
    ),
    Command("job.hold", "h", "hold", _J, "Keep it from being sent.", "screen.hold", 4, _QUEUED),
    Command("job.release", "u", "release", _J, "Release it.", "screen.release", 1, frozenset({Status.HELD})),
    Command("job.up", "K,shift+up", "sooner", _J, "Move it up in the queue.", "screen.move_up", 6, _QUEUED),
    Command("job.down", "J,shift+down", "later", _J, "Move it down in the queue.", "screen.move_down", 7, _QUEUED),
    Command("job.top", "T", "next", _J, "Make it the next to be sent.", "screen.move_to_top", 5, _QUEUED),
    Command(
        "job.settle",
        "S",
        "settle",
        _J,
        "Decide a job that was maybe sent.",
        "screen.settle",
        1,
        frozenset({Status.MAYBE_SENT}),
    ),
    Command(
        "job.delete",
        "x,delete",
        "delete",
        _J,
        "Remove it from the list. Files stay. Asks first.",
        "screen.delete_jobs",
        5,
        _ENDED_BADLY,
    ),
    Command(
        "job.undo",
        "z",
        "undo",
        _J,
        "Undo the last command on jobs: made, cancelled, held, judged, deleted. Again: the one before.",
        "screen.undo",
    ),
    Command(
        "job.detail", "d", "detail", _J, "Everything about it: timeline, plan, raw answer.", "screen.open_detail", 11
    ),
    Command("job.compare", "v", "compare", _J, "Two takes side by side.", "screen.compare", 5, _DONE),
    Command("job.midi", "m", "midi", _J, "Save its MIDI file.", "screen.save_midi"),
    Command("job.save", "w", "save as", _J, "Save the song, its WAV, stems or MIDI.", "screen.save_as", 6, _DONE),
    Command("job.folder", "f", "folder", _J, "Open its folder, or show its path.", "screen.open_folder"),
    Command("job.back", "left,left_square_bracket", "5 s back", _J, "Go back in what plays.", "screen.seek_back"),
    Command(
        "job.forward", "right,right_square_bracket", "5 s on", _J, "Skip 5 s of what plays.", "screen.seek_forward"
    ),
    Command(
        "job.section_back", "left_curly_bracket", "section back", _J, "Play the section before.", "screen.section_back"
    ),
    Command(
        "job.section_forward", "right_curly_bracket", "section on", _J, "Skip to the next.", "screen.section_forward"
    ),
    Command("job.stop", "full_stop", "stop", _J, "Stop the song that plays.", "screen.stop_playing"),
    Command("job.next", "greater_than_sign", "next song", _J, "Play the next song of the list.", "screen.next_song"),
    Command("job.previous", "less_than_sign", "song before", _J, "Play the song before.", "screen.previous_song"),
    Command("job.louder", "0", "louder", _J, "Raise the volume.", "screen.louder"),
    Command("job.softer", "9", "softer", _J, "Lower the volume.", "screen.softer"),
    Command(
        "job.play_on",
        "C",
        "play on",
        _J,
        "Play one song after the other: the marked ones, or the list.",
        "screen.play_on",
    ),
    Command(
        "job.score", "B", "score", _J, "Show the chords and notes of the song, or hide them.", "screen.toggle_score"
    ),
    Command(
        "job.review",
        "V",
        "review",
        _J,
        "Play each new take of the batch: keep or reject it, and the next one plays.",
        "screen.review",
    ),
    # -- the list
    Command("jobs.open", "enter", "open", _B, "Show the song.", "screen.open_song", 2),
    Command(
        "jobs.filter", "slash", "filter", _B, "Show only jobs with these words or fields.", "screen.open_filter", 12
    ),
    Command("jobs.mark", "space", "mark", _B, "Mark it; commands then act on all marked jobs.", "screen.mark", 13),
    Command("jobs.sort", "s", "sort", _B, "Choose the order.", "screen.sort", 14),
    Command("jobs.all", "A", "mark all", _B, "Mark all that the filter shows, or none.", "screen.mark_all"),
    Command("jobs.invert", "asterisk", "invert", _B, "Invert the marks.", "screen.invert_marks"),
    Command("jobs.grid", "M", "grid", _B, "Show its batch as a table of what differs.", "screen.open_grid"),
    Command("jobs.follow", "F", "follow", _B, "Select each song when it is done.", "screen.follow"),
    Command(
        "jobs.clear", "escape", "clear", _B, "Clear marks, then the filter. The focus stays.", "screen.clear_marks"
    ),
    # -- the song
    Command("song.leave", "escape,enter", "jobs", _S, "Back to the jobs.", "screen.leave_song", 2),
    *SCREEN_COMMANDS,
)
"""In the order in which help and palette show them."""


@cache
def by_id() -> dict[str, Command]:
    """Return the commands by their ids."""
    return {command.id: command for command in COMMANDS}


@cache
def by_action() -> dict[str, Command]:
    """Return the commands by their actions; of several with the same one, the first."""
    return {command.action: command for command in reversed(COMMANDS)}


def of(*places: CommandScope) -> tuple[Command, ...]:
    """Return the commands that apply in any of `places`."""
    return tuple(command for command in COMMANDS if command.where in places)
