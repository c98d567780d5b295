"""`renderer`: render songs for a studio's cluster."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.parser import whole_number
from riffusion_tui.cli.temporary import temporary_folder
from riffusion_tui.cli.wiring.service_setup import certificates_folder
from riffusion_tui.config.paths import expanded

_EPILOG = """\
Connects to the cluster's scheduler and renders songs until interrupted; a song that is interrupted is rendered by
another renderer. Waits for a scheduler that is down. Needs the extra `cluster`, and the same version and soundfont as
the studio. See `riffusion-tui help machines`.

Example:
  riffusion-tui renderer --cluster tls://192.168.1.10:8786
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `renderer`."""
    parser.epilog = _EPILOG
    parser.add_argument("--cluster", metavar="ADDRESS", help="the scheduler's address (default: studio.cluster)")
    parser.add_argument("--certificates", metavar="DIR", help="folder of certificates (default: as in the settings)")
    parser.add_argument(
        "--renderers", action=whole_number(1, 1024), metavar="N", help="number of processes (default: one per core)"
    )
    parser.add_argument("--host", metavar="ADDRESS", help="address of this machine that the scheduler can reach")
    parser.add_argument(
        "--port",
        action=whole_number(0, 65535),
        default=0,
        metavar="N",
        help="port of the first process; the next ones follow (default: 0, free ones)",
    )


def run(args: Namespace, context: CommandContext) -> int:
    """Render until interrupted."""
    from riffusion_tui.studio.cluster.cluster_worker import WorkerSettings
    from riffusion_tui.studio.cluster.renderer_group import run_renderers
    from riffusion_tui.studio.studio_settings import SKETCH_ENGINE, cores

    cluster = args.cluster or context.settings.studio.cluster
    if not cluster:
        raise WrongUse("Give the scheduler's address: --cluster tls://host:8786, or the setting studio.cluster.")
    temporary_folder()  # reports here that there is none
    settings = WorkerSettings(
        cluster=cluster,
        certificates=expanded(args.certificates) if args.certificates else certificates_folder(context),
        engine=SKETCH_ENGINE,
        soundfont=context.settings.studio.soundfont or None,
        name="",
        scratch="",
        host=args.host,
        port=args.port,
    )
    run_renderers(settings, args.renderers or cores())
    return DONE
