"""The commands on jobs and songs of the main screen's list; `commands.py` adds them to its table."""

from __future__ import annotations

from riffusion_tui.jobs.status import ENDED, UNDER_WAY, UNSENT, Status
from riffusion_tui.tui.bindings.command import Command, CommandScope

_JOB, _JOBS, _FILTER, _SONG = CommandScope.JOB, CommandScope.JOBS, CommandScope.FILTER, CommandScope.SONG
_DONE = frozenset({Status.DONE})
_OPEN = UNSENT | UNDER_WAY
_ENDED_BADLY = ENDED - _DONE
_QUEUED = frozenset({Status.QUEUED})

LIST_COMMANDS: tuple[Command, ...] = (
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
    Command(
        "job.again",
        "r",
        "again",
        _JOB,
        "Generate it again: the same song if it has a seed, otherwise another one.",
        "screen.again",
        4,
        _DONE | _ENDED_BADLY,
    ),
    Command("job.with", "W", "generate with…", _JOB, "Generate it with another service.", "screen.make_with"),
    Command(
        "job.edit",
        "e",
        "edit",
        _JOB,
        "Edit its prompt: changes a waiting job, replaces a failed one, keeps a song.",
        "screen.edit_job",
        3,
    ),
    Command(
        "job.seed",
        "o",
        "new seed",
        _JOB,
        "Generate another song from its prompt, with a new seed.",
        "screen.other_seed",
        10,
        _DONE,
    ),
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
    Command(
        "job.midi", "m", "midi", _JOB, "Save its MIDI file next to it.", "screen.save_midi", also="export download"
    ),
    Command(
        "job.save",
        "w",
        "save as",
        _JOB,
        "Save the song, its WAV, stems or MIDI.",
        "screen.save_as",
        6,
        _DONE,
        also="export download",
    ),
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
)
