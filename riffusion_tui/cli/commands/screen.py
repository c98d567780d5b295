"""`screen`: open the screen; the default command."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.runner import run_async

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `screen`."""
    from riffusion_tui.cli.parser import add_service  # without arguments there is no parser

    parser.add_argument("--plain", action="store_true", help="line by line, for screen readers")
    add_service(parser)


def run(args: Namespace, context: CommandContext) -> int:
    """Show the screen, or the plain mode."""
    return open_screen(context, plain=args.plain)


def open_screen(context: CommandContext, *, plain: bool = False) -> int:
    """Show the screen until the user quits."""
    settings = context.settings
    if plain or settings.screen.plain:
        from riffusion_tui.cli.line_mode.line_session import run_line_mode

        return run_async(run_line_mode(context))
    if redirected := _redirected():
        raise WrongUse(
            f"The screen needs a terminal. Redirected: {', '.join(redirected)}."
            " See `riffusion-tui --help` for commands that work without one."
        )
    term = context.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        raise WrongUse(
            f"This terminal (TERM={term}) can't show the screen. Use `riffusion-tui --plain`,"
            " or set TERM to match the terminal."
        )
    gc.disable()  # nothing loaded for the first frame is garbage; collecting takes 5 % of the start-up time
    from riffusion_tui.cli.wiring.screen_setup import show

    return run_async(show(context, settings))


def _redirected() -> list[str]:
    """Return the names of the standard streams that aren't a terminal."""
    streams = {
        "standard input": sys.stdin,
        "standard output": sys.stdout,
        "standard error (the screen is drawn on it)": sys.stderr,
    }
    return [name for name, stream in streams.items() if stream is None or not stream.isatty()]
