"""What a line means that was typed in line mode: a command, a prompt, or something to ask about.

A prompt makes a song, which may cost money, so a line that is probably a command is not taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.help import TOPICS
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.lyric_sheets.section_headings import plain_headings, section_kind

_WORDS = {
    "help": "help", "?": "help", "h": "help", "commands": "help", "man": "help",
    "quit": "quit", "q": "quit", "exit": "quit", "bye": "quit", "logout": "quit",
}  # fmt: skip
"""Words that are commands by themselves, with or without a colon → the command."""
_OTHER_WORDS = {
    "list": "jobs", "ls": "jobs", "queue": "jobs", "history": "jobs", "status": "state", "remove": "delete",
    "rm": "delete", "kill": "cancel", "exit": "quit", "start": "resume", "continue": "resume", "unpause": "resume",
    "detail": "show", "details": "show", "info": "show", "plan": "show", "lyrics": "show", "view": "show",
}  # fmt: skip
"""Names that the commands have elsewhere → the command."""
_ANSWERS = frozenset({"yes", "no", "nope", "yep"})
"""Answers of programs such as `yes` too, which write to a pipe, and of scripts to a question that wasn't asked."""
_STRAY = frozenset({"undo", "clear", "cls", "back", "menu", "end", "done", "save", "top", "version"})
"""Words that command something, and describe no song."""
_JOBS = re.compile(r"\d[\d,-]*|[a-z]+:\S+")
"""What only a command has: job numbers and filters."""
_SHORT = 2
"""Letters of a word that is too short for a prompt."""
_FEW_WORDS = 3
"""Words up to which a line that begins as a command may be one."""


class TypedLine(NamedTuple):
    """A line: exactly one of the fields is set."""

    command: str = ""
    """To run, without the colon."""
    prompt: str = ""
    """To queue."""
    suggested: str = ""
    """What was probably meant: a command, with its colon, or a prompt."""
    doubtful: bool = False
    """Whether it is probably no prompt, and no known command."""


def read(line: str, known: frozenset[str], *, asks: bool) -> TypedLine:
    """Return what a line means.

    Args:
        line: not empty, without spaces at the ends.
        known: the commands.
        asks: whether somebody can answer: then more lines are doubted.
    """
    if line.startswith(":"):
        name, _, rest = line[1:].lstrip().partition(" ")
        lower = name.lower()
        return TypedLine(command=f"{_WORDS.get(lower, lower if lower in known else name)} {rest}".strip())
    first, *rest_words = line.split()
    bare = first.lower().lstrip("/-\\").rstrip(".!?()") or first.lower()
    alone = not rest_words
    if alone and bare in _WORDS:
        return TypedLine(command=_WORDS[bare])
    name = _OTHER_WORDS.get(bare, bare)
    plain = all(_JOBS.fullmatch(word.lower()) for word in rest_words)
    plain = plain or (name == "help" and len(rest_words) == 1 and rest_words[0] in TOPICS)
    may_be = asks and bare == name and len(rest_words) < _FEW_WORDS
    if name in known and (plain or may_be):
        return TypedLine(suggested=" ".join([f":{name}", *(rest_words if plain else ())]))
    is_command = plain and (bare in COMMANDS or (alone and (bare == "undo" or first.startswith("/"))))
    if is_command or _begins_lyrics(line) or (alone and (_is_answer(bare) or (asks and _is_stray(bare)))):
        return TypedLine(doubtful=True)
    return _of_a_shell(bare, rest_words) or TypedLine(prompt=line)


def _of_a_shell(name: str, words: Sequence[str]) -> TypedLine | None:
    """Return what a command with its arguments, as in a shell, means here; None for other lines.

    `submit` begins no prompt; other commands do (`sketch of a rainy day`), but not with options or all in quotes.
    """
    rest = " ".join(words)
    quoted = len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'"
    options = any(word.startswith("--") for word in words)
    if name not in ("submit", "riffusion-tui") and not (name in COMMANDS and (quoted or options)):
        return None
    prompt = rest.strip("\"' ")
    takes_prompt = name in ("submit", "sketch") and prompt and not options
    return TypedLine(suggested=prompt) if takes_prompt else TypedLine(doubtful=True)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean ':show'?` for a command that doesn't exist here, or where it does; or an empty string."""
    if other := _OTHER_WORDS.get(name.lower(), ""):
        return f" Did you mean ':{other}'?"
    if name.lower() == "submit":
        return " Type the prompt alone to queue it."
    if name.lower() in COMMANDS:
        return f" In a shell, `riffusion-tui {name.lower()}` does that."
    return did_you_mean(f":{name}", [f":{one}" for one in known])


def _begins_lyrics(line: str) -> bool:
    """Whether a line only names a section of lyrics: `[Verse 1]`, `Chorus:`. A prompt with lyrics is pasted whole."""
    (heading,) = plain_headings([line])
    return (heading[0] == "[" or heading[-1] == ":") and section_kind(heading.strip("[]"), words=False) is not None


def _is_answer(word: str) -> bool:
    return word in _ANSWERS or (word.isascii() and len(word) <= _SHORT)


def _is_stray(word: str) -> bool:
    return word in _STRAY or word in COMMANDS
