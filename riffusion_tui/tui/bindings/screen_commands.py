"""The commands of the other screens; `commands.py` adds them to its table."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.tui.bindings.command import Command, CommandScope

_ACCOUNTS, _COMPARE, _DETAIL, _SETTINGS = (
    CommandScope.ACCOUNTS,
    CommandScope.COMPARE,
    CommandScope.DETAIL,
    CommandScope.SETTINGS,
)
_DASHBOARD, _GRID, _SHEET = CommandScope.DASHBOARD, CommandScope.GRID, CommandScope.SHEET


def _transport(scope: CommandScope) -> Iterator[Command]:
    """Yield the commands on what plays, for a screen whose arrow keys have other meanings."""
    for name, key, label, explained, action in (
        ("back", "left_square_bracket", "5 s back", "Seek back 5 s.", "seek_back"),
        ("forward", "right_square_bracket", "5 s forward", "Seek forward 5 s.", "seek_forward"),
        ("section_back", "left_curly_bracket", "previous section", "Play the previous section.", "section_back"),
        ("section_forward", "right_curly_bracket", "next section", "Play the next section.", "section_forward"),
        ("stop", "full_stop", "stop", "Stop playing.", "stop_playing"),
        ("louder", "0", "louder", "Raise the volume.", "louder"),
        ("softer", "9", "softer", "Lower the volume.", "softer"),
    ):
        yield Command(f"{scope}.{name}", key, label, scope, explained, f"screen.{action}")


SCREEN_COMMANDS: tuple[Command, ...] = (
    # -- accounts
    Command(
        "accounts.repair",
        "enter,e",
        "repair",
        _ACCOUNTS,
        "Give this account a new cookie or token.",
        "screen.repair",
        1,
    ),
    Command("accounts.add", "a", "add", _ACCOUNTS, "Add an account.", "screen.add", 2),
    Command("accounts.more", "right", "more slots", _ACCOUNTS, "Add a slot.", "screen.more_slots", 3),
    Command("accounts.fewer", "left", "fewer slots", _ACCOUNTS, "Remove a slot.", "screen.fewer_slots", 4),
    Command("accounts.read", "n,f8", "refresh", _ACCOUNTS, "Reload the accounts from the service.", "screen.reload", 5),
    Command(
        "accounts.remove",
        "x,delete",
        "remove",
        _ACCOUNTS,
        "Remove it from the service. Asks first.",
        "screen.remove",
        6,
    ),
    Command("accounts.rename", "R", "rename", _ACCOUNTS, "Rename this account.", "screen.rename", 7),
    Command("accounts.token", "f11", "token", _ACCOUNTS, "Replace the API token.", "app.replace_token", 8),
    Command("accounts.help", "question_mark,f1", "help", _ACCOUNTS, "Show what you can do here.", "app.open_help", 90),
    Command("accounts.leave", "escape,q,f4", "back", _ACCOUNTS, "Back to the songs.", "screen.back", 91),
    # -- one job in detail
    Command("detail.play", "p", "play", _DETAIL, "Play, pause or resume the song.", "screen.play", 1),
    Command("detail.curl", "Y", "curl", _DETAIL, "Copy the request as a curl command.", "screen.copy_curl", 2),
    Command("detail.raw", "y", "copy record", _DETAIL, "Copy the service's raw record.", "screen.copy_raw", 3),
    Command("detail.pager", "vertical_line", "pager", _DETAIL, "Show everything in $PAGER.", "screen.pager", 4),
    Command(
        "detail.before",
        "less_than_sign,left",
        "previous take",
        _DETAIL,
        "Show the previous take.",
        "screen.previous_take",
        5,
    ),
    Command(
        "detail.after", "greater_than_sign,right", "next take", _DETAIL, "Show the next take.", "screen.next_take", 6
    ),
    Command("detail.keep", "plus,equals_sign", "keep", _DETAIL, "Keep this take; again undoes that.", "screen.keep"),
    Command("detail.reject", "minus", "reject", _DETAIL, "Reject this take; again undoes that.", "screen.reject"),
    Command("detail.undo", "z", "undo", _DETAIL, "Undo the last verdict.", "app.undo"),
    Command("detail.save", "w", "save as", _DETAIL, "Save the song, its WAV, stems or MIDI.", "screen.save_as", 7),
    *_transport(_DETAIL),
    Command("detail.help", "question_mark,f1", "help", _DETAIL, "Show what you can do here.", "app.open_help", 90),
    Command("detail.leave", "escape,q,enter,d", "back", _DETAIL, "Back to the songs.", "screen.back", 91),
    # -- the dashboard
    Command(
        "dashboard.help", "question_mark,f1", "help", _DASHBOARD, "Show what you can do here.", "app.open_help", 90
    ),
    Command("dashboard.leave", "escape,q,D", "back", _DASHBOARD, "Back to the songs.", "screen.back", 91),
    # -- a batch as a table
    Command("grid.play", "p", "play", _GRID, "Play, pause or resume the song.", "screen.play", 1),
    Command("grid.keep", "plus,equals_sign", "keep", _GRID, "Keep this take; again undoes that.", "screen.keep", 2),
    Command("grid.reject", "minus", "reject", _GRID, "Reject this take; again undoes that.", "screen.reject", 3),
    Command("grid.mark", "space", "mark", _GRID, "Mark it for comparison.", "screen.mark", 4),
    Command("grid.compare", "v", "compare", _GRID, "Compare the two marked songs.", "screen.compare", 5),
    Command(
        "grid.with", "W", "generate with…", _GRID, "Generate kept songs with another service.", "screen.make_with", 6
    ),
    Command("grid.open", "enter,d", "detail", _GRID, "Show everything about it.", "screen.open_detail", 7),
    Command("grid.undo", "z", "undo", _GRID, "Undo the last verdict.", "app.undo", 8),
    Command("grid.save", "w", "save as", _GRID, "Save the song, its WAV, stems or MIDI.", "screen.save_as", 9),
    *_transport(_GRID),
    Command("grid.help", "question_mark,f1", "help", _GRID, "Show what you can do here.", "app.open_help", 90),
    Command("grid.leave", "escape,q,M", "back", _GRID, "Back to the songs.", "screen.back", 91),
    # -- two takes side by side
    Command("compare.left", "left", "take A", _COMPARE, "Choose take A, on the left or above.", "screen.choose_left"),
    Command(
        "compare.right", "right", "take B", _COMPARE, "Choose take B, at the right or below.", "screen.choose_right"
    ),
    Command("compare.swap", "tab", "other", _COMPARE, "Switch to the other take at the same second.", "screen.swap", 1),
    Command("compare.play", "p", "play", _COMPARE, "Play, pause or resume the chosen take.", "screen.play", 2),
    Command(
        "compare.keep", "plus,equals_sign", "keep", _COMPARE, "Keep this take; again undoes that.", "screen.keep", 3
    ),
    Command("compare.reject", "minus", "reject", _COMPARE, "Reject this take; again undoes that.", "screen.reject", 4),
    Command("compare.prefer", "O", "keep only", _COMPARE, "Keep this take and reject the other.", "screen.prefer", 5),
    Command("compare.blind", "b", "blind", _COMPARE, "Hide which take is which, in a random order.", "screen.blind", 6),
    Command(
        "compare.next",
        "greater_than_sign",
        "next pair",
        _COMPARE,
        "Compare the next two takes of this prompt.",
        "screen.next_pair",
        7,
    ),
    Command("compare.undo", "z", "undo", _COMPARE, "Undo the last verdict.", "app.undo", 8),
    *_transport(_COMPARE),
    Command("compare.help", "question_mark,f1", "help", _COMPARE, "Show what you can do here.", "app.open_help", 90),
    Command("compare.leave", "escape,q,f3,enter", "back", _COMPARE, "Back to the songs.", "screen.back", 91),
    # -- settings
    Command("settings.change", "enter", "change", _SETTINGS, "Change this setting.", "screen.change", 1),
    Command("settings.reset", "x,delete", "default", _SETTINGS, "Reset it to its default.", "screen.reset", 2),
    Command("settings.find", "slash", "find", _SETTINGS, "Find a setting by name or description.", "screen.find", 4),
    Command("settings.editor", "e,f6", "editor", _SETTINGS, "Edit the whole file in $EDITOR.", "screen.edit_file", 3),
    Command("settings.undo", "z", "undo", _SETTINGS, "Undo the last change.", "screen.undo", 5),
    Command("settings.help", "question_mark,f1", "help", _SETTINGS, "Show what you can do here.", "app.open_help", 90),
    Command("settings.leave", "escape,q,f2", "back", _SETTINGS, "Back to the songs.", "screen.back", 91),
    # -- chords and words
    Command("sheet.play", "p,space", "play", _SHEET, "Play, pause or resume the song.", "screen.play", 1),
    Command("sheet.back", "left,left_square_bracket", "5 s back", _SHEET, "Seek back 5 s.", "screen.seek_back", 2),
    Command(
        "sheet.forward",
        "right,right_square_bracket",
        "5 s forward",
        _SHEET,
        "Seek forward 5 s.",
        "screen.seek_forward",
        3,
    ),
    Command(
        "sheet.section_back",
        "left_curly_bracket",
        "previous section",
        _SHEET,
        "Play the previous section.",
        "screen.section_back",
        6,
    ),
    Command(
        "sheet.section_forward",
        "right_curly_bracket",
        "next section",
        _SHEET,
        "Play the next section.",
        "screen.section_forward",
        7,
    ),
    Command("sheet.stop", "full_stop", "stop", _SHEET, "Stop playing.", "screen.stop_playing", 8),
    Command(
        "sheet.next", "greater_than_sign", "next song", _SHEET, "Play the next song of the list.", "screen.next_song"
    ),
    Command(
        "sheet.previous", "less_than_sign", "previous song", _SHEET, "Play the previous song.", "screen.previous_song"
    ),
    Command("sheet.louder", "0", "louder", _SHEET, "Raise the volume.", "screen.louder"),
    Command("sheet.softer", "9", "softer", _SHEET, "Lower the volume.", "screen.softer"),
    Command("sheet.copy", "y", "copy", _SHEET, "Copy the chords and words.", "screen.copy_sheet", 4),
    Command("sheet.save", "w", "save as", _SHEET, "Save the song or its ChordPro file.", "screen.save_as", 5),
    Command("sheet.help", "question_mark,f1", "help", _SHEET, "Show what you can do here.", "app.open_help", 90),
    Command("sheet.leave", "escape,q,l", "back", _SHEET, "Back to the songs.", "screen.back", 91),
)
