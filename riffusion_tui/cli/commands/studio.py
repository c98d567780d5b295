"""`studio`: serve the Riffusion API v1 on a port."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from dataclasses import replace

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.parser import whole_number
from riffusion_tui.cli.wiring.open_files import raise_file_limit
from riffusion_tui.cli.wiring.service_setup import studio_settings

_EPILOG = """\
Prints its address as the first line of standard output. Every request needs the token: RIFFUSION_TUI_STUDIO_TOKEN, or
the one in the file named on standard error (mode 0600). Listens on this machine only, unless --host is given.

Example:
  curl -H "Authorization: Bearer $RIFFUSION_TUI_STUDIO_TOKEN" -H "Content-Type: application/json" \\
       -d '{"prompt": "jazzy k-pop song about a distant lover"}' http://127.0.0.1:8123/v1/riffusion/music/create-prompt
"""


_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `studio`."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--port", action=whole_number(0, 65535), default=0, metavar="N", help="port (default: 0, a free one)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument("--accounts", action=whole_number(1, 64), metavar="N", help="minimum number of accounts")
    parser.add_argument(
        "--max-jobs",
        action=whole_number(1, 10),
        metavar="N",
        help="slots per account (default: one per core, and one spare)",
    )
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="also accept requests to this host name"
    )


def run(args: Namespace, context: CommandContext) -> int:
    """Serve until interrupted."""
    from riffusion_tui.studio.cluster.cluster_errors import ClusterError
    from riffusion_tui.studio.serve import NotListening, serve

    for name in args.allow_host:
        if not _HOST_NAME.fullmatch(name):  # it would match no request
            words = "must be a host name without http:// and port, such as music.example"
            raise WrongUse(f"--allow-host {words}, not {clean_line(name, 200)}.")
    raise_file_limit()
    settings = studio_settings(context)
    settings = replace(
        settings,
        accounts=args.accounts or settings.accounts,
        max_jobs=args.max_jobs or settings.max_jobs,
        spare_slots=1,
    )
    try:
        serve(settings, host=args.host, port=args.port, allowed_hosts=tuple(args.allow_host))
    except NotListening as error:
        host = f"[{args.host}]" if ":" in args.host else args.host
        why = f"{error.strerror or error}. Choose another --port or --host."
        raise WrongUse(f"The studio can't listen on {host}:{args.port}: {why}") from None
    except ClusterError:
        raise
    except OSError as error:
        folder = clean_line(str(settings.data_dir))
        raise WrongUse(f"The studio can't use its folder {folder}: {error.strerror or error}.") from None
    return DONE
