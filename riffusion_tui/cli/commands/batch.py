"""`batch FILE`: queue a file of prompts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import dry_run, many, queue
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.job_options import options_of, read_text, takes_of
from riffusion_tui.cli.output import confirmed, say
from riffusion_tui.cli.parser import add_options, add_service, add_waiting
from riffusion_tui.jobs.batch_file import KINDS, BatchItem, parse
from riffusion_tui.jobs.batch_kind import BatchKind, kind_of
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import all_fields

_MORE = """\
FILE is .txt (one prompt per paragraph; {a|b} and ×3 as in the editor; lines starting with "# " are comments), .json,
.jsonl, .csv, .tsv, .toml or a .yaml list with create-prompt's field names: prompt, instrumental, model, user_id,
replyUrl, replyRef, maxJobs; and takes, title, lyrics, seed, length.
Options given here apply to entries that don't set their own. A line of `riffusion-tui receipt` is an entry too: it
makes the same song again. If the file has any error, nothing is queued.

--wait, --json and exit codes work as for `riffusion-tui submit`.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `batch`."""
    parser.epilog = _MORE
    parser.add_argument("file", metavar="FILE", help="file of prompts; - for standard input")
    parser.add_argument("--kind", choices=KINDS, help="format of FILE; lines: one prompt per line")
    parser.add_argument("--dry-run", action="store_true", help="show jobs, slots and finish time; queue nothing")
    add_options(parser)
    add_service(parser)
    add_waiting(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the file, or show what would be queued."""
    text = read_text(Path(args.file))
    found = BatchKind(args.kind) if args.kind else kind_of(_ending(args.file), text)

    def read(kind: str) -> tuple[BatchItem, ...]:
        options, takes = options_of(args, context.settings), takes_of(args, context.settings)
        return parse(text, kind, options, takes, fields=all_fields(), services=SERVICES)

    items = read(found.kind)
    if not found.is_sure:
        items = _meant(items, args, context) or read("txt")
    elif found.says:
        say(f"{many(len(items), 'prompt')}, {found.says}.")
    return dry_run(items, args, context) if args.dry_run else queue(items, args, context)


def _ending(name: str) -> str:
    return Path(name).suffix.lower().removeprefix(".")


def _meant(lines: tuple[BatchItem, ...], args: Namespace, context: CommandContext) -> tuple[BatchItem, ...]:
    """Return the lines if each is a prompt; nothing if all are one. Raises `WrongUse` if the user can't be asked."""
    number = len(lines)
    if number == 1:
        return ()
    if args.yes or not context.can_ask:
        raise WrongUse(
            f"Ambiguous: {number} prompts, one per line, or one prompt of {number} lines. Nothing was queued.\n"
            f"Use --kind lines for {number} prompts or --kind txt for one."
            " Or separate prompts by an empty line."
        )
    if confirmed(f"{number} prompts, one per line? (n: one prompt of {number} lines)"):
        return lines
    return ()
