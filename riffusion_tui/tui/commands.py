"""THE table of commands: what can be done, by which keys, where. It feeds bindings, footer, help and palette.

A handler is named `module:function` below `riffusion_tui.tui.actions` and imported when it is first run, so that the
first screen does not pay for what nobody has pressed yet. Every id can be rebound under `[keys]` in the settings.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.messages import translated


class CommandScope(StrEnum):
    """Where a command applies: the pane that has the focus, or a screen."""

    SCREENS = "screens"
    """On every screen, while typing too."""
    ANY = "any"
    """Everywhere on the main screen, while typing too."""
    LISTS = "lists"
    """Wherever no text is being typed."""
    PROMPT = "prompt"
    OPTIONS = "options"
    JOB = "job"
    """The job list and the song pane: the selected job, or all that are marked."""
    JOBS = "jobs"
    FILTER = "filter"
    """The line in which the filter is typed; it has no commands of its own."""
    SONG = "song"
    ACCOUNTS = "accounts"
    COMPARE = "compare"
    DETAIL = "detail"
    SETTINGS = "settings"


class Command(NamedTuple):
    """One thing a person can do."""

    id: str
    keys: str
    """Textual's names of keys, parted by commas, the one to show first."""
    english: str
    """Label for footer and palette, a word or two."""
    where: CommandScope
    explained: str
    """A sentence for help and palette."""
    handler: str
    """`module:function` below `riffusion_tui.tui.actions`; it takes the app."""
    footer: int = 0
    """Place in the footer, 1 first; 0 keeps it out of it."""
    when: frozenset[Status] = frozenset()
    """Where it is of use to some jobs only, their statuses: the footer keeps it for these."""
    needs: str = ""
    """What the service must be able to do: the name of one of its capabilities; empty: nothing."""

    @property
    def label(self) -> str:
        """The label in the person's language."""
        return translated(f"commands.{self.id}.label", self.english)

    @property
    def help(self) -> str:
        """The sentence in the person's language."""
        return translated(f"commands.{self.id}.help", self.explained)


_A, _L, _P, _O, _J, _B, _S = (
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
_C, _M, _D, _T = CommandScope.ACCOUNTS, CommandScope.COMPARE, CommandScope.DETAIL, CommandScope.SETTINGS

COMMANDS: tuple[Command, ...] = (
    # -- on every screen
    Command(
        "jump",
        "ctrl+g",
        "jump",
        CommandScope.SCREENS,
        "Show a letter on every pane and field; that letter goes there.",
        "screens:jump",
        89,
    ),
    Command("redraw", "ctrl+l", "redraw", CommandScope.SCREENS, "Paint the whole screen again.", "screens:redraw"),
    # -- everywhere on the main screen
    Command("make", "ctrl+j,f5", "make", _A, "Make what the prompt pane says: queue its songs.", "compose:make", 1),
    Command("help", "f1", "help", _A, "Say what can be done in this pane.", "screens:help_", 90),
    Command("palette", "ctrl+p,f9", "palette", _A, "Find any command by its name.", "screens:palette", 91),
    Command("settings", "f2", "settings", _A, "Look at the settings and change them.", "screens:settings"),
    Command(
        "compare", "f3", "compare", _A, "Two takes side by side: the marked ones, or two of a prompt.", "song:compare"
    ),
    Command(
        "accounts", "f4", "accounts", _A, "Accounts: slots, credits, errors, how to mend one.", "screens:accounts", 0
    ),
    Command("token", "f11", "token", _A, "Replace the API token.", "screens:token"),
    Command("now", "f8", "try now", _A, "End the wait that the status bar counts down, and try at once.", "jobs:now"),
    Command("person", "f12", "needs you", _A, "Go to the next job that needs you.", "jobs:person"),
    Command("pause", "", "pause queue", _A, "Send nothing more, or go on sending.", "jobs:pause"),
    Command("theme", "", "theme", _A, "Choose other colours.", "screens:theme"),
    Command("quit", "f10,ctrl+q", "quit", _A, "Leave. Asks only while songs are under way.", "screens:leave"),
    # -- wherever no text is typed
    Command("help.key", "question_mark", "help", _L, "Say what can be done in this pane.", "screens:help_", 90),
    Command("quit.key", "q", "quit", _L, "Leave. Asks only while songs are under way.", "screens:leave"),
    Command("write", "i", "write", _L, "Go to the prompt.", "compose:write", 15),
    Command(
        "now.key", "n", "try now", _L, "End the wait that the status bar counts down, and try at once.", "jobs:now"
    ),
    Command("person.key", "exclamation_mark,N", "needs you", _L, "Go to the next job that needs you.", "jobs:person"),
    Command("pause.key", "P", "pause queue", _L, "Send nothing more, or go on sending.", "jobs:pause"),
    # -- the prompt
    Command("prompt.editor", "ctrl+o,f6", "editor", _P, "Write in $EDITOR.", "compose:editor", 2),
    Command(
        "prompt.options", "ctrl+t", "options", _P, "Vocals, model, account, takes and the rest.", "compose:options", 3
    ),
    Command(
        "prompt.new", "ctrl+n", "new", _P, "Begin a new prompt; this one is kept in the history.", "compose:new", 4
    ),
    Command("prompt.history", "ctrl+r", "history", _P, "Find an earlier prompt.", "compose:history", 5),
    Command("prompt.library", "f7", "library", _P, "Named prompts and presets.", "compose:library", 6),
    Command("prompt.keep", "", "keep prompt", _P, "Give this prompt a name in the library.", "compose:keep"),
    Command("prompt.preset", "", "keep preset", _P, "Give these options a name in the library.", "compose:preset"),
    Command("prompt.lyrics", "", "write lyrics", _P, "Have the service write lyrics on the prompt.", "lyrics:write"),
    Command("prompt.leave", "escape", "jobs", _P, "Go to the jobs.", "compose:to_jobs", 7),
    # -- the options line
    Command("options.vocals", "v", "vocals", _O, "Sung, or instrumental.", "compose:vocals", 21),
    Command("options.takes", "t", "takes", _O, "How many songs of each prompt.", "compose:takes", 22),
    Command("options.account", "a", "account", _O, "Which account makes it, or any.", "compose:account", 23),
    Command("options.model", "m", "model", _O, "Which model.", "compose:model", 24),
    Command(
        "options.jobs", "j", "slots", _O, "maxJobs: how many songs the account may make at once.", "compose:max_jobs", 9
    ),
    Command("options.title", "l", "title", _O, "Title of the song.", "compose:title", 5, needs="title"),
    Command(
        "options.lyrics",
        "y",
        "lyrics",
        _O,
        "Lyrics of your own: read, write, take away.",
        "lyrics:own",
        2,
        needs="given_lyrics",
    ),
    Command(
        "options.write", "w", "write lyrics", _O, "Have the service write lyrics on the prompt.", "lyrics:write", 6
    ),
    Command("options.seed", "s", "seed", _O, "Seed, to make the same song again.", "compose:seed", 3, needs="seed"),
    Command("options.length", "g", "length", _O, "Length in seconds.", "compose:length", 4, needs="length"),
    Command("options.url", "u", "replyUrl", _O, "Address to call back when the song is there.", "compose:reply_url"),
    Command("options.ref", "r", "replyRef", _O, "Your own reference, kept with the song.", "compose:reply_ref"),
    Command(
        "options.clear",
        "x",
        "as usual",
        _O,
        "Set all options back to what the settings say; once more brings back what they were.",
        "compose:clear_options",
        8,
    ),
    Command("options.leave", "escape,enter", "prompt", _O, "Back to the prompt.", "compose:write", 7),
    # -- a job, or all marked ones
    Command("job.play", "p", "play", _J, "Play the song, or stop it for a moment.", "song:play", 1, _DONE),
    Command("job.again", "r", "again", _J, "Make it again, as it is.", "jobs:again", 4, _DONE | _ENDED_BADLY),
    Command(
        "job.edit",
        "e",
        "edit",
        _J,
        "Take it into the editor: what still waits is changed, what was refused replaced.",
        "jobs:edit",
        3,
    ),
    Command("job.seed", "o", "other seed", _J, "Make it again with another seed.", "jobs:other_seed", 10, _DONE),
    Command(
        "job.rework",
        "E",
        "rework",
        _J,
        "Extend, cover, remix it, part it into stems: what the service can do.",
        "edits:rework",
        5,
        _DONE,
    ),
    Command(
        "job.retry",
        "t",
        "retry",
        _J,
        "Let a failed, refused or cancelled job itself go on.",
        "jobs:retry",
        2,
        frozenset({Status.FAILED, Status.CANCELLED}),
    ),
    Command(
        "job.copy",
        "y",
        "copy",
        _J,
        "Copy prompt, link, file, curl command, or the line to play it elsewhere.",
        "song:copy",
        9,
    ),
    Command("job.keep", "plus,equals_sign", "keep", _J, "Say that this take is a keeper.", "song:keep", 7, _DONE),
    Command("job.reject", "minus", "reject", _J, "Say that this take is not.", "song:reject", 8, _DONE),
    Command(
        "job.cancel",
        "c",
        "cancel",
        _J,
        "Cancel it. A song that is being made may still be made.",
        "jobs:cancel",
        3,
        _OPEN,
    ),
    Command("job.hold", "h", "hold", _J, "Keep it from being sent.", "jobs:hold", 4, _QUEUED),
    Command("job.release", "u", "release", _J, "Let it go on.", "jobs:release", 1, frozenset({Status.HELD})),
    Command("job.up", "K,shift+up", "sooner", _J, "Move it up in the queue.", "jobs:up", 6, _QUEUED),
    Command("job.down", "J,shift+down", "later", _J, "Move it down in the queue.", "jobs:down", 7, _QUEUED),
    Command("job.top", "T", "next", _J, "Make it the next to be sent.", "jobs:top", 5, _QUEUED),
    Command(
        "job.settle",
        "S",
        "settle",
        _J,
        "Decide a job that was maybe sent.",
        "jobs:settle",
        1,
        frozenset({Status.MAYBE_SENT}),
    ),
    Command(
        "job.delete",
        "x,delete",
        "delete",
        _J,
        "Take it out of the list. Files stay. Asks first.",
        "jobs:delete",
        5,
        _ENDED_BADLY,
    ),
    Command("job.undo", "z", "undo", _J, "Bring back what was deleted last.", "jobs:undo"),
    Command(
        "job.detail", "d", "detail", _J, "All there is to know of it: timeline, plan, raw answer.", "song:detail", 11
    ),
    Command("job.compare", "v", "compare", _J, "Two takes side by side.", "song:compare", 5, _DONE),
    Command("job.midi", "m", "midi", _J, "Save its MIDI file.", "song:midi"),
    Command("job.save", "w", "save as", _J, "Save the song, its WAV, stems or MIDI.", "song:save", 6, _DONE),
    Command("job.folder", "f", "folder", _J, "Open its folder, or say where it is.", "song:folder"),
    Command("job.back", "left,left_square_bracket", "5 s back", _J, "Go back in the song that plays.", "song:back"),
    Command(
        "job.forward", "right,right_square_bracket", "5 s on", _J, "Go forward in the song that plays.", "song:forward"
    ),
    Command("job.stop", "full_stop", "stop", _J, "Stop the song that plays.", "song:stop"),
    # -- the list
    Command("jobs.open", "enter", "open", _B, "Show the song.", "song:open_", 2),
    Command("jobs.filter", "slash", "filter", _B, "Show only jobs with these words or fields.", "jobs:filter_", 12),
    Command("jobs.mark", "space", "mark", _B, "Mark it; commands then act on all marked jobs.", "jobs:mark", 13),
    Command("jobs.sort", "s", "sort", _B, "Choose the order.", "jobs:sort", 14),
    Command("jobs.all", "A", "mark all", _B, "Mark all that the filter shows, or none.", "jobs:mark_all"),
    Command("jobs.invert", "asterisk", "invert", _B, "Mark what is not, unmark what is.", "jobs:invert"),
    Command("jobs.follow", "F", "follow", _B, "Let the selection go to each song as it is done.", "jobs:follow"),
    Command("jobs.clear", "escape", "clear", _B, "Drop marks, then the filter. The focus stays.", "jobs:clear"),
    # -- the song
    Command("song.leave", "escape,enter", "jobs", _S, "Back to the jobs.", "song:leave", 2),
    # -- accounts
    Command("accounts.mend", "enter,e", "mend", _C, "Give this account a new cookie or token.", "accounts:mend", 1),
    Command("accounts.add", "a", "add", _C, "Add an account.", "accounts:add", 2),
    Command("accounts.more", "plus,equals_sign", "more slots", _C, "Let it make one more at once.", "accounts:more", 3),
    Command("accounts.fewer", "minus", "fewer slots", _C, "Let it make one fewer at once.", "accounts:fewer", 4),
    Command("accounts.read", "r", "ask anew", _C, "Ask the service how its accounts are.", "accounts:read", 5),
    Command(
        "accounts.remove", "x,delete", "remove", _C, "Take it out of the service. Asks first.", "accounts:remove", 6
    ),
    Command("accounts.help", "question_mark,f1", "help", _C, "Say what can be done here.", "screens:help_", 90),
    Command("accounts.leave", "escape,q,f4", "back", _C, "Back to the songs.", "screens:close", 91),
    # -- one job in detail
    Command("detail.curl", "c", "curl", _D, "Copy the request as a curl command.", "detail:curl", 1),
    Command("detail.raw", "y", "copy answer", _D, "Copy the service's own record.", "detail:copy_raw", 2),
    Command("detail.pager", "v", "pager", _D, "Read all of it in $PAGER.", "detail:pager", 3),
    Command("detail.before", "left,p", "take before", _D, "The take before this one.", "detail:before", 4),
    Command("detail.after", "right,n", "take after", _D, "The take after this one.", "detail:after", 5),
    Command("detail.help", "question_mark,f1", "help", _D, "Say what can be done here.", "screens:help_", 90),
    Command("detail.leave", "escape,q,enter,d", "back", _D, "Back to the songs.", "screens:close", 91),
    # -- two takes side by side
    Command("compare.left", "left,h", "left", _M, "Choose the left take.", "compare:left"),
    Command("compare.right", "right,l", "right", _M, "Choose the right take.", "compare:right"),
    Command(
        "compare.swap",
        "tab",
        "other",
        _M,
        "Go over to the other take, and hear it from the same second.",
        "compare:swap",
        1,
    ),
    Command("compare.play", "p,space", "play", _M, "Play the chosen take, or stop it for a moment.", "compare:play", 2),
    Command(
        "compare.keep", "k,plus,equals_sign", "keep", _M, "Keep this take and reject the other.", "compare:keep", 3
    ),
    Command("compare.reject", "x,minus", "reject", _M, "Reject this take.", "compare:reject", 4),
    Command(
        "compare.blind",
        "b",
        "blind",
        _M,
        "Hide which take is which, and put them in a random order.",
        "compare:blind",
        5,
    ),
    Command("compare.next", "n", "next pair", _M, "The next two takes of this prompt.", "compare:next_", 6),
    Command("compare.help", "question_mark,f1", "help", _M, "Say what can be done here.", "screens:help_", 90),
    Command("compare.leave", "escape,q,f3,enter", "back", _M, "Back to the songs.", "screens:close", 91),
    # -- settings
    Command("settings.change", "enter,space", "change", _T, "Change this setting.", "settings:change", 1),
    Command("settings.reset", "x,delete", "as by default", _T, "Set it back.", "settings:reset", 2),
    Command("settings.editor", "e,f6", "editor", _T, "Edit the whole file in $EDITOR.", "settings:editor", 3),
    Command("settings.help", "question_mark,f1", "help", _T, "Say what can be done here.", "screens:help_", 90),
    Command("settings.leave", "escape,q,f2", "back", _T, "Back to the songs.", "screens:close", 91),
)
"""In the order in which help and palette show them."""


@cache
def by_id() -> dict[str, Command]:
    """Return the commands by their ids."""
    return {command.id: command for command in COMMANDS}


def of(*places: CommandScope) -> tuple[Command, ...]:
    """Return the commands that apply in any of `places`."""
    return tuple(command for command in COMMANDS if command.where in places)
