"""The screen: what `riffusion-tui` alone does."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace

from riffusion_tui.cli.boundary import WrongUse
from riffusion_tui.cli.context import Context
from riffusion_tui.cli.running import run_async


def arguments(parser: ArgumentParser) -> None:
    """Declare what the screen takes."""
    parser.add_argument("--plain", action="store_true", help="line by line, for screen readers")


def run(args: Namespace, context: Context) -> int:
    """Show the screen until it is left."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUse("The screen needs a terminal. `riffusion-tui --help` lists what works without one.")
    if context.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise WrongUse(
            f"This terminal (TERM={context.environ.get('TERM', '')}) can't show a screen. Set TERM to what it really"
            " is, or use the commands that `riffusion-tui --help` lists."
        )
    settings = context.settings
    if args.plain:
        settings = replace(settings, screen=replace(settings.screen, plain=True))
    from riffusion_tui.cli.screen import show

    return run_async(show(context, settings))
