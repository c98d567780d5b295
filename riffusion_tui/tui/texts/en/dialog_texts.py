"""The texts of dialogs: pickers, questions and fields."""

DIALOG_TEXTS: dict[str, object] = {
    "picker": {
        "none": "No matches",
        "keys": "type · up/down · enter · esc",
        "keys_remove": "type · up/down · enter · del remove · esc",
        "type": "type to filter",
    },
    "pick": {
        "none_set_up": "No other service is set up; `riffusion-tui help services` explains how.",
        "make_with": ("Generate it with", "Generate {n} songs with"),
        "service": "Which service makes the songs?",
        "field": "Service options",
        "options": "Options of the next prompt",
        "history": "Earlier prompts",
        "library": "Library",
        "preset": "preset: {options}",
        "account": "Account",
        "any_account": "whichever has a free slot",
        "model": "Model",
        "sort": "Order of the jobs",
        "copy": "Copy",
        "save": "Save as",
        "save_all": ("Save {n} song as", "Save {n} songs as"),
        "palette": "Commands",
        "theme": "Theme",
    },
    "dialog": {
        "title": "Help: this dialog",
        "ask": "enter|Accept the text.\nesc|Close without changing anything.",
        "picker": "type|Filter the list.\nup, down|Select an entry.\npage up, page down|Move by a page.\nenter, click|Choose the entry.\ndel|Remove the entry from the list, if the frame offers it.\nesc|Close without choosing.",
        "lyrics": "{make}|Sing these lyrics in the next songs of this prompt.\n{editor}|Edit them in $EDITOR.\n^G|Let the service write lyrics, or rewrite these.\n^T|Use, or ignore, the tempo, key and sound that the service suggested with its lyrics.\n^Z|Undo.\nesc|Close; asks before discarding what you typed.",
        "edit": "{make}|Make the edited song.\nenter, tab|Go to the next field; enter in the last one makes the song.\nup|Go to the previous field.\nesc|Close; asks before discarding what you typed.",
        "locks": "a letter|Lock or unlock that property.\nup, down, space|Choose a property; lock or unlock it, as a click does.\na|Lock all, or none.\nenter|Edit the prompt; the locked properties stay.\nesc|Close.",
    },
    "confirm": {
        "keys": "y yes · n no",
    },
    "ask": {
        "keys": "enter · esc",
        "range": "Enter a whole number from {low} to {high}.",
        "takes": {
            "title": "Takes",
            "text": "Songs per prompt, {low} to {high}.",
        },
        "max_jobs": {
            "title": "Slots",
            "text": "Songs that the account may generate at the same time, {low} to {high}. Leave empty for the account's default.",
        },
        "seed": {
            "title": "Seed",
            "text": "The same prompt and seed give the same song. From {low} to {high}; leave empty for a new seed each time.",
        },
        "length": {
            "title": "Length",
            "text": "Seconds, or minutes and seconds such as 2:30. Leave empty for the prompt's length.",
            "range": "Enter a length from {low} to {high} seconds, or minutes and seconds such as 2:30.",
        },
        "title": {
            "title": "Title",
            "text": "Title of the song. Leave empty to let the service choose one.",
        },
        "reply_url": {
            "title": "replyUrl",
            "text": "Address to call when the song is finished (at most 1,024 characters).",
        },
        "reply_ref": {
            "title": "replyRef",
            "text": "Your own reference, stored with the song (at most 1,024 characters).",
        },
    },
    "discard": {
        "title": "Discard",
        "text": "Discard what you typed?",
    },
    "reader": {
        "keys": "up/down · esc",
    },
}
