"""The command line and the composition root: the only package that wires the others together.

Only the chosen command's module is imported, to keep `--version`, `--help` and the first paint fast.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from riffusion_tui.cli.command_table import COMMANDS, Subcommand

_ELSEWHERE = {
    **dict.fromkeys(("ls", "list", "ps", "status", "queue", "log", "history"), "jobs"),
    **dict.fromkeys(("add", "new", "make", "create", "generate", "prompt"), "submit"),
    **dict.fromkeys(("watch", "run", "start", "daemon", "follow"), "work"),
    **dict.fromkeys(("export", "play", "download", "get"), "cat"),
    **dict.fromkeys(("rm", "remove"), "delete"),
    **dict.fromkeys(("kill", "abort"), "cancel"),
    **dict.fromkeys(("config", "set"), "settings"),
    **dict.fromkeys(("login", "auth"), "token"),
    **dict.fromkeys(("tui", "ui", "open"), "screen"),
    "serve": "studio",
    "server": "studio",
}
"""Names of these commands in other programs: pueue, git, cmus."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (`riffusion-tui --help` lists what each means)."""
    from riffusion_tui.cli.boundary import guarded

    if argv is None:
        from riffusion_tui.child_environment import hold_tokens
        from riffusion_tui.cli.printing.streams import prepare_streams

        prepare_streams()
        hold_tokens()
    arguments = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help", "help") and arguments[1:] in ([], ["-h"], ["--help"], ["help"]):
        from riffusion_tui.cli.help import overview

        sys.stdout.write(overview())
        return 0
    if first in ("-V", "--version"):
        from riffusion_tui import __version__

        sys.stdout.write(f"riffusion-tui {__version__}\n")
        return 0
    if not arguments:
        from riffusion_tui.cli.command_context import CommandContext
        from riffusion_tui.cli.commands.screen import open_screen

        return open_screen(CommandContext.of_process())  # skips loading the parser
    if first.startswith("-"):
        _check_order(arguments)
        return _call(COMMANDS["screen"], arguments)
    command = COMMANDS.get(first)
    if command is None:
        raise _unknown(first)
    return _call(command, arguments[1:])


def _unknown(name: str) -> Exception:
    """Return the error for a command that doesn't exist."""
    from riffusion_tui.clean import clean_line
    from riffusion_tui.cli.errors import WrongUse
    from riffusion_tui.config.suggest import did_you_mean

    hint = did_you_mean(_ELSEWHERE.get(name, name), COMMANDS)
    return WrongUse(f"Unknown command {clean_line(name, 80)!r}.{hint} `riffusion-tui --help` lists all commands.")


def _check_order(arguments: list[str]) -> None:
    """Raise `WrongUse` for a command after its options: `--json jobs`."""
    if not any(one in COMMANDS for one in arguments):
        return
    _, rest = COMMANDS["screen"].parser().parse_known_args(arguments)
    named = next((one for one in rest if one in COMMANDS), None)
    if named is not None:
        import shlex

        from riffusion_tui.clean import clean_line
        from riffusion_tui.cli.errors import WrongUse

        arguments.remove(named)
        meant = clean_line(shlex.join(["riffusion-tui", named, *arguments]), 300)
        raise WrongUse(f"Put the command first: {meant}.")


def _call(command: Subcommand, arguments: list[str]) -> int:
    from riffusion_tui.cli.command_context import CommandContext

    parser = command.parser()
    args, context = parser.parse_args(arguments), CommandContext.of_process()
    if command.runs_unattended and not getattr(args, "status", False):  # a status is only printed
        from riffusion_tui.cli.printing.streams import accept_closed

        accept_closed()
    if getattr(args, "service", None) or getattr(args, "url", None):
        context = context.with_service(args.service or "", getattr(args, "url", None) or "")
    try:
        return command.module().run(args, context)
    except Exception as error:
        from riffusion_tui.cli.exit_messages import advise_for

        advise_for(error, context)
        raise
