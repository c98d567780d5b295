"""`submit PROMPT…`: queue prompts, and wait for their songs if asked to."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import queue
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.options import options_of, takes_of
from riffusion_tui.cli.parser import add_options, add_service, add_waiting
from riffusion_tui.jobs.batch_file import BatchItem

_MORE = """\
A prompt of "-" is read from standard input. Prompts are taken as they are: {a|b} and ×3 are for the editor and for
files of prompts (`riffusion-tui batch`). Without --wait the prompts are on disk when this returns; an open
screen or `riffusion-tui work` makes them. With --wait this process makes them, unless another one on the same
folder already does: then it waits for that one.

With --json each job prints one line when it ends (without --wait: at once, as queued):
id, status, prompt, service, user_id, job_id, title, duration_s, file, sha256, error, seed.

Exit codes: 0 every song is there (without --wait: queued), 1 some failed or were refused, 2 wrong use,
3 the token or an account needs a person, 4 not finished in time. What was queued stays queued after 3 and 4.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare what `submit` takes."""
    parser.epilog = _MORE
    parser.add_argument("prompts", nargs="+", metavar="PROMPT", help="what the song is to be")
    add_options(parser)
    add_service(parser)
    add_waiting(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the prompts."""
    options, takes = options_of(args, context.settings), takes_of(args, context.settings)
    asked = []
    for prompt in args.prompts:
        text = sys.stdin.read() if prompt == "-" else prompt
        if not text.strip():
            raise WrongUse("The prompt is empty: say what the song is to be.")
        asked.append(BatchItem(text.strip(), options, takes))
    return queue(asked, args, context)
