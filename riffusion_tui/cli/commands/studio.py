"""`studio`: serve the music API on a port."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.parser import whole_number
from riffusion_tui.cli.service_setup import studio_settings

_MORE = """\
The first line on standard output is its address. Every call needs the token: RIFFUSION_TUI_STUDIO_TOKEN, or the one in
the file that is named on standard error (made with mode 0600). It listens on this machine only unless --host says more.

  curl -H "Authorization: Bearer $RIFFUSION_TUI_STUDIO_TOKEN" -H "Content-Type: application/json" \\
       -d '{"prompt": "jazzy k-pop song about a distant lover"}' http://127.0.0.1:8123/v1/riffusion/music/create-prompt
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare what `studio` takes."""
    parser.epilog = _MORE
    parser.add_argument("--port", action=whole_number(0, 65535), default=0, metavar="N", help="0 (usual): a free one")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="usually 127.0.0.1")
    parser.add_argument("--accounts", action=whole_number(1, 64), metavar="N", help="accounts it starts with")
    parser.add_argument("--max-jobs", action=whole_number(1, 10), metavar="N", help="songs an account makes at a time")
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name that callers may use")


def run(args: Namespace, context: CommandContext) -> int:
    """Serve until interrupted."""
    from riffusion_tui.studio.serve import NotListening, serve

    settings = studio_settings(context)
    settings = replace(
        settings, accounts=args.accounts or settings.accounts, max_jobs=args.max_jobs or settings.max_jobs
    )
    try:
        serve(settings, host=args.host, port=args.port, allowed_hosts=tuple(args.allow_host))
    except NotListening as error:
        raise WrongUse(f"The studio can't listen on {args.host}:{args.port}: {error.strerror or error}.") from None
    except OSError as error:
        folder = clean_line(str(settings.data_dir))
        raise WrongUse(f"The studio can't use its folder {folder}: {error.strerror or error}.") from None
    return DONE
