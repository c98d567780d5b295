"""`batch FILE`: queue a file of prompts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import dry_run, queue
from riffusion_tui.cli.job_options import options_of, takes_of, with_singer
from riffusion_tui.cli.parser import add_options, add_service, add_waiting
from riffusion_tui.cli.prompt_file import read_prompts
from riffusion_tui.jobs.batch_file import KINDS

_EPILOG = """\
FILE is .txt (one prompt per paragraph, with --kind lines per line; {a|b} and ×3 as in the editor; lines starting with
"# " are comments), .json, .jsonl, .csv, .tsv, .toml or a .yaml list with create-prompt's field names: prompt,
instrumental, model, user_id, replyUrl, replyRef, maxJobs; and takes, title, lyrics, seed, length.
Options given here apply to entries that don't set their own. A line of `riffusion-tui receipt` is an entry too: it
makes the same song again. If the file has any error, nothing is queued.

--wait, --json and exit codes work as for `riffusion-tui submit`.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `batch`."""
    parser.epilog = _EPILOG
    parser.add_argument("file", metavar="FILE", help="file of prompts; - for standard input")
    parser.add_argument("--kind", choices=KINDS, help="format of FILE; lines: one prompt per line")
    parser.add_argument("--dry-run", action="store_true", help="show jobs, slots and finish time; queue nothing")
    add_options(parser)
    add_service(parser)
    add_waiting(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the file, or show what would be queued."""
    items = read_prompts(
        args.file,
        args.kind,
        options_of(args, context.settings),
        takes_of(args, context.settings),
        context,
        may_ask=not args.yes,
    )
    items = tuple(with_singer(items, args, context.settings))
    return dry_run(items, args, context) if args.dry_run else queue(items, args, context, listed=True)
