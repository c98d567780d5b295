"""`cluster`: make a cluster's certificates, run its scheduler."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE
from riffusion_tui.cli.parser import whole_number
from riffusion_tui.cli.printing.output import put
from riffusion_tui.cli.wiring.service_setup import certificates_folder
from riffusion_tui.config.paths import expanded

_EPILOG = """\
certificates   make an authority, a certificate and its key; each machine of the cluster needs a copy of the folder
scheduler      run the scheduler, which distributes the studio's songs to `riffusion-tui renderer` on other machines

Needs the extra `cluster`: pip install 'riffusion-tui[cluster]'.

Examples:
  riffusion-tui cluster certificates
  riffusion-tui cluster scheduler --host 0.0.0.0

See `riffusion-tui help machines`.
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `cluster`."""
    parser.epilog = _EPILOG
    what = ("certificates", "scheduler")
    parser.add_argument("what", choices=what, metavar=f"{{{','.join(what)}}}", help="what to make or run; see below")
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="folder of the certificates (default: as in the settings)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="scheduler: address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port", action=whole_number(0, 65535), default=8786, metavar="N", help="scheduler: port (default: 8786)"
    )
    parser.add_argument(
        "--dashboard",
        default="127.0.0.1:8787",
        metavar="ADDRESS",
        help="scheduler: where Dask's dashboard listens, without encryption or password (default: 127.0.0.1:8787)",
    )


def run(args: Namespace, context: CommandContext) -> int:
    """Make certificates, or run the scheduler until interrupted."""
    folder = expanded(args.folder) if args.folder else certificates_folder(context)
    if args.what == "certificates":
        _make_certificates(folder)
        return DONE
    from riffusion_tui.studio.cluster.cluster_scheduler import run_scheduler

    run_scheduler(args.host, args.port, folder, args.dashboard)
    return DONE


def _make_certificates(folder: Path) -> None:
    from datetime import UTC, datetime

    from riffusion_tui.studio.cluster.certificates import VALID_DAYS, make_certificates

    made = make_certificates(folder, datetime.now(UTC))
    shown = clean_line(str(folder))
    put(f"{shown}: {', '.join(file.name for file in made)}, valid for {VALID_DAYS} days.")
    put("Copy the folder only to machines of the cluster: anyone with its key can run any program on them.")
