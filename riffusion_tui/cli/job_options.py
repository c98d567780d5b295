"""Build a job's options from arguments and settings."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from riffusion_tui import clean
from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.parser import FIELD
from riffusion_tui.cli.wiring.service_setup import capabilities_of
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.own_lyrics import line_count
from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided

STANDARD = Path("-")
"""As an argument: standard input or output."""
_MAX_FILE = 64 * 2**20
"""Maximum size of a batch file or lyrics file, in bytes."""
_UNDECODED = re.compile("[\udc80-\udcff]")
"""Bytes that were read as surrogates."""
_NULL = re.compile(r"(?<=[^\0]{2})\0(?=[^\0]{2})")
"""A null character between words; between all letters, they are those of UTF-16 without a byte order mark."""
_FUNCTION_WORDS = frozenset(
    ("about", "and", "by", "for", "from", "in", "no", "of", "on", "the", "to", "with", "without")
)
"""Words that are no prompts: a prompt that lacks its quotes has one."""
_FEWEST_WORDS = 3
"""Arguments of such a prompt, at least."""
Cleaner = Callable[[str, int], str]
"""Cleans a text of at most so many characters."""


def options_of(args: Namespace, settings: Settings) -> Options:
    """Return options from the arguments, with the settings as defaults. Raises `WrongUse`."""
    given: dict[str, Any] = {
        "instrumental": settings.batch.instrumental if args.instrumental is None else args.instrumental,
        "model": clean_line(args.model or capabilities_of(settings.service.name).supported_model(settings.batch.model)),
        "account": _line(args.account),
        "reply_url": _line(args.reply_url),
        "reply_ref": _line(args.reply_ref),
        "max_jobs": args.max_jobs,
        "title": _line(args.title),
        "seed": args.seed,
        "length_s": args.length,
        "lyrics": read_lyrics(args.lyrics) if args.lyrics else None,
        "extra": tuple(fields_of(args).items()),
    }
    return Options(**given)


def fields_of(args: Namespace) -> dict[str, str]:
    """Return the services' own fields that the arguments set (`--tempo 90`)."""
    given = {name: value for name, value in vars(args).items() if name.startswith(FIELD) and value is not None}
    return {name.removeprefix(FIELD): clean_line(value, len(value)) for name, value in given.items()}


def takes_of(args: Namespace, settings: Settings) -> int:
    """Return the number of takes per prompt."""
    takes: int = args.takes or settings.batch.takes
    return takes


def check_standard_input(*given: object) -> None:
    """Raise `WrongUse` if more than one of several arguments is `-`: standard input can be read once."""
    if sum(str(one) == "-" for one in given) > 1:
        raise WrongUse("Only one argument can be -: standard input can be read once.")


def check_prompts(command: str, prompts: Sequence[str]) -> None:
    """Raise `WrongUse` if a prompt can't be decoded, or if the arguments are the words of one, each a song."""
    for prompt in prompts:
        check_decoded(prompt, "The prompt")
    words = len(prompts) >= _FEWEST_WORDS and all(len(prompt.split()) == 1 for prompt in prompts)
    if words and not _FUNCTION_WORDS.isdisjoint(prompt.lower() for prompt in prompts):
        raise without_quotes(command, prompts)


def without_quotes(command: str, words: Sequence[str]) -> WrongUse:
    """Return the error for a prompt that lacks its quotes, so that each of its words is an argument."""
    return WrongUse(f'Put the prompt in quotes: riffusion-tui {command} "{clean_line(" ".join(words), 200)}"')


def with_singer(items: Sequence[BatchItem], args: Namespace, settings: Settings) -> list[BatchItem]:
    """Return the items, with `--vocals` with a prompt that asks for vocals, if the service lets it decide.

    Those with lyrics are sung anyway.
    """
    return [replace(one, prompt=_asking(one.prompt)) if _may_be_unsung(one, args, settings) else one for one in items]


def _may_be_unsung(item: BatchItem, args: Namespace, settings: Settings) -> bool:
    asked = args.instrumental is False and not item.options.instrumental
    given = item.options.lyrics or item.options.operation or divided(item.prompt)[1]
    return asked and not given and capabilities_of(item.service or settings.service.name).genre_decides_vocals


def _asking(prompt: str) -> str:
    return f"{prompt.rstrip(' .,;')}, with vocals"


def read_lyrics(path: Path) -> str:
    """Read a file of lyrics; `-` is standard input. Raises `WrongUse` on failure, and if there are no words to sing."""
    text = read_text(path)
    if line_count(text):
        return text
    shown = "Standard input" if path == STANDARD else clean_line(str(path))
    raise WrongUse(f"{shown} contains no words to sing." if text.strip() else f"{shown} contains no lyrics.")


def read_text(path: Path, cleaner: Cleaner = clean_text) -> str:
    """Read a file as text cleaned by `cleaner`; `-` is standard input. Raises `WrongUse` on failure."""
    if path == STANDARD:
        return decoded(sys.stdin.buffer.read(_MAX_FILE + 1), "Standard input", cleaner)
    shown = clean_line(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_FILE + 1)
    except OSError as error:
        raise WrongUse(f"Can't read {shown}: {error.strerror}.") from None
    return decoded(raw, shown, cleaner)


def decoded(raw: bytes, shown: str, cleaner: Cleaner = clean_text) -> str:
    """Decode bytes as clean text; a null character separates words.

    Raises:
        WrongUse: there are too many bytes, or they aren't UTF-8.
    """
    if len(raw) > _MAX_FILE:
        raise WrongUse(f"{shown} is larger than {_MAX_FILE // 2**20} MB.")
    try:
        return cleaner(_NULL.sub(" ", clean.decoded(raw)), _MAX_FILE)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongUse(f"{shown} is not UTF-8 text (line {line}). Save it as UTF-8.") from None


def check_decoded(text: str, shown: str) -> None:
    """Raise `WrongUse` if bytes of `text`, an argument or standard input, could not be decoded.

    Otherwise a song would be made, and charged, of a prompt with other characters.
    """
    if not is_decoded(text):
        raise WrongUse(f"{shown} is not UTF-8 text. Convert it to UTF-8, for example with iconv.")


def is_decoded(text: str) -> bool:
    """Whether all bytes of an argument or of standard input could be decoded."""
    return _UNDECODED.search(text) is None


def _line(text: str | None) -> str | None:
    return None if text is None else clean_line(text)
