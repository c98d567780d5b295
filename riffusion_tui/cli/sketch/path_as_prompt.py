"""Refuse a path as a prompt: a mistyped file of prompts would make a song about its name."""

from __future__ import annotations

import re
from pathlib import Path

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.errors import WrongUse

_PATH = re.compile(r"(?:~|\.{1,2})?/\S*|[a-z]:\\\S*|\S+[/\\]\S*\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
"""Is a path even if there is no such file; `rock/pop` is none."""


def check_no_path(prompt: str, extensions: tuple[str, ...]) -> None:
    """Raise `WrongUse` if a prompt is a path, or a single word with one of the extensions of files of prompts."""
    named = len(prompt.split()) == 1 and prompt.lower().endswith(extensions)
    found = _found(prompt)
    if not (found or named or _PATH.fullmatch(prompt)):
        return
    shown = clean_line(prompt, 200)
    if not found:
        why = f"There is no file {shown}. Check the path"
    elif found.is_dir():
        why = f"{shown} is a folder. Give a file of prompts in it"
    else:
        why = f"{shown} isn't called like a file of prompts ({', '.join(extensions)}). Read it with --kind"
    raise WrongUse(f'{why}, or write a song about it: riffusion-tui sketch "a song about {shown}"')


def _found(prompt: str) -> Path | None:
    """Return what exists at a path with a separator or an extension; a folder `jazz` doesn't make `jazz` a path."""
    path = Path(prompt)
    try:
        return path if (path.suffix or "/" in prompt) and path.exists() else None
    except (OSError, ValueError):
        return None
