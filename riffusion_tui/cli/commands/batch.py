"""`batch FILE`: queue a file of prompts."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import dry_run, queue
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.options import MAX_FILE, decoded, options_of, read_text, takes_of
from riffusion_tui.cli.parser import add_options, add_service, add_waiting
from riffusion_tui.jobs.batch_file import KINDS, parse
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import all_fields

_MORE = """\
FILE is .txt (a prompt a paragraph; {a|b} and ×3 as in the editor), .json, .jsonl, .csv or .toml with create-prompt's
field names: prompt, instrumental, model, user_id, replyUrl, replyRef, maxJobs; and takes, title, lyrics, seed, length.
What an entry does not say, the options here say. A line of `riffusion-tui receipt` is an entry too: it makes the same
song again. Nothing is queued if anything in the file is wrong.

Waiting, --json and exit codes are those of `riffusion-tui submit`.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare what `batch` takes."""
    parser.epilog = _MORE
    parser.add_argument("file", metavar="FILE", help="prompts; - for standard input")
    parser.add_argument("--kind", choices=KINDS, help="what FILE is, where its name does not tell (usually txt)")
    parser.add_argument("--dry-run", action="store_true", help="show jobs, slots and finish time; queue nothing")
    add_options(parser)
    add_service(parser)
    add_waiting(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the file, or show what it would be."""
    text = _stdin() if args.file == "-" else read_text(Path(args.file))
    kind = args.kind or _kind(args.file, text)
    asked = parse(
        text,
        kind,
        options_of(args, context.settings),
        takes_of(args, context.settings),
        fields=all_fields(),
        services=SERVICES,
    )
    if not asked:
        raise WrongUse("There is no prompt in it.")
    return dry_run(asked, args, context) if args.dry_run else queue(asked, args, context)


def _stdin() -> str:
    return decoded(sys.stdin.buffer.read(MAX_FILE + 1), "Standard input")


def _kind(name: str, text: str) -> str:
    """Return the kind by the name's ending; standard input by what its first character shows."""
    ending = Path(name).suffix.lower().removeprefix(".")
    if ending in KINDS:
        return ending
    if name != "-":
        return {"ndjson": "jsonl"}.get(ending, "txt")
    first = text.lstrip()[:1]
    if first == "[":
        return "json" if text.lstrip()[1:2] != "[" else "toml"
    return "jsonl" if first == "{" and '"prompt"' in text.partition("\n")[0] else "txt"
