"""`submit PROMPT…`: queue prompts, and optionally wait for their songs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.clean import is_blank
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.enqueue import queue
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.job_options import (
    STANDARD,
    check_prompts,
    check_standard_input,
    options_of,
    read_text,
    takes_of,
    with_singer,
)
from riffusion_tui.cli.parser import add_options, add_service, add_waiting
from riffusion_tui.cli.printing.output import put_message, warn_of_open_brace
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.matrix import Prompt, count, expand, services, unclosed
from riffusion_tui.registry import SERVICES

_EPILOG = """\
The prompt "-" is read from standard input. Prompts are sent as written, so that a script can pass any text. With
--expand, {a|b}, ×3, --- and @service work as in the editor and in batch files.

For more songs than batch.confirm_above, it asks first; without a terminal it needs --yes, unless each song is a PROMPT
of its own.

Without --wait, returns once the prompts are on disk; an open screen or `riffusion-tui work` makes the songs. With
--wait, this process makes them, or waits for another process that already works on the same folder.

With --json, prints one line per job when it ends (without --wait: immediately, as queued):
id, status, prompt, service, user_id, job_id, title, duration_s, file, sha256, error, seed and
limits, a list of what the prompt asks for but the service can't do.

Exit codes: 0 all songs are finished (without --wait: queued), 1 some failed or were refused, 2 usage error,
3 the token or an account needs attention, 4 not finished in time. After 3 and 4, queued jobs stay queued.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `submit`."""
    parser.epilog = _EPILOG
    parser.add_argument("prompts", nargs="+", metavar="PROMPT", help="describes the song")
    parser.add_argument("--expand", action="store_true", help="expand {a|b}, ×3, --- and @service")
    add_options(parser)
    add_service(parser)
    add_waiting(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Queue the prompts."""
    check_standard_input(*args.prompts, args.lyrics)
    check_prompts("submit", args.prompts)
    options, takes = options_of(args, context.settings), takes_of(args, context.settings)
    items: list[BatchItem] = []
    for prompt in args.prompts:
        text = read_text(STANDARD) if prompt == "-" else prompt
        found = expand(text) if args.expand else [] if is_blank(text) else [Prompt(text.strip())]
        if not found:
            raise WrongUse("The prompt is empty; describe the song.")
        items += (BatchItem(one.text, options, one.takes or takes, one.service) for one in found)
        if args.expand:
            warn_of_open_brace(unclosed(text))
        else:
            _warn_about_literal_text(text)
    listed = sum(item.takes for item in items) == len(args.prompts)
    return queue(with_singer(items, args, context.settings), args, context, listed=listed)


def _warn_about_literal_text(text: str) -> None:
    """Warn about text that the editor would expand."""
    if opened := unclosed(text):
        warn_of_open_brace(opened)
    elif count(text).songs > 1 or any(name in SERVICES for name in services(text)):
        put_message("The prompt is sent as written; --expand reads {a|b}, ×3, --- and @service as the editor does.")
