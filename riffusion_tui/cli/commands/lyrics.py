"""`lyrics PROMPT`: let the service write lyrics, without making a song."""

from __future__ import annotations

import shlex
from argparse import SUPPRESS, ArgumentParser, Namespace
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_line, clean_text, is_blank
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.foreseen_limits import lyrics_limit
from riffusion_tui.cli.job_options import STANDARD, check_standard_input, read_text, without_quotes
from riffusion_tui.cli.parser import add_service, path
from riffusion_tui.cli.printing.output import put, put_message
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.services.errors import NotFound

if TYPE_CHECKING:
    from riffusion_tui.services.base import WrittenLyrics

_EPILOG = """\
A prompt of "-" is read from standard input. The lyrics go to standard output, as `submit --lyrics FILE` takes them. No
song is made, and nothing is queued. Tempo, key and sound that the service suggests with them go to standard error.

Exit codes: 0 written, 1 the service failed, 2 usage error, 3 the token or an account needs attention.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `lyrics`."""
    parser.epilog = _EPILOG
    parser.add_argument("prompt", metavar="PROMPT", help="topic and style of the lyrics")
    parser.add_argument("words", nargs="*", default=[], help=SUPPRESS)  # of a prompt that lacks its quotes
    parser.add_argument("--rewrite", type=path, metavar="FILE", help="lyrics to start from; - for standard input")
    add_service(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Write lyrics."""
    if args.words:
        raise without_quotes("lyrics", [args.prompt, *args.words])
    check_standard_input(args.prompt, args.rewrite)
    prompt = clean_text(read_text(STANDARD) if args.prompt == "-" else args.prompt).strip()
    if is_blank(prompt):
        raise WrongUse("The prompt is empty; describe the lyrics.")
    return run_async(_write(context, prompt, read_text(args.rewrite) if args.rewrite else None))


def _suggestion(written: WrittenLyrics) -> str:
    """Return tempo, key and so on as `submit` takes them, and how the song should sound."""
    words = [f"--{name} {shlex.quote(text)}" for name, text in written.extra]
    words += [f"--length {written.length_s:g}"] if written.length_s else []
    return clean_line(" ".join([*words, *([f'"{written.caption}"'] if written.caption else [])]))


async def _write(context: CommandContext, prompt: str, lyrics: str | None) -> int:
    async with open_session(context) as session:
        if not session.service.capabilities.lyrics:
            await session.service.fetch_capabilities()
        if not session.service.capabilities.lyrics:
            raise WrongUse(f"{session.service.name} can't write lyrics.")
        try:
            written = await session.job_commands.write_lyrics(prompt, lyrics)
        except NotFound as error:
            error.advice = "This server may not write lyrics; `riffusion-tui lyrics PROMPT --service studio` does."
            raise
        put(clean_text(written.text).rstrip("\n"))
        if limit := lyrics_limit(session.service.name, prompt):
            put_message(limit)
        if written.suggests:
            put_message(f"Suggested: {_suggestion(written)}")
    return DONE
